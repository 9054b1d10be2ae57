"""How large a request may be: its bytes are counted as they come, before anything reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.api.service import Limits

__all__ = ["Bounded"]

_UPLOADS = "/api/v1/uploads"
_AROUND = 100_000  # bytes of a form around the document in it
_OPENAI = "/v1/"


class _TooLarge(Exception):
    """The body goes on after the last byte that it may have."""


class Bounded:
    """Wraps an ASGI app; what is sent to it has no more bytes than it may have, or is a 413."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as far as it is not too large; a length that is told is believed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        uploads = scope["path"] == _UPLOADS
        most = self._limits.upload + _AROUND if uploads else self._limits.body
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and (len(told) > len(str(most)) or int(told) > most):
            await _refusal(scope["path"], most)(scope, receive, send)
            return
        counter = _Counter(receive, send, most)
        try:
            await self._app(scope, counter.receive, counter.send)
        except Exception:  # whatever the app makes of a body that breaks off
            if not counter.exceeded:
                raise
        if counter.exceeded and not counter.begun:
            await _refusal(scope["path"], most)(scope, receive, send)


class _Counter:
    """One request: what has come of it, and whether it is answered."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.exceeded = self.begun = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.exceeded = True
                raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if self.exceeded and not self.begun:
            return  # nor is this what there is to tell
        self.begun = True
        await self._send(message)


def _refusal(path: str, most: int) -> Response:
    """Return what is too large in the words of the door that it came to."""
    from ui.api.completions import refused
    from ui.api.problems import problem

    told = f"The body of a request has at most {most:,} bytes here."
    headers = {"Connection": "close"}  # the rest of it is not read
    if path.startswith(_OPENAI):
        return refused(413, told, headers)
    return problem(413, "too large", told, headers)
