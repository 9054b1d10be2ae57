"""Does the cited text carry this sentence? By its numbers, names, negations and words.

A number must stand in the quote itself, or in the article's date and title; a name in the quote or
in the passage around it, where its pronouns are explained; of the other words, most must be there.
"""

from __future__ import annotations

import re

from kb.answer import Verdict
from kb.words import content, folded, named_numbers, numbers, stems, surnames

__all__ = ["WordVerifier"]

_SUPPORTED, _PARTIAL = 0.75, 0.6
_CONTEXT_SHARE = 0.6  # of a word that stands around the quote, not in it
_IN_QUOTE = 0.4  # of the words must stand in the quote itself: a title alone carries nothing
_NAME_PREFIX = 5  # "Ukrainian" is carried by "Ukraine"
# A capital at the start of a sentence may be a name's: "Putin said" is not carried by "he said" of
# somebody else. Words that only link sentences are let through.
_LINKS = re.compile(r"[A-Z]\w+ly|Therefore|Thus|Overall|Instead|Meanwhile|Still|Yet", re.ASCII)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th)? )?\b({_MONTH})\b(?: (\d{{1,2}})(?:st|nd|rd|th)?(?!\w))?",
    re.I,
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|den(?:y|ied|ies|ying)|refus\w+|reject\w+)\b"
    r"|n[’']t\b",
    re.I,
)


class WordVerifier:
    """A ``Verifier`` that compares words; needs no model and takes a fraction of a millisecond."""

    def verify(self, sentence: str, quote: str, context: str) -> tuple[Verdict, float]:
        """Return the verdict, and the share of the sentence's words that the source has.

        Args:
            context: The line with title, source and date, a line break, and the passage.
        """
        head = context.partition("\n")[0]
        missing = numbers(sentence) - numbers(quote) - _dated(sentence, head)
        if missing - (named_numbers(sentence) & named_numbers(context)):
            return Verdict.UNSUPPORTED, 0.0
        if _missing_names(sentence, f"{quote} {context}"):
            return Verdict.UNSUPPORTED, 0.0
        score = _covered(sentence, quote, context)
        denied, said = (bool(_NEGATION.search(text)) for text in (sentence, quote))
        if denied and not said:
            return Verdict.UNSUPPORTED, 0.0
        if score >= _SUPPORTED and denied == said:
            return Verdict.SUPPORTED, score
        return (Verdict.PARTIAL, score) if score >= _PARTIAL else (Verdict.UNSUPPORTED, score)


def _dated(sentence: str, head: str) -> set[str]:
    """Return the numbers that the sentence has in a date which the header has too."""
    known = set(re.findall(r"\w+", head.casefold()))
    found = set(_YEAR.findall(sentence)) & known
    for day, month, day_after in _DATE.findall(sentence):
        said = {day, day_after} - {""}
        if {*said, month.casefold()} <= known:
            found |= said
    return found


def _missing_names(sentence: str, source: str) -> list[str]:
    """Return the names of the sentence that the source does not have in any form."""
    known = folded(source)
    return [
        name
        for name in surnames(sentence)
        if not re.search(rf"\b{re.escape(folded(name)[: max(_NAME_PREFIX, len(name) - 4)])}", known)
        and not _LINKS.fullmatch(name)
    ]


def _covered(sentence: str, quote: str, context: str) -> float:
    """Return the share of the sentence's content words that the source has, 0 to 1."""
    words = content(sentence)
    if not words:
        return 0.0
    near, around = stems(quote), stems(context)
    if sum(word in near for word in words) < _IN_QUOTE * len(words):
        return 0.0
    shares = (1.0 if w in near else _CONTEXT_SHARE if w in around else 0.0 for w in words)
    return round(sum(shares) / len(words), 3)
