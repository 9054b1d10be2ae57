"""Which models a question may be answered by, and the chain of each, made when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from kb.ask import Chain
from kb.errors import QuestionError

__all__ = ["Choice", "Choices", "told"]

_TOLD = {
    "quotes": "no model: the articles' own sentences, at once",
    "local": "a small model on this machine; takes some seconds",
    "gguf": "a model file on this machine",
    "ollama": "a model that Ollama runs",
    "openai": "a model behind an address: question and sentences are sent there",
    "anthropic": "a model of Anthropic: question and sentences are sent there",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that may be chosen.

    Attributes:
        name: As it is asked for.
        told: What it means, in a line; empty where nothing is known of it.
    """

    name: str
    told: str


def told(name: str) -> str:
    """Return what a model means, in a line, by its provider."""
    return _TOLD.get(name.partition(":")[0], "")


class Choices:
    """The chains that may answer; what a request names is looked up here and never opened.

    Args:
        name: Of the default.
        default: Its chain.
        others: What makes the chains of the others, by name.
    """

    def __init__(
        self, name: str, default: Chain, others: Mapping[str, Callable[[], Chain]]
    ) -> None:
        self.default = default
        self._name = name
        self._others = {other: make for other, make in others.items() if other != name}
        self._made = {name: default}
        self._lock = Lock()

    def known(self) -> tuple[Choice, ...]:
        """Return what may be chosen, the default first."""
        return tuple(Choice(name, told(name)) for name in (self._name, *self._others))

    def chain(self, name: str | None) -> Chain:
        """Return the chain of a model, without a name the default.

        Raises:
            QuestionError: This model may not be chosen.
            ModelError: Its file, its key or its packages are missing.
        """
        if not name:
            return self.default
        with self._lock:
            if name not in self._made:
                if name not in self._others:
                    known = ", ".join(one.name for one in self.known())
                    raise QuestionError(
                        f"no model {name[:80]!r} may be chosen here", f"choose one of {known}"
                    )
                self._made[name] = self._others[name]()
            return self._made[name]

    def close(self) -> None:
        """Free the models; may be called twice."""
        with self._lock:
            for chain in self._made.values():
                chain.writer.close()
