"""Addresses on the web in one form, so that the same page has one location."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

from index.errors import ReadError

__all__ = ["host_of", "normalised", "origin_of", "readable", "suffix_of"]

_LONGEST = 2_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_ESCAPES = re.compile("(?:%[89A-F][0-9A-F])+")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_KEPT = "%/:?@!$&'()*+,;=~-._"


def normalised(url: str, base: str = "") -> str:
    """Return an address without its fragment, in the one form that stands for the page.

    The scheme and host are in lower case, an international name in its ASCII form, the port only
    if it is not the default, the path without dots and needless escapes.

    Args:
        base: The page on which it stood, for an address that is relative to it.

    Raises:
        ReadError: It is not http or https, has a password in it, or is no address at all.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        if "@" in parts.netloc:
            problem = f"cannot read an address of {parts.hostname!r} that holds a name or password"
            raise ReadError(problem, "leave it out of the address")
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS:
            raise ReadError(f"cannot read {_shown(url)}: only http and https can be read")
        netloc = _netloc(parts, _DEFAULT_PORTS[scheme])
    except ValueError as error:  # idna's errors are of this kind, too
        raise ReadError(f"{_shown(url)} is no address of a page: {error}") from error
    path = _without_dots(_escaped(parts.path)) or "/"
    whole = urlunsplit((scheme, netloc, path, _escaped(parts.query), ""))
    if len(whole) > _LONGEST:
        raise ReadError(f"{_shown(url)} has more than {_LONGEST:,} characters")
    return whole


def host_of(url: str) -> str:
    """Return the host of a normalised address."""
    return urlsplit(url).hostname or ""


def origin_of(url: str) -> str:
    """Return the scheme, host and port of a normalised address: ``https://example.org``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def suffix_of(url: str) -> str:
    """Return the ending of the last name in a normalised address, in lower case, or ""."""
    name = urlsplit(url).path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and dot and ending.isalnum() else ""


def readable(url: str) -> str:
    """Return a normalised address as people read it: letters of other scripts not escaped."""
    return _ESCAPES.sub(_letters, url)


def _letters(match: re.Match[str]) -> str:
    text = unquote(match[0], errors="replace")
    return text if text.isprintable() and "\ufffd" not in text else match[0]


def _shown(url: str) -> str:
    return repr(url if len(url) <= 200 else f"{url[:199]}…")


def _netloc(parts: SplitResult, default: int) -> str:
    host = (parts.hostname or "").removesuffix(".")
    port = "" if parts.port in (None, default) else f":{parts.port}"
    if parts.port == 0:
        raise ValueError("port 0 cannot be reached")
    if ":" in host:
        if "%" in host:
            raise ValueError("an address that holds only on one network cannot be read")
        return f"[{IPv6Address(host).compressed}]{port}"
    if not host.isascii():
        host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{host!r} is no name of a host" if host else "it names no host")
    return _canonical_number(host) + port


def _canonical_number(host: str) -> str:
    """Return the host; raise for what a resolver takes for an address but does not look it."""
    if re.fullmatch("[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise ValueError(f"{host!r} is an address in an unusual spelling") from None
    return host


def _escaped(text: str) -> str:
    return _ESCAPE.sub(_needed, quote(re.sub("%(?![0-9a-fA-F]{2})", "%25", text), safe=_KEPT))


def _needed(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    """Return an absolute path with ``.`` and ``..`` carried out, as RFC 3986 has it."""
    done: list[str] = []
    names = path.split("/")[1:]
    for name in names:
        if name == "..":
            del done[-1:]
        elif name != ".":
            done.append(name)
    if names and names[-1] in (".", ".."):
        done.append("")
    return f"/{'/'.join(done)}"
