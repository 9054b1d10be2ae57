"""What is remembered of a page, so that the next look can be short."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

__all__ = ["Stamp", "body_digest"]

_VERSION = 2  # grows when a page is to be read again though it is the same
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a page is the same; every part may be missing.

    Attributes:
        etag: As the server gave it.
        modified: Its Last-Modified, likewise.
        lastmod: What the sitemap says.
        digest: Of the body, for servers that give nothing.
        excerpt: Whether what was read is the feed's text and not the page.
    """

    etag: str = ""
    modified: str = ""
    lastmod: str = ""
    digest: str = ""
    excerpt: bool = False

    def __str__(self) -> str:
        """The stamp as it is remembered; "" if there is nothing in it."""
        parts = [self.etag, self.modified, self.lastmod, self.digest]
        if not any(parts):
            return ""
        kept = [part if len(part) <= _LONGEST else "" for part in parts]
        return json.dumps([_VERSION, *kept, int(self.excerpt)], separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Stamp:
        """Return what was remembered; an empty stamp for "" and for another version's."""
        try:
            version, etag, modified, lastmod, digest, excerpt = json.loads(text)
        except (ValueError, TypeError):
            return cls()
        if version != _VERSION:
            return cls()
        return cls(etag, modified, lastmod, digest, bool(excerpt))


def body_digest(*parts: bytes | str) -> str:
    """Return 32 hexadecimal digits that stand for these bytes and texts, in order."""
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "replace")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()
