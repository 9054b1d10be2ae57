"""A follow-up made to stand alone: what it leaves out is in the question and answer before it.

Rules put in what they are sure of: another time or place, the name that a pronoun stands for, the
item that is pointed to. Where they are not, the question comes behind the one it leans on, unless a
model rewrites it without adding a name or a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from index.names import named_spans
from kb.answer import Answer
from kb.conversation import Conversation
from kb.ellipsis import replaced
from kb.errors import ModelError
from kb.pointers import pointed, shown
from kb.refer import asked_about, leans, people, person, resolved, subject
from kb.words import content, names, numbers, stems

__all__ = ["Rewrite", "condense", "focus"]

Rewrite = Callable[[str, Conversation], str]
"""Takes a follow-up and what was said, and returns a question that may stand alone, or ""."""

_JOINT = " — "
_REFERS = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|these|those|then"
    r"|same|others?|former|latter)\b"
    r"|\bthere\W*$|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b"
    r"(?! (?:is|are|was|were|has|have|will)\b)"
    r"|\b(?:is|was|does|did|do|about|said|say|after|before|than|of|for) that\b|\bthat\W*$",
    re.I,
)
_THERE = re.compile(r"\bthere\b", re.I)
_PLACE = re.compile(r"\b(in|at|to|from|near)\s+(?:the\s+)?$", re.I)
_LEADS_ON = re.compile(
    r"\s*(?:(?:and|but|or|so|also)\b[\s,]*(?:(?:what|how) about\s+|the same for\s+)?"
    r"|(?:what|how) about\s+|the same for\s+)",
    re.I,
)
_CORRECTS = re.compile(r"\s*(?:no|sorry|actually|i mean[t]?)\b[\s,.!]*(?:i mean[t]?\s+)?", re.I)
_ASKS = re.compile(
    r"\s*(?:(?:in|on|at|by|for|from|to|with|of|since|until) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|has|have|had|can"
    r"|could|will|would|should|tell|list|name|show|explain)\b",
    re.I,
)
_MORE = re.compile(
    r"(?:yes|yeah|yep|sure|ok(?:ay)?|please|go (?:on|ahead)|continue|more|(?:please )?tell me more"
    r"(?: about (?:it|that|this|him|her|them))?|(?:and )?(?:what|anything) else)"
    r"(?:[\s,]+(?:please|go (?:on|ahead)|do|tell me(?: more)?))*[\s.!?]*",
    re.I,
)
_OFFER = re.compile(
    r"\b(?:would you like|do you want|shall i|should i)\b(?: me)?(?: to)?"
    r"(?: (?:know|hear|learn|tell you|explain|show you))?(?: more)?(?: about)?"
    r" (?P<what>[^?]+)\?\s*$",
    re.I,
)
_OF_THE_ANSWER = re.compile(
    r"(?:and |but |so )?(?:why|how|when|where|who|how come|how so|since when|until when|says who"
    r"|who (?:said|says) (?:that|so|this|it)|(?:when|where|why|how) (?:was|is) (?:that|this|it)"
    r"|how do you know(?: that)?|is (?:that|this|it) (?:true|so|right|certain)|really"
    r"|are you sure)(?: not)?[\s?.!]*",
    re.I,
)
_WHO = re.compile(r"\s*who\b", re.I)
_WHICH = re.compile(r"\s*(?:which|what) (?!is\b|are\b|was\b|were\b)\w+", re.I)
_AT_THE_END = re.compile(r"\b(?:this|that|these|those|it|them|him|then)\W*$", re.I)
_KEPT = 300  # characters of what is leaned on; it only has to name the subject
_FEW = 3  # telling words; a question with no more of them, and no name, leans on what was said


def focus(standalone: str) -> str:
    """Return the part that is new of what ``condense`` returned."""
    return standalone.rpartition(_JOINT)[2]


def condense(question: str, conversation: Conversation, rewrite: Rewrite | None = None) -> str:
    """Return a question that can be understood without the conversation.

    A question that stands alone comes back as it is, also where the subject has changed.

    Args:
        rewrite: Asked where the rules do not reach. What it returns is taken only if it keeps the
            names and numbers of the question, and all of its own are in the conversation.
    """
    question = question.replace(_JOINT, ", ")
    if not conversation.answers:
        return question
    last = conversation.answers[-1]
    before = (last.standalone or last.question).split(_JOINT)
    standalone = _by_rules(question, last, before)
    if standalone is None:
        standalone = _joined(before, question) if _leans(question) else question
    if rewrite and _JOINT in standalone:
        return _rewritten(question, conversation, rewrite) or standalone
    return standalone


def _by_rules(question: str, last: Answer, before: list[str]) -> str | None:
    """Return what the rules make of a follow-up; None where none is sure."""
    earlier = before[0]
    if _MORE.fullmatch(question):
        topic = _offered(last) or _topic(last, earlier)
        return f"Tell me more about {topic}" if topic else None
    said = shown(last)
    if said and _OF_THE_ANSWER.fullmatch(question):
        fact = resolved(said[0], *_referents(last, earlier))
        return _joined([fact] if people(fact) else [earlier, fact], question)
    if found := pointed(question, last, earlier):
        found = _capital(_without_lead(found))
        bare = found.rstrip("?!. ")
        return found if _ASKS.match(found) else f"Tell me more about {bare}"
    corrected = _CORRECTS.match(question)
    rest = question[corrected.end() :] if corrected else question
    rest = _without_lead(rest)
    if _ASKS.match(rest):
        return _resolved(_capital(rest), question, last, before)
    return replaced(earlier, rest.rstrip("?!. ")) if len(before) == 1 else None


def _without_lead(question: str) -> str:
    """Return a question without the "and" or "what about" that it begins with."""
    lead = _LEADS_ON.match(question)
    return question[lead.end() :] if lead else question


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _resolved(rest: str, question: str, last: Answer, before: list[str]) -> str | None:
    """Return a question with its pronoun and its "there" replaced, if something was replaced.

    What still leans then comes behind the earlier question.
    """
    put = resolved(rest, *_referents(last, before[0]))
    place = _place(before[0])
    if place and (there := _THERE.search(put)) and _REFERS.search(put):
        put = put[: there.start()] + place + put[there.end() :]
    if put == rest:
        return rest if rest != question and names(rest) and not _leans(rest) else None
    left = _REFERS.search(put) or leans(put)
    return _joined(before, put) if left else put


def _referents(last: Answer, earlier: str) -> tuple[str | None, str | None]:
    """Return what "it" and whom "he" or "she" stand for after a question and its answer."""
    said = next(iter(shown(last)), "")
    if not _ASKS.match(earlier):
        return subject(earlier), person(earlier)
    about = asked_about(earlier)
    known = earlier.casefold()
    told = person(said)
    new = told if told and told.casefold() not in known else None
    thing = about
    if not about:
        there = _names(earlier)
        if _WHO.match(earlier):  # what is done by who is asked for
            thing = there[0] if len(there) == 1 else None
        elif new and _WHICH.match(earlier):
            thing = subject(said)
    named = about if about and about[0].isupper() and people(about) else None
    return thing, named or new or told


def _topic(last: Answer, earlier: str) -> str | None:
    thing, someone = _referents(last, earlier)
    if _WHO.match(earlier):
        return someone or thing
    return thing or someone or " ".join(_names(earlier)) or None


def _names(text: str) -> list[str]:
    return [text[slice(*span)] for span in named_spans(text, bytearray(len(text)))]


def _offered(last: Answer) -> str | None:
    """Return what the answer offered to tell, if it ends with an offer."""
    match = _OFFER.search(last.text)
    return " ".join(match.group("what").split()) if match else None


def _place(earlier: str) -> str | None:
    """Return the one place of a question with its preposition: "in Kyiv"."""
    spans = named_spans(earlier, bytearray(len(earlier)))
    found = [
        f"{'in' if match.group(1).casefold() in ('to', 'from') else match.group(1)} {earlier[a:b]}"
        for a, b in spans
        if (match := _PLACE.search(earlier, 0, a))
    ]
    return found[0] if len(found) == 1 else None


def _leans(question: str) -> bool:
    """Say whether a question cannot be understood by itself."""
    if leans(question) or _LEADS_ON.match(question):
        return True
    if names(question):
        return bool(_AT_THE_END.search(question))
    return bool(_REFERS.search(question)) or len(content(question)) <= _FEW


def _joined(before: list[str], question: str) -> str:
    """Return a question behind what it leans on: of a chain the first, which names the subject."""
    kept = [before[0]] if len(before) == 1 else [before[0], before[-1]]
    return _JOINT.join([*(part[:_KEPT].rstrip("?!. ") for part in kept), question])


def _rewritten(question: str, conversation: Conversation, rewrite: Rewrite) -> str | None:
    """Return what a model makes of a question, if it adds nothing that was not said."""
    try:
        found = " ".join(rewrite(question, conversation).split()).replace(_JOINT, ", ")
    except ModelError:
        return None  # it will be told when the answer is drafted
    said = " ".join(
        f"{one.standalone or one.question} {' '.join(shown(one))}" for one in conversation.answers
    )
    known, own = stems(f"{said} {question}"), stems(found)
    told = {word for name in people(found) for word in stems(name)}
    kept = {word for name in people(question) for word in stems(name)}
    adds = set(content(found)) - set(content(question))
    if not adds or len(found) > _KEPT or not told <= known or not kept <= own:
        return None
    if not numbers(question) <= numbers(found) <= numbers(f"{said} {question}"):
        return None
    return found
