"""Text from outside as plain words: nothing in it that is not seen, and nothing that fetches.

An article's text reaches a model, and through quotes and drafts the answer, which others may show
as Markdown. An image there is fetched as soon as it is shown, and its address can carry out what
was asked; characters that nobody sees can say to a model what no reader of the article can read.
"""

from __future__ import annotations

import re

__all__ = ["addresses", "plain"]

# What no writing needs, and what hides text or turns it around: zero-width space and word joiner,
# marks of direction, the soft hyphen, the signs of Unicode's tags (an alphabet without shapes) and
# what selects the shape of nothing. Joiners stay: Persian, Hindi and emoji are written with them.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
    "|[\ufe00-\ufe0f]{2,}"  # one chooses an emoji's shape, more spell out bytes
    r"|(?<=[\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|$)"  # joins nothing there
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f")  # Wales, in tags
_TARGET = (
    r"\((?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_IMAGE = re.compile(rf"!\[([^\[\]]*)\]{_TARGET}")
_LINK = re.compile(rf"\[([^\[\]]*)\]{_TARGET}")
_HALF_LINK = re.compile(r"\](?=\()")
_HALF_IMAGE = re.compile(r"!(?=\[(?!\s*\d))")  # "They won![1]" has a marker
_ACTIVE = re.compile(r"<(?=/?[A-Za-z][\w:-]*[\s/][^<>]*=)")
_ADDRESS = re.compile(r"\b(?:https?|ftp|wss?|file|data|mailto|javascript):[^\s<>\"'”’»]+", re.I)
_AFTER_ADDRESS = ".,;:!?)]}…"


def plain(text: str) -> str:
    """Return the text without what is not seen, links as their words, images as what they show.

    What is left of a link that is not whole is broken by a space, and so is a tag of HTML with
    attributes, so that no Markdown makes a link or an image of it.
    """
    seen = _UNSEEN.sub("", _FLAG.sub("\U0001f3f4", text))
    seen = _LINK.sub(_words, _IMAGE.sub(_words, seen))
    return _ACTIVE.sub("< ", _HALF_IMAGE.sub("! ", _HALF_LINK.sub("] ", seen)))


def _words(match: re.Match[str]) -> str:
    """Return the words of a link or an image; a number keeps its brackets: a draft may mark so."""
    words = match.group(1)
    return f"[{words}]" if words.strip().isdigit() else words


def addresses(text: str) -> set[str]:
    """Return the addresses in a text, without the punctuation after them."""
    return {match.group().rstrip(_AFTER_ADDRESS) for match in _ADDRESS.finditer(text)}
