"""Lines of JSON Lines files that somebody else wrote: read leniently, refused by file and line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kb.errors import SourceError

__all__ = ["Row", "rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One JSON object; a value that is missing, null or "" counts as not given.

    Every method raises ``SourceError``, with file and line, for a value of another type.

    Attributes:
        where: The file and the number of the line: "qrels.jsonl:12".
    """

    where: str
    values: dict[str, Any]

    def given(self, key: str) -> bool:
        """Say whether there is a value."""
        return self.values.get(key) not in (None, "")

    def needed(self, key: str) -> str:
        """Return a text that has to be there."""
        return self.text(key) or self._refuse(f"{self.where} has no {key}")

    def text(self, key: str) -> str:
        """Return a text, or a number as it is written; "" without."""
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._refuse(f"the {key} at {self.where} is not text")
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, or a single text as a list; none without."""
        value = self.values.get(key)
        if not isinstance(value, list):
            value = [value]
        if any(isinstance(one, bool | list | dict) for one in value):
            self._refuse(f"the {key} at {self.where} are not texts")
        return tuple(str(one) for one in value if one is not None and one != "")

    def number(self, key: str) -> float | None:
        """Return a finite number, also one that is written as text; None without."""
        if not self.given(key):
            return None
        value = self.values[key]
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            self._refuse(f"the {key} at {self.where} is not a number: {value!r}")
        return number

    def truth(self, key: str, without: bool) -> bool:
        """Return true or false; ``without`` where neither is given."""
        if not self.given(key):
            return without
        value = self.values[key]
        if not isinstance(value, bool):
            self._refuse(f"the {key} at {self.where} is neither true nor false: {value!r}")
        return value

    def _refuse(self, problem: str) -> NoReturn:
        raise SourceError(problem, "correct the line, or take it out")


def rows(file: Path) -> Iterator[Row]:
    """Yield the objects of a file in JSON Lines; empty lines are passed over.

    Raises:
        SourceError: The file cannot be read, or a line is not a JSON object.
    """
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    where = f"{file.name}:{number}"
                    yield Row(where, _parsed(line, where))
    except OSError as error:
        raise SourceError(
            f"cannot read {str(file)!r}: {error.strerror}",
            "an evaluation set is a folder with corpus.jsonl, queries.jsonl and qrels.jsonl",
        ) from error


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where} is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise SourceError(f"{where} is not a JSON object", "a line is one object")
    return record
