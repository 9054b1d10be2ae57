"""A knowledge base that another process has open, asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from kb import Answer, Article, Chip, Delta, Event, Filter, Found, Hit, KBError, Passage
from kb.recall import answer_of, cited_of

if TYPE_CHECKING:
    from datetime import date

    import httpx

    from kb import Cited, Conversation

__all__ = ["RemoteKnowledgeBase"]

_ANSWERS_WITHIN = 600.0  # seconds for a question whose turn comes late
_CONNECTS_WITHIN = 5.0
_REFERENCE = ("id", "uri", "title", "source", "author", "published_at", "url", "language")


class RemoteKnowledgeBase:
    """The part of ``kb.KnowledgeBase`` that asks, over the HTTP API of a server.

    Args:
        address: Of the server, as ``http://127.0.0.1:7860``.
        token: What it is asked with, if it asks who is there.
        model: Of those that the server offers, which answers.

    Raises:
        KBError: The address is none; each method, too: the server does not answer, or says why it
            cannot.
    """

    def __init__(self, address: str, token: str | None = None, *, model: str | None = None) -> None:
        import httpx

        self._address = address.rstrip("/")
        if not self._address.startswith(("http://", "https://")):
            raise KBError(f"{address!r} is no address", "give one like http://127.0.0.1:7860")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = httpx.Timeout(_ANSWERS_WITHIN, connect=_CONNECTS_WITHIN)
        self._client = httpx.Client(
            base_url=f"{self._address}/api/v1", headers=headers, timeout=timeout, trust_env=False
        )
        self._article = cache(self._read)
        self._model = {"model": model} if model else {}

    def stream(
        self, question: str, conversation: Conversation | None = None, **options: Any
    ) -> Generator[Event, None, None]:
        """Yield what ``KnowledgeBase.stream`` does; only a first question can be asked like this.

        Args:
            options: As for ``KnowledgeBase.stream``.
        """
        if conversation and conversation.answers:
            raise KBError("follow-ups are not asked of a server", "use its page")
        body = {"question": question, **_plain({**self._model, **options})}
        headers = {"Accept": "text/event-stream"}
        with self._asked("POST", "/ask", json=body, headers=headers) as reply:
            for name, data in _events(reply.iter_lines()):
                if name == "found":
                    yield Found(data["standalone"], self._hits(data), _chips(data))
                elif name == "delta":
                    yield Delta(data["text"], data["short"] or "")
                elif name == "answer":
                    yield answer_of(data, self._article)
                    return
                elif name == "problem":
                    raise KBError(data["detail"].rstrip("."))
                else:
                    yield Delta("")
        raise KBError(f"the server at {self._address} broke off", "ask again")

    def ask(
        self, question: str, conversation: Conversation | None = None, **options: Any
    ) -> Answer:
        """Return the answer at the end of ``stream``."""
        *_, answer = self.stream(question, conversation, **options)
        assert isinstance(answer, Answer)
        return answer

    def search(self, question: str, limit: int = 10, **options: Any) -> list[Hit]:
        """Return what ``KnowledgeBase.search`` does."""
        body = {"question": question, "limit": limit, **_plain(options)}
        return list(self._hits(self._json("POST", "/search", json=body)))

    def chips(
        self, question: str, *, now: str | date | None = None, without: Iterable[str] = ()
    ) -> tuple[Chip, ...]:
        """Return what ``KnowledgeBase.chips`` does."""
        body = {"question": question, "limit": 1, **_plain({"now": now, "without": without})}
        return _chips(self._json("POST", "/search", json=body))

    def cite(
        self,
        text: str,
        *,
        progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> Cited:
        """Return what ``KnowledgeBase.cite`` does; it is not stopped, nor is progress told."""
        record = self._json("POST", "/cite", json={"text": text, **_plain(options)})
        return cited_of(record, self._article)

    def why_nothing(self, wanted: Filter) -> str | None:
        """Return nothing: a server tells it with a refusal."""
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _read(self, id: str) -> Article | None:
        """Return an article with its text, which its quotes are cut out of."""
        record = self._json("GET", "/article", params={"id": id})
        known = {name: record[name] for name in _REFERENCE}
        return Article(**known, text=record["text"], pages=tuple(record["pages"]))

    def _hits(self, record: dict[str, Any]) -> tuple[Hit, ...]:
        return tuple(self._hit(one) for one in record["hits"])

    def _hit(self, one: dict[str, Any]) -> Hit:
        article = Article(**one["article"], text="")
        if one["page"] is not None:
            article = self._read(article.id) or article
        span = (one["start"], one["end"], one["text"], one["heading"])
        return Hit(
            Passage(one["passage_id"], article.id, *span),
            article,
            one["score"],
            one["similarity"],
            copies=tuple(Article(**copy, text="") for copy in one["copies"]),
            signals=tuple(one.get("signals", {}).items()),
        )

    def _json(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        with self._asked(method, path, **body) as reply:
            found: dict[str, Any] = json.loads(reply.read())
            return found

    @contextmanager
    def _asked(self, method: str, path: str, **body: Any) -> Iterator[httpx.Response]:
        import httpx

        try:
            with self._client.stream(method, path, **body) as reply:
                if reply.is_error:
                    raise KBError(_told(reply.read(), reply.status_code))
                yield reply
        except httpx.HTTPError as error:
            raise KBError(
                f"the server at {self._address} does not answer: {error}", "start it: kb serve"
            ) from error


def _told(body: bytes, status: int) -> str:
    try:
        return str(json.loads(body)["detail"]).rstrip(".")
    except (ValueError, KeyError, TypeError):
        return f"the server answered with status {status}"


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Server-Sent Events of these lines."""
    name, data = "", ""
    for line in lines:
        if line.startswith(":"):
            yield "at work", {}
        elif line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and name:
            yield name, json.loads(data)
            name = data = ""


def _chips(record: dict[str, Any]) -> tuple[Chip, ...]:
    return tuple(Chip(**one) for one in record["chips"])


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """Return options as JSON has them, without those that are not given."""
    given = {name: value for name, value in options.items() if value not in (None, (), [], False)}
    return {
        name: value
        if isinstance(value, str | bool)
        else list(value)
        if isinstance(value, Iterable)
        else str(value)
        for name, value in given.items()
    }
