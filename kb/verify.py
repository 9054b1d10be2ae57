"""Does the cited text carry this sentence? By its numbers, names, negations and words.

A number must stand in the quote itself, or in the article's date and title; a name in the quote or
in the passage around it, where its pronouns are explained; of the other words all must be there
for a sentence to be carried, and most for it to be carried in part.
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
_CAPITAL = re.compile(r"\b[^\W\d_a-z]\w*")
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
        score, whole = _covered(sentence, quote, context)
        denied, said = (bool(_NEGATION.search(text)) for text in (sentence, quote))
        if denied and not said:
            return Verdict.UNSUPPORTED, 0.0
        if score >= _SUPPORTED and whole and denied == said:
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


def _covered(sentence: str, quote: str, context: str) -> tuple[float, bool]:
    """Return the share of the sentence's content words that the source has, and whether it has all.

    "The bridge was repaired" is not carried by a text about a bridge that has no repair in it.
    """
    near, around = stems(quote), stems(context)
    named = stems(" ".join(_CAPITAL.findall(sentence)))
    words = [
        word
        for word in content(
            sentence
        )  # names and numbers that are not there are judged by themselves
        if word in near or word in around or not (word.isdigit() or word in named)
    ]
    if not words or sum(word in near for word in words) < _IN_QUOTE * len(words):
        return 0.0, False
    shares = [1.0 if w in near else _CONTEXT_SHARE if w in around else 0.0 for w in words]
    return round(sum(shares) / len(words), 3), all(shares)
