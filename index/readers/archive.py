"""Documents that are ZIP files of XML, opened without trust: every size and number is bounded."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import unquote

from index.errors import ReadError
from index.readers.canonical import one_line

__all__ = ["Archive", "TooLarge", "name_of", "parsed", "resolved"]

_PARTS_AT_MOST = 10_000
_UNPACKED_AT_MOST = 150_000_000  # bytes read from one archive, of all its parts together
_PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")

# What zipfile raises on archives that are cut off or that lie about their own structure.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError)
_UNKNOWN = (NotImplementedError, RuntimeError)


class TooLarge(ReadError):
    """An archive unpacks to more than any document has; none of it is worth reading."""


class Archive:
    """The parts of a ZIP file by name, in memory; nothing is ever written to a disk.

    Args:
        file: The bytes of the archive.
        uri: Where they came from, for messages.
        kind: What the file should be, for messages: "a DOCX".

    Raises:
        ReadError: It is not a ZIP file, is damaged or has too many parts.
    """

    def __init__(self, file: BinaryIO, uri: str, kind: str) -> None:
        self._uri, self._kind = uri, kind
        self._left = _UNPACKED_AT_MOST
        try:
            self._zip = zipfile.ZipFile(file)
        except (*_BROKEN, *_UNKNOWN) as error:
            raise _no_archive(file, uri, kind) from error
        if len(self._zip.infolist()) > _PARTS_AT_MOST:
            self._zip.close()
            raise ReadError(f"{uri!r} has more than {_PARTS_AT_MOST:,} parts")

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            ReadError: There is no such part, or it is damaged or encrypted.
            TooLarge: With it, more would have been read than one document has.
        """
        shown = one_line(name, 100)
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise ReadError(
                f"{self._uri!r} is not {self._kind}, or not a whole one: it has no part {shown!r}"
            )
        if info.flag_bits & 1:
            raise ReadError(f"{self._uri!r} is encrypted", "save it without a password")
        if info.compress_type not in _PACKED_AS:
            raise ReadError(f"{shown!r} in {self._uri!r} is packed in an unknown way")
        if info.file_size > self._left:
            raise self._too_large()
        try:
            with self._zip.open(info) as part:
                data = part.read(self._left + 1)
        except (*_BROKEN, *_UNKNOWN) as error:
            raise ReadError(f"{shown!r} in {self._uri!r} is damaged") from error
        if len(data) > self._left:
            raise self._too_large()
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Any:
        """Return the root element of a part.

        Raises:
            ReadError: As for ``read``, and if it is not well-formed XML that can be trusted.
        """
        return parsed(self.read(name), f"{one_line(name, 100)!r} in {self._uri!r}")

    def _too_large(self) -> TooLarge:
        return TooLarge(f"{self._uri!r} unpacks to more than {_UNPACKED_AT_MOST:,} bytes")


def _no_archive(file: BinaryIO, uri: str, kind: str) -> ReadError:
    file.seek(0)
    if file.read(len(_OLD_OFFICE)) == _OLD_OFFICE:
        return ReadError(
            f"{uri!r} is not {kind}, but has a password or the form of before 2007",
            "save it as .docx, without a password",
        )
    return ReadError(
        f"{uri!r} is not {kind}: it is no ZIP file, or was cut off",
        "look whether it opens in the program that made it",
    )


def parsed(data: bytes, where: str) -> Any:
    """Return the root element of this XML; entities are not expanded, and nothing is fetched.

    Raises:
        ReadError: It is not well-formed, nested too deeply, or defines entities of its own.
        MemoryError: It is too large for the memory there is.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error  # libxml2 calls it "unknown error"
        raise ReadError(f"{where} is not valid XML: {one_line(str(error), 120)}") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ReadError(f"{where} defines entities of its own, which no such document needs")
    return root


def name_of(element: Any) -> str:
    """Return the name of an element or attribute without its namespace; "" for an entity."""
    tag = element if isinstance(element, str) else element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def resolved(base: str, reference: str) -> str:
    """Return the name of the part that a reference in the part ``base`` means.

    A reference that leads out of the archive names no part, and is looked for in vain.
    """
    path = unquote(reference.split("#", 1)[0])
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
