"""Citations judged by what they carry, as ALCE defines it (Gao et al., EMNLP 2023)."""

from __future__ import annotations

from index.chunk import spelled_header
from kb.answer import Answer, Citation, Sentence, Verdict
from kb.protocols import Verifier

__all__ = ["alce_values"]

_AROUND = 500  # characters on each side in which a quote's pronouns and dates are explained


def alce_values(answer: Answer, verifier: Verifier) -> dict[str, float]:
    """Return ``alce_citation_recall`` and ``alce_citation_precision``; nothing for a refusal.

    Recall is the share of the shown sentences that their quotes together carry wholly. Precision is
    the share of the citations that carry their sentence, by themselves or with the others and not
    without them. The judge is this program's own verifier, where ALCE has an NLI model: it has
    judged the sentences once already, so these are upper bounds.
    """
    numbered = {one.number: one for one in answer.citations}
    shown = [
        (one, [numbered[number] for number in one.citations])
        for one in answer.sentences
        if one.citations
    ]
    if not shown:
        return {}
    carried = [_carries(verifier, sentence, quotes) for sentence, quotes in shown]
    needed = [
        whole and _needed(verifier, sentence, quotes, one)
        for whole, (sentence, quotes) in zip(carried, shown, strict=True)
        for one in quotes
    ]
    return {
        "alce_citation_recall": sum(carried) / len(carried),
        "alce_citation_precision": sum(needed) / len(needed),
    }


def _carries(verifier: Verifier, sentence: Sentence, quotes: list[Citation]) -> bool:
    if not quotes:
        return False
    heads = "; ".join(spelled_header(one.article) for one in quotes)
    around = [one.article.text[max(0, one.start - _AROUND) : one.end + _AROUND] for one in quotes]
    quoted = " ".join(one.quote for one in quotes)
    verdict, _ = verifier.verify(sentence.text, quoted, "\n".join((heads, *around)))
    return verdict is Verdict.SUPPORTED


def _needed(verifier: Verifier, sentence: Sentence, quotes: list[Citation], one: Citation) -> bool:
    if _carries(verifier, sentence, [one]):
        return True
    return not _carries(verifier, sentence, [other for other in quotes if other is not one])
