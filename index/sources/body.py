"""The bytes of an answer, unpacked piece by piece, so that a small one cannot become a huge one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from index.errors import ReadError

__all__ = ["GZIP_MAGIC", "gunzipped", "joined", "unpacked"]

GZIP_MAGIC = b"\x1f\x8b"

_PIECE = 65_536


def joined(pieces: Iterable[bytes], limit: int) -> bytes:
    """Return the pieces in one, of what is too long no more than ``limit`` + 1 bytes."""
    taken = bytearray()
    for piece in pieces:
        taken += piece[: limit + 1 - len(taken)]
        if len(taken) > limit:
            break
    return bytes(taken)


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    """Return the pieces without their Content-Encoding, which may be gzip or none.

    Raises:
        ReadError: It is another, or at iteration, the gzip is damaged.
    """
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return gunzipped(pieces)
    raise ReadError(f"it comes in the encoding {encoding!r}, which was not asked for")


def gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is in a gzip file, in small pieces, some of them empty.

    Raises:
        ReadError: It is damaged or ends too early.
    """
    unzip, begun = zlib.decompressobj(wbits=31), False
    for piece in pieces:
        rest = piece
        while rest:
            begun = True
            try:
                yield unzip.decompress(rest, _PIECE)
            except zlib.error as error:
                raise ReadError(f"its gzip is damaged: {error}") from error
            rest = unzip.unconsumed_tail
            if unzip.eof:  # what follows is another member, which counts to the same text
                rest = unzip.unused_data
                unzip, begun = zlib.decompressobj(wbits=31), False
    if begun:
        raise ReadError("its gzip ends too early")
