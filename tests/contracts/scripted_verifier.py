"""The double of a verifier: verdicts that are written beforehand, for sentences that are known."""

from __future__ import annotations

from collections.abc import Mapping

from kb.answer import Verdict
from kb.verify import is_copy

__all__ = ["ScriptedVerifier"]

_SCORES = {Verdict.SUPPORTED: 1.0, Verdict.PARTIAL: 0.5, Verdict.UNSUPPORTED: 0.0}


class ScriptedVerifier:
    """Gives each sentence its verdict; a copy is carried, and what is unknown is not."""

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        self._verdicts = dict(verdicts)

    def verify(self, sentence: str, quote: str, context: str) -> tuple[Verdict, float]:
        """Return the verdict that was written for the sentence."""
        if is_copy(sentence, quote):
            return Verdict.SUPPORTED, 1.0
        verdict = self._verdicts.get(sentence, Verdict.UNSUPPORTED)
        return verdict, _SCORES[verdict]
