"""What a host's robots.txt allows, and how long it wants to be left alone between requests."""

from __future__ import annotations

import math
import re

from protego import Protego

__all__ = ["NAME", "Robots"]

NAME = "footnoted"
"""The name under which robots.txt may give rules to this program."""

_AGENT = re.compile(r"(\s*user\s*-?\s*agent\s*:?\s*)([^#]*)", re.I)


class Robots:
    """The rules of one robots.txt.

    Args:
        status: What the request for it was answered with: no such file allows everything, and a
            server that cannot say allows nothing (RFC 9309).
        body: What was sent; half a megabyte is all that need be looked at.
    """

    def __init__(self, status: int, body: bytes) -> None:
        self._unknown = status == 429 or status >= 500
        text = body.decode("utf-8-sig", "replace") if status == 200 else ""
        self._rules = Protego.parse(_without_others(text))

    def forbids(self, url: str) -> str | None:
        """Return why a page may not be read, or None."""
        if self._unknown:
            return "the site's robots.txt cannot be had"
        return None if self._rules.can_fetch(url, NAME) else "the site's robots.txt forbids it"

    @property
    def delay(self) -> float:
        """Seconds between two requests; 0 if it does not say."""
        delay = self._rules.crawl_delay(NAME)
        return delay if delay is not None and math.isfinite(delay) and delay > 0 else 0.0


def _without_others(text: str) -> str:
    """Return the text with one name for all other programs.

    The parser keeps every rule once for each name above it: half a megabyte of them would fill the
    memory. It also takes the beginning of a name for the name, which the standard does not.
    """
    return "\n".join(_AGENT.sub(_named, line, count=1) for line in text.splitlines())


def _named(match: re.Match[str]) -> str:
    name = match[2].strip().lower().partition("/")[0]
    return match[1] + (name if name in ("*", NAME) else "another")
