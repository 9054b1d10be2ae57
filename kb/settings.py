"""What can be set: flags over ``KB_*`` over ``kb.toml`` in the home over these defaults."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.embedders import AUTO as OWN_EMBEDDER
from index.rerankers import AUTO as AUTO_RERANKER
from kb.errors import SettingsError
from kb.verifiers import WORDS

__all__ = ["Settings", "load_settings"]

_PREFIX = "KB_"
_FILE = "kb.toml"
_ELSEWHERE = ("openai", "anthropic")
_TOGETHER = 8
# Read by the tests, and by the command line.
_NOT_OURS = {"KB_BROWSER", "KB_SCREENSHOTS", "KB_SERVER", "KB_TOKEN"}


class Settings(BaseModel):
    """The settings of a knowledge base; each is also ``KB_`` and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    home: Path = Field(default_factory=lambda: user_data_path("footnoted") / "home")
    model: str = "auto"
    models: tuple[str, ...] = ("quotes", "local")
    embedder: str = OWN_EMBEDDER
    models_dir: Path = Field(default_factory=lambda: user_data_path("footnoted") / "models")
    base_url: str | None = None
    api_key: str | None = Field(default=None, repr=False)
    timeout: float = Field(default=120.0, gt=0)
    fallback: Literal["quotes", "none"] = "quotes"
    passages: int = Field(default=10, ge=1, le=100)
    ranking: Literal["all", "words", "vectors"] = "all"
    reranker: str = AUTO_RERANKER
    rerank_depth: int = Field(default=16, ge=1, le=200)
    verifier: str = WORDS
    min_similarity: float = Field(default=0.4, ge=-1, le=1)
    min_confidence: float = Field(default=0.17, ge=0, le=1)
    show_unsupported: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    auth: Path | None = None
    url: str | None = None
    questions_at_once: int | None = Field(default=None, ge=1, le=1_000)
    questions_waiting: int = Field(default=64, ge=0, le=100_000)
    requests_per_minute: int = Field(default=6_000, ge=1)
    upload_megabytes: int = Field(default=50, ge=1, le=2_000)

    @field_validator("models", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names with commas between, as a variable of the environment has them."""
        if not isinstance(value, str):
            return value
        return [one.strip() for one in value.split(",") if one.strip()]

    @property
    def at_once(self) -> int:
        """How many questions a server answers at once.

        Where that is not set, eight if other machines write the answers, and one if this one does:
        two would only take its cores from each other.
        """
        elsewhere = self.model.partition(":")[0] in _ELSEWHERE
        return self.questions_at_once or (_TOGETHER if elsewhere else 1)


def load_settings(home: str | Path | None = None, **overrides: Any) -> Settings:
    """Return the settings in force; an override of None counts as not given.

    Raises:
        SettingsError: A key is unknown, a value cannot be used, or ``kb.toml`` is not TOML.
    """
    given = {key: value for key, value in overrides.items() if value is not None}
    _refuse_unknown(given, "")
    environment = _environment()
    folder = _expanded(home or environment.get("home") or Settings().home)
    values = {**_file(folder / _FILE), **environment, **given, "home": folder}
    try:
        settings = Settings(**values)
        return settings.model_copy(update={"models_dir": _expanded(settings.models_dir)})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        raise SettingsError(
            f"the setting {key} cannot be {values.get(key)!r}: {first['msg']}"
        ) from error


def _expanded(path: str | Path) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"there is no such user's folder: {str(path)!r}") from error


def _refuse_unknown(values: dict[str, Any], where: str) -> None:
    for key in values:
        if key not in Settings.model_fields:
            near = get_close_matches(key, Settings.model_fields, 1)
            known = ", ".join(sorted(Settings.model_fields))
            raise SettingsError(
                f"there is no setting {key!r}{where}",
                f"did you mean {near[0]}" if near else f"the settings are {known}",
            )


def _environment() -> dict[str, Any]:
    values = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in os.environ.items()
        if name.startswith(_PREFIX) and name not in _NOT_OURS and value
    }
    _refuse_unknown(values, " (in the environment, with KB_ in front)")
    return values


def _file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read the settings in {str(path)!r}: {error}") from error
    _refuse_unknown(values, f" (in {str(path)!r})")
    return values
