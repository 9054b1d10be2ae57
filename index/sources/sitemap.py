"""Sitemaps: which pages a site says it has, also in many files and gzipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from index.errors import ReadError
from index.readers.canonical import one_line
from index.sources.body import GZIP_MAGIC, gunzipped, joined
from index.sources.document import Skipped
from index.sources.fetch import Fetched
from index.sources.urls import host_of, normalised, readable

__all__ = ["ROOTS", "Listed", "Sitemap", "root_of", "xml_of"]

ROOTS = ("urlset", "sitemapindex")
"""The names of a sitemap's outermost element."""

_NESTED_AT_MOST = 2
_HEAD = 65_536  # bytes in which an XML file must begin; one token of megabytes takes long
_PIECE = 262_144
_DEEP = 50
_NO_XML = (expat.ExpatError, LookupError, ValueError)
_XML_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a sitemap names; ``lastmod`` is when it changed, as it says, or ""."""

    url: str
    lastmod: str


def xml_of(answer: Fetched, limit: int) -> bytes:
    """Return the body, unpacked if it is a gzip file.

    Raises:
        ReadError: The gzip is damaged, or holds more than ``limit`` bytes.
    """
    data = answer.body
    if data.startswith(GZIP_MAGIC):
        data = joined(gunzipped([data]), limit)
        if len(data) > limit:
            raise ReadError(f"cannot read {answer.url!r}: unpacked, it has over {limit:,} bytes")
    return data.lstrip(_XML_SPACE)


def root_of(data: bytes) -> str:
    """Return the name of the outermost element, without its namespace; "" if this is no XML."""
    found: list[str] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, _attributes: found.append(_local(name))
    try:
        parser.Parse(data[:_HEAD], False)
    except (*_NO_XML, ReadError):
        pass  # how it goes on after the first element is not the question
    return found[0] if found else ""


class Sitemap:
    """A sitemap, or an index of sitemaps, that was fetched.

    Args:
        get: Fetches the sitemaps that an index names; raises ``ReadError``.
        hosts: Whose pages it may name; another site's are left out.
        limit: Bytes of one sitemap.
        at_most: Pages and sitemaps in all.
    """

    def __init__(
        self, get: Callable[[str], Fetched], hosts: frozenset[str], limit: int, at_most: int
    ) -> None:
        self._get = get
        self._hosts = hosts
        self._limit = limit
        self._at_most = at_most
        self._seen: set[str] = set()

    def pages(self, first: Fetched) -> Iterator[Listed | Skipped]:
        """Yield each page once, and why something is left out.

        What is skipped with a location would have been listed if it could have been read: then
        this is not the whole of it.
        """
        yield from self._pages(first, 0)

    def _pages(self, answer: Fetched, depth: int) -> Iterator[Listed | Skipped]:
        try:
            for kind, link, lastmod in _links(xml_of(answer, self._limit)):
                target = self._target(link, answer.url)
                if isinstance(target, Skipped):
                    yield target
                elif target in self._seen:
                    continue
                elif len(self._seen) >= self._at_most:
                    reason = f"names more than {self._at_most:,} pages; the rest is left out"
                    yield Skipped(readable(answer.url), reason, answer.url)
                    return
                else:
                    self._seen.add(target)
                    nested = self._nested(target, depth + 1)
                    yield from (Listed(target, lastmod),) if kind == "url" else nested
        except _NO_XML as error:
            reason = f"is not valid XML: {error}"
            yield Skipped(readable(answer.url), reason, answer.url)
        except ReadError as error:
            yield Skipped(readable(answer.url), str(error), answer.url)

    def _nested(self, url: str, depth: int) -> Iterator[Listed | Skipped]:
        if depth > _NESTED_AT_MOST:
            yield Skipped(readable(url), "is a sitemap nested too deep", url)
            return
        try:
            answer = self._get(url)
            if answer.body:
                yield from self._pages(answer, depth)
            else:
                yield Skipped(readable(url), "is a sitemap that is not there", url)
        except ReadError as error:
            yield Skipped(readable(url), str(error), url)

    def _target(self, link: str, base: str) -> str | Skipped:
        try:
            target = normalised(link, base)
        except ReadError as error:
            return Skipped(one_line(link, 200), str(error))
        if host_of(target) not in self._hosts:
            return Skipped(readable(target), "is on another host than the sitemap")
        return target


def _links(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield ("url" or "sitemap", address, lastmod) for each entry, as far as it is valid XML."""
    entries = _Entries()
    for begin in range(0, len(data), _PIECE):
        entries.parser.Parse(data[begin : begin + _PIECE], False)
        yield from entries.found
        entries.found.clear()
    entries.parser.Parse(b"", True)


class _Entries:
    """Takes the entries out of what a parser meets; keeps nothing else."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []
        self._names: list[str] = []
        self._known = {"loc": "", "lastmod": ""}
        self.parser = _parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._names) == _DEEP:
            raise ReadError("its elements are nested too deep")
        self._names.append(_local(name))
        if len(self._names) == 2:
            self._known = {"loc": "", "lastmod": ""}

    def _end(self, _name: str) -> None:
        kind = self._names.pop()
        known = {name: value.strip() for name, value in self._known.items()}
        if len(self._names) == 1 and kind in ("url", "sitemap") and known["loc"]:
            self.found.append((kind, known["loc"], known["lastmod"]))

    def _text(self, data: str) -> None:
        # An image in an entry has an address, too, one level below.
        if len(self._names) == 3 and self._names[-1] in self._known:
            self._known[self._names[-1]] += data


def _parser() -> expat.XMLParserType:
    def refuse(*_declared: object) -> None:
        raise ReadError("it defines entities, as no sitemap needs to")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]
