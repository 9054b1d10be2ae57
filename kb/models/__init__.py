"""``open_llm("provider:name")``: a language model as LlamaIndex knows them, from any provider."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

__all__ = ["ModelSettings", "open_llm"]

_CHOICES = "local, gguf:PATH, ollama:NAME, openai:NAME or anthropic:NAME"


class ModelSettings(Protocol):
    """What opening a model needs to know.

    Attributes:
        models_dir: Where ``kb models pull`` puts model files.
        base_url: The address of a server, where it is not the provider's usual one.
        api_key: Where the key is not in the provider's usual environment variable.
        timeout: Seconds of silence after which a server is given up.
    """

    @property
    def models_dir(self) -> Path: ...
    @property
    def base_url(self) -> str | None: ...
    @property
    def api_key(self) -> str | None: ...
    @property
    def timeout(self) -> float: ...


def open_llm(name: str, settings: ModelSettings) -> LLM:
    """Return the language model of this name; nothing is loaded and no server is asked yet.

    Args:
        name: ``local``, ``gguf:PATH``, ``ollama:NAME``, ``openai:NAME`` or ``anthropic:NAME``.

    Raises:
        ModelError: The name is unknown, its file is missing or altered, its key or its optional
            packages are missing; the message says what to do.
    """
    provider, _, rest = name.strip().partition(":")
    if name.strip() != "local" and (provider not in ("gguf", *_SERVERS) or not rest):
        raise ModelError(f"There is no model {name!r}", f"Choose {_CHOICES}")
    if provider == "local":
        from kb.models.weights import LOCAL, verified

        return _open_file(verified(LOCAL, settings.models_dir), LOCAL)
    if provider == "gguf":
        file = Path(rest).expanduser()
        if not file.is_file():
            raise ModelError(f"There is no model file {rest!r}", "Give the path of a GGUF file")
        return _open_file(file, file.stem)
    try:
        return _SERVERS[provider](rest, settings)
    except ImportError as exc:
        raise ModelError(
            f"The model {name} needs packages that are not installed ({exc})",
            f'Run `pip install "footnoted[{provider}]"`',
        ) from exc


def _open_file(file: Path, name: str) -> LLM:
    from kb.models.local import LocalLLM

    return LocalLLM(model_path=str(file), model_name=name)


def _ollama(name: str, settings: ModelSettings) -> LLM:
    from kb.models.ollama import open_ollama

    return open_ollama(name, settings.base_url, settings.timeout)


def _openai(name: str, settings: ModelSettings) -> LLM:
    from kb.models.openai import open_openai

    return open_openai(name, settings.base_url, settings.api_key, settings.timeout)


def _anthropic(name: str, settings: ModelSettings) -> LLM:
    from kb.models.anthropic import open_anthropic

    return open_anthropic(name, settings.base_url, settings.api_key, settings.timeout)


_SERVERS = {"ollama": _ollama, "openai": _openai, "anthropic": _anthropic}
