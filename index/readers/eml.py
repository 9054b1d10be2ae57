"""An email, above all a newsletter: what its headers say, and its text without attachments."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line, web_address, web_date
from index.readers.encoding import lenient
from index.readers.html import html_text
from index.readers.metadata import Metadata

__all__ = ["read_eml"]

# The parser passes every line through all parts that it is inside of, and goes down one level of
# Python's stack for each; attachments that are emails count like parts.
_PARTS = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.I | re.M)
_PARTS_AT_MOST = 30

_HEADER_AT_MOST = 2_000  # characters; what is longer is cut

_EXPECTED = ("from", "subject", "date", "to", "message-id", "received", "mime-version")
_CHARSET = re.compile(r"charset\*?\s*=\s*\"?(?:[\w-]*'[\w-]*')?([\w.:-]{1,40})", re.I)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"https?://\S+")

# A plain part that is this much shorter than the HTML part only says "open this in a browser".
_STUB = 3


def read_eml(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of an email: its subject is the title, its sender the author.

    The text is the plain part, or the HTML part if the plain one is missing or a stub. The source
    is the mailing list if it has a name, else the sender's domain. Nothing is fetched.

    Raises:
        ReadError: The file is no email, too large or too deeply nested, or has no text.
    """
    message = _parsed(file.read(TEXT_AT_MOST + 1), uri)
    if not any(name in message for name in _EXPECTED):
        raise ReadError(f"{uri!r} is not an email: it has no From, Subject or Date")
    text = _text(message, uri)
    if not text:
        raise ReadError(f"{uri!r} has no text, only attachments or nothing")
    metadata = Metadata(uri)
    _offer_headers(message, metadata)
    yield metadata.article(id, text)


def _parsed(data: bytes, uri: str) -> Message:
    if len(data) > TEXT_AT_MOST:
        raise ReadError(
            f"{uri!r} has more than the {TEXT_AT_MOST:,} bytes of one email",
            "save it without its attachments",
        )
    if sum(1 for _ in _PARTS.finditer(data)) > _PARTS_AT_MOST:
        raise ReadError(f"{uri!r} has more than {_PARTS_AT_MOST} parts that hold parts")
    try:
        # The newer policies read headers by a grammar that hostile ones bring to a stop.
        return message_from_bytes(data, policy=policy.compat32)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise ReadError(f"{uri!r} is not an email: {type(error).__name__}") from error


def _offer_headers(message: Message, metadata: Metadata) -> None:
    name, address = _sender(_raw(message, "from"))
    metadata.offer("title", _readable(_raw(message, "subject")), "Subject header")
    metadata.offer("author", _readable(name) or address, "From header")
    metadata.offer("source", _list_name(_raw(message, "list-id")), "List-Id header")
    metadata.offer("source", address.rpartition("@")[2], "From header")
    metadata.offer("published_at", web_date(_raw(message, "date")), "Date header")
    for header in ("Archived-At", "List-Archive"):
        bracketed = _IN_BRACKETS.search(_raw(message, header))
        written = bracketed.group(1) if bracketed else _raw(message, header)
        metadata.offer("url", web_address(written), f"{header} header")
    metadata.offer("language", _raw(message, "content-language"), "Content-Language header")


def _sender(raw: str) -> tuple[str, str]:
    try:
        return parseaddr(raw)
    except RecursionError:  # hundreds of comments inside each other
        return "", ""


def _list_name(raw: str) -> str:
    """Return the description of a mailing list; its id alone is for programs."""
    return _readable(raw.partition("<")[0]).strip("\"' ") if "<" in raw else ""


def _raw(message: Message, name: str) -> str:
    """Return a header as it was sent, on one line, its bytes above ASCII decoded."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            sent = str(value)[:_HEADER_AT_MOST].encode("ascii", "surrogateescape")
            return " ".join(lenient(sent).split())
    return ""


def _readable(raw: str) -> str:
    """Return a header with its encoded words decoded; one that cannot be stays as it is."""
    try:
        pieces = decode_header(raw)
    except (MessageError, ValueError, LookupError):
        return one_line(raw)
    return one_line("".join(_piece(piece, charset) for piece, charset in pieces))


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:  # decode_header hands over what is around encoded words in this form
        return piece.decode("raw-unicode-escape", "replace")
    return lenient(piece, charset)


def _text(message: Message, uri: str) -> str:
    """Return the plain text of the parts that are shown, or if it is a stub, that of the HTML."""
    plain: list[str] = []
    rich: list[str] = []
    for part in _shown(message):
        content = _raw(part, "content-type") or "text/plain"
        kind = content.partition(";")[0].strip().lower()
        if kind not in ("text/plain", "text/html"):
            continue
        charset = _CHARSET.search(content)
        body = lenient(_payload(part), charset.group(1) if charset else "")
        (plain if kind == "text/plain" else rich).append(body)
    text = canonical("\n\n".join(plain))
    if not rich:
        return text
    html = canonical("\n\n".join(html_text(body, uri) for body in rich))
    return html if len(_ADDRESS.sub("", text)) * _STUB < len(html) else text


def _payload(part: Message) -> bytes:
    encoded = _raw(part, "content-transfer-encoding").lower() == "base64"
    if encoded:
        del part["content-transfer-encoding"]  # what it cannot decode whole, it would not decode
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not encoded:
        return data
    letters = _NOT_BASE64.sub(b"", data)
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return b64decode(whole + b"=" * (-len(whole) % 4))


def _shown(message: Message) -> Iterator[Message]:
    """Yield the parts that hold text and are no attachments, in order."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if _raw(part, "content-disposition").lower().startswith("attachment"):
            continue
        if not part.is_multipart():
            yield part
        elif not _raw(part, "content-type").lower().startswith("message/"):
            inside: Any = part.get_payload()
            waiting += [one for one in reversed(inside) if isinstance(one, Message)]
