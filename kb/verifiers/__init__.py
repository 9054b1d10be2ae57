"""Does a quote carry a sentence? ``open_verifier("provider:model")``, one provider a file."""

from __future__ import annotations

from kb.errors import ModelError
from kb.protocols import Verifier

__all__ = ["WORDS", "open_verifier"]

WORDS = "words"
"""The verifier that compares words, and needs no model."""

_NLI = "nli"


def open_verifier(name: str = WORDS) -> Verifier:
    """Return the verifier of this name; its weights are loaded when first used.

    Args:
        name: ``words``; ``nli:PATH`` (a folder with a sentence-transformers CrossEncoder that tells
            entailment, neutral and contradiction) or ``nli:ORG/NAME`` (one on the hub, fetched
            now if it is not in the cache). Numbers, names and negations are compared by words too.

    Raises:
        ModelError: There is no such verifier, or it cannot be had.
    """
    from kb.verify import WordVerifier

    provider, _, model = name.partition(":")
    if name == WORDS:
        return WordVerifier()
    if provider == _NLI and model:
        from kb.verifiers.nli import NLIVerifier

        return NLIVerifier(model, WordVerifier())
    raise ModelError(f"there is no verifier {name!r}", "use words, nli:PATH or nli:ORG/NAME")
