"""A sentence of the news told a little otherwise, by rules that keep it true."""

from __future__ import annotations

import re

__all__ = ["retold"]

_NAME = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*"
_WHEN = r"(?:On|In|At|After|Before|During|Since|By|Last|Earlier)\b"
_FRONT = re.compile(rf"(?P<front>{_WHEN}[^,;:“”\"]{{3,50}}), (?P<main>[^“”\"]+)")
_SAID = re.compile(
    rf"[“\"](?P<what>[^“”\"]+),[”\"] (?:(?P<who>{_NAME}) said|said (?P<whom>{_NAME}))\b.*"
)
_LATE = re.compile(
    rf"(?P<what>[^“”\"]{{30,}}), (?:(?P<who>{_NAME}) said|said (?P<whom>{_NAME}))\.?"
)
_APPOSITION = re.compile(
    rf"(?P<who>{_NAME}), (?:the|a|an|who|which) [^,“”\"]{{3,60}}, (?P<rest>[a-z][^“”\"]{{20,}})"
)
_TAIL = re.compile(
    r"(?P<main>[^“”\"]{40,}), (?:which|who|where|while|although|but|and|as|with|including)\b"
    r"[^“”\"]*"
)
_DOUBT = re.compile(r"\b(?:if|unless|whether|not|said|says|told|according)\b", re.I)
_FIRST_WORDS = tuple(
    f"{word} " for word in "the a an he she it they this these his her its their there we".split()
)


def retold(sentence: str) -> str | None:
    """Return the sentence with its parts moved or left out, or None where no rule fits."""
    text = " ".join(sentence.split())
    if match := _SAID.fullmatch(text) or _LATE.fullmatch(text):
        return f"{match['who'] or match['whom']} said that {_lowered(match['what'])}."
    if match := _FRONT.fullmatch(text):
        front = match["front"]
        main = match["main"].rstrip(".")
        if not _DOUBT.search(text):
            return f"{main[0].upper()}{main[1:]} {front[0].lower()}{front[1:]}."
    if match := _APPOSITION.fullmatch(text):
        return f"{match['who']} {match['rest']}"
    match = _TAIL.fullmatch(text)
    if match and not _DOUBT.search(text):
        return f"{match['main']}."
    return None


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:] if text.lower().startswith(_FIRST_WORDS) else text
