"""A follow-up made to stand alone, by rules: what it leaves out is in the question before it."""

from __future__ import annotations

import re

from kb.conversation import Conversation
from kb.words import content, names

__all__ = ["condense", "focus"]

_JOINT = " — "
_REFERS = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then"
    r"|same|others?|former|latter)\b",
    re.I,
)
_LEADS_ON = re.compile(r"\s*(?:and|but|or|so|also|what about|how about)\b", re.I)
_KEPT = 300  # characters of an earlier question; it only has to name the subject
_FEW = 3  # telling words; a question with no more of them, and no name, leans on what was said


def _leans(question: str) -> bool:
    """Say whether a question cannot be understood by itself."""
    if _LEADS_ON.match(question):
        return True
    if names(question):
        return False
    return bool(_REFERS.search(question)) or len(content(question)) <= _FEW


def focus(standalone: str) -> str:
    """Return the part that is new of what ``condense`` returned."""
    return standalone.rpartition(_JOINT)[2]


def condense(question: str, conversation: Conversation) -> str:
    """Return a question that can be understood without the conversation.

    A question that stands alone comes back as it is. One that leans on what was said ("and when
    was that?") comes back behind the question it leans on; of a longer chain of follow-ups, the
    first question, which names the subject, and the last are kept.
    """
    question = question.replace(_JOINT, ", ")
    if not conversation.answers or not _leans(question):
        return question
    last = conversation.answers[-1]
    before = (last.standalone or last.question).split(_JOINT)
    kept = [before[0]] if len(before) == 1 else [before[0], before[-1]]
    return _JOINT.join([*(part[:_KEPT].rstrip("?!. ") for part in kept), question])
