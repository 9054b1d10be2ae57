"""A follow-up made to stand alone, by rules: what it leaves out is in the question before it."""

from __future__ import annotations

import re

from index.lexical import query_words
from kb.conversation import Conversation
from kb.words import names

__all__ = ["condense"]

_JOINT = " — "
_REFERS = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then"
    r"|same|others?|former|latter)\b",
    re.I,
)
_LEADS_ON = re.compile(
    r"\s*(?:and|but|or|so|also|then|what about|how about|what else|why|when|where|who|how"
    r"|how many|how much|yes|no|ok)\b[\s?.,!]*",
    re.I,
)
_FEW = 2  # telling words; a question with no more of them, and no name, leans on what was said


def _leans(question: str) -> bool:
    """Say whether a question cannot be understood by itself."""
    words, named = query_words(question), names(question)
    begun = _LEADS_ON.match(question)
    if begun and re.match(r"\s*(?:and|but|or|so|also|what about|how about)\b", question, re.I):
        return True
    if named:
        return False
    return bool(_REFERS.search(question)) or len(words) <= _FEW


def condense(question: str, conversation: Conversation) -> str:
    """Return a question that can be understood without the conversation.

    A question that stands alone comes back as it is. One that leans on what was said ("and when
    was that?") comes back behind the question it leans on; of a longer chain of follow-ups, the
    first question, which names the subject, and the last are kept.
    """
    if not conversation.answers or not _leans(question):
        return question
    last = conversation.answers[-1]
    before = (last.standalone or last.question).split(_JOINT)
    kept = [before[0]] if len(before) == 1 else [before[0], before[-1]]
    return _JOINT.join([*(part.rstrip("?!. ") for part in kept), question])
