"""A GGUF file as a chat model in this process, through xllamacpp.

One worker thread owns the model: generations queue for it, so the words that two prompts have in
common at their start are read once.
"""

from __future__ import annotations

import math
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from kb.errors import ModelError, PromptTooLong

__all__ = ["Gguf", "Message", "Timings"]

Message = Mapping[str, str]
"""``role`` and ``content``."""

# Between two batches of the prompt the runtime asks whether to stop. On a processor 32 tokens are
# read as fast, token for token, as 512, and take about half a second.
_BATCH = 32
_MOST_THREADS = 8
_LOOKED_AT = 20  # tokens whose probability is asked for
_LONGEST_FOLDER = 70  # bytes; with the socket's name the system allows 104 to 108
_FAILURES = (RuntimeError, ValueError, TypeError, MemoryError, OSError)


@dataclass(frozen=True, slots=True)
class Timings:
    """What one generation took.

    Attributes:
        prompt_tokens: All tokens of the prompt, those included that were known already.
        cached_tokens: Those of them that an earlier prompt had at its start.
        certainty: How probable the first token was to the model, 0 to 1, where ``logprobs`` asked
            for it.
    """

    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    prompt_ms: float
    generated_ms: float
    certainty: float | None = None


class Gguf:
    """A model file, loaded at the first use or by ``warm``; safe to use from many threads.

    Args:
        path: The file.
        context: Tokens of prompt and answer together.
    """

    def __init__(self, path: Path, context: int) -> None:
        self.path = path
        self.context = context
        self.last_timings: Timings | None = None
        self._server: Any = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="gguf")
        self._closing = threading.Event()

    def warm(self) -> None:
        """Load the model if it is not loaded.

        Raises:
            ModelError: The file is not one the runtime can load, or this was closed.
        """
        try:
            self._submit(self._load).result()
        except CancelledError as exc:
            raise self._closed() from exc
        except _FAILURES as exc:
            raise self._failed(exc) from exc

    def generate(
        self,
        messages: Sequence[Message],
        options: Mapping[str, object] | None = None,
        told: list[Mapping[str, Any]] | None = None,
    ) -> Iterator[str]:
        """Yield the answer piece by piece; closing the iterator stops the work within a second.

        Empty pieces come while the prompt is read, so that whoever asks can stop then, too.

        Args:
            messages: The conversation, as it is: see ``kb.models.control.defuse``.
            options: Of the runtime: ``max_tokens``, ``temperature``, ``seed``, ``stop``,
                ``grammar`` (GBNF), ``logprobs``.
            told: Gets what the runtime says with each piece: at the end a ``finish_reason``.

        Raises:
            ModelError: The model cannot be loaded, or failed; ``PromptTooLong`` if it takes fewer
                tokens than the prompt has.
        """
        request = {"messages": [dict(message) for message in messages], **(options or {})}
        request |= {"stream": True, "return_progress": True}
        pieces: SimpleQueue[str | None] = SimpleQueue()
        stopped = threading.Event()
        job = self._submit(self._answer, request, pieces, stopped, told)
        job.add_done_callback(lambda _: pieces.put(None))
        try:
            while (piece := pieces.get()) is not None:
                yield piece
            error = job.result()
        except CancelledError as exc:
            raise self._closed() from exc
        except _FAILURES as exc:
            raise self._failed(exc) from exc
        finally:
            stopped.set()
        if error:
            raise self._refused(error)

    def weigh(self, messages: Sequence[Message], options: Sequence[str]) -> dict[str, float]:
        """Return how probable each of some words is as the first of the answer, 0 to 1.

        A word counts in every spelling that begins with it, upper and lower case the same. What is
        not among the twenty most probable tokens counts as 0.

        Raises:
            ModelError: As for ``generate``.
        """
        found = dict.fromkeys(options, 0.0)
        request = {
            "max_tokens": 1,
            "temperature": 0.0,
            "logprobs": True,
            "top_logprobs": _LOOKED_AT,
        }
        told: list[Mapping[str, Any]] = []
        for _ in self.generate(messages, request, told):
            pass
        tokens = [
            one for choice in told for one in (choice.get("logprobs") or {}).get("content") or ()
        ]
        for token in tokens[0]["top_logprobs"] if tokens else ():
            said = str(token["token"]).strip().casefold()
            for option in options:
                if said and option.casefold().startswith(said):
                    found[option] += math.exp(token["logprob"])
        return found

    def close(self) -> None:
        """Stop what runs and free the model; may be called twice."""
        self._closing.set()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._server = None

    def _submit(self, work: Callable[..., Any], *args: object) -> Future[Any]:
        try:
            return self._worker.submit(work, *args)
        except RuntimeError as exc:  # after a shutdown
            raise self._closed() from exc

    def _load(self) -> None:
        if self._server is None and not self._closing.is_set():
            self._server = _start(self.path, self.context)

    def _answer(
        self,
        request: dict[str, object],
        pieces: SimpleQueue[str | None],
        stopped: threading.Event,
        told: list[Mapping[str, Any]] | None,
    ) -> Mapping[str, Any] | None:
        """Run one request in the worker's thread and return the runtime's error, if any."""
        errors: list[Mapping[str, Any]] = []
        first: list[float] = []

        def take(chunk: Mapping[str, Any]) -> bool:
            if "error" in chunk:
                errors.append(chunk["error"])
            if "prompt_progress" in chunk:
                pieces.put("")
            for choice in chunk.get("choices") or ():
                if text := (choice.get("delta") or {}).get("content"):
                    pieces.put(text)
                if told is not None:
                    told.append(choice)
                logprobs = (choice.get("logprobs") or {}).get("content") or ()
                first.extend(math.exp(one["logprob"]) for one in logprobs[:1] if not first)
            if "timings" in chunk:
                self.last_timings = _timings(chunk["timings"], *first)
            return stopped.is_set() or self._closing.is_set()

        if stopped.is_set():
            return None
        self._load()
        if self._server is not None:
            self._server.handle_chat_completions(request, take)
        return errors[0] if errors else None

    def _refused(self, error: Mapping[str, Any]) -> ModelError:
        if error.get("type") == "exceed_context_size_error":
            return PromptTooLong(
                f"The prompt has {error.get('n_prompt_tokens')} tokens, "
                f"and {self.path.name} takes {error.get('n_ctx')}",
                "Ask a shorter question",
            )
        reason = str(error.get("message") or error)[:200]
        return ModelError(f"The model {self.path.name} refused the request ({reason})")

    def _failed(self, exc: BaseException) -> ModelError:
        reason = str(exc)[:200] or type(exc).__name__
        return ModelError(
            f"The model file {self.path} could not be used ({reason})",
            "Check that it is a whole GGUF chat model and that memory is free",
        )

    def _closed(self) -> ModelError:
        return ModelError(f"The model {self.path.name} was closed", "Open it again")


def _timings(said: Mapping[str, Any], certainty: float | None = None) -> Timings:
    cached = int(said.get("cache_n", 0))
    return Timings(
        prompt_tokens=cached + int(said.get("prompt_n", 0)),
        cached_tokens=cached,
        generated_tokens=int(said.get("predicted_n", 0)),
        prompt_ms=float(said.get("prompt_ms", 0.0)),
        generated_ms=float(said.get("predicted_ms", 0.0)),
        certainty=certainty,
    )


def _threads() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(available or 1, _MOST_THREADS))


def _start(path: Path, context: int) -> Any:
    # Threads that wait for each other by spinning are ten times slower as soon as another program
    # wants a core. OpenMP reads this when it is loaded, which importing torch does as well.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _threads()
    params.verbosity = 0
    # Old conversations would be kept in memory, by default up to 8 GB of them.
    params.cache_ram_mib = 0
    # The runtime always listens, and lets every page of the web ask. So it listens to a key that
    # nobody knows, on a socket in a folder that only this user can enter, and the socket is
    # removed as soon as it is there.
    params.api_keys = [secrets.token_urlsafe(32)]
    params.ui = params.endpoint_slots = params.endpoint_props = False
    if os.name != "posix":
        return xllamacpp.Server(params)
    with tempfile.TemporaryDirectory(prefix="footnoted-", dir=_short_folder()) as folder:
        params.hostnames = [str(Path(folder) / "x.sock")]
        return xllamacpp.Server(params)


def _short_folder() -> str:
    """Return a folder for temporary files whose sockets have paths the system takes."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) < _LONGEST_FOLDER else "/tmp"  # noqa: S108
