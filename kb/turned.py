"""Sentences turned into questions, and the names in them that a question may ask about.

There is no parser: a sentence is turned where it has a form that becomes a question without a word
of it being changed (a count before its noun, a passive with its year, who said what). English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.names import named_spans
from kb.words import STOP_WORDS

__all__ = ["PLAIN_NAME", "is_subject", "name_spans", "turned"]

_NUMERAL = (
    r"(?:\d[\d,.]*(?: (?:thousand|million|billion))?|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|dozens of|hundreds of|thousands of)"
)
_ROUGHLY = (
    r"(?:(?:at least|at most|more than|fewer than|less than|up to|about|around|nearly|almost|over"
    r"|some|only|roughly|approximately) )?"
)
_SEVERAL = r"(?:\w+s|people|men|women|children|troops|police)"
_COUNTED = re.compile(
    rf"(?:^|(?<=, )|(?<=\bthat )|(?<=\band )){_ROUGHLY}{_NUMERAL} "
    rf"(?P<rest>(?:[^\W\d_][\w-]* ){{0,2}}?{_SEVERAL} (?:were|are|have|had|will|would|could) "
    r"[^,;:.!?—–()\"“”\[\]]{8,90})(?=[,;.])",
    re.I,
)
_MEASURES = re.compile(
    r"(?:hundred|thousand|million|billion|percent|per|years?|days?|hours?|minutes?|times|months?"
    r"|weeks?)\b",
    re.I,
)
_DONE = (
    r"(?:\w{3,}ed|born|built|made|sold|won|held|begun|written|known|found|given|taken|sent|struck)"
)
_DAY = r"(?:(?:in|on) (?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?(?:1\d|20)\d\d\b)"
_PASSIVE = re.compile(rf" (?P<aux>was|were) (?P<done>{_DONE})(?: [^,;:.()\"“”]{{2,50}}?)?? {_DAY}")
_BECAUSE = re.compile(
    r" (?P<aux>is|are|was|were|has|had|can|could|will|would) (?P<rest>[^,;:.()\"“”]{4,60}?),?"
    r" because\b"
)
_SAYS = re.compile(
    r"(?:, [^,]{3,80},)? (?:(?:said|says|warned|announced|argued|claimed|denied|confirmed|wrote"
    r"|promised|explained|predicted|insisted|suggested|believes|told [^,.;]{3,60}?)"
    r"(?P<that>(?: [^,.;]{2,40}?)?? that)? )"
)
_ROLE = (
    r"chief|head|president|minister|director|spokes(?:man|woman|person)|executive|founder|co-founder"
    r"|CEO|analyst|professor|coach|captain|governor|mayor|senator|actor|actress|singer|author"
    r"|general|commander|lawyer|attorney|judge|secretary|leader|chairman|chair|researcher"
    r"|economist|scientist|engineer|player|quarterback|midfielder|striker|manager|editor|writer"
    r"|owner|composer|poet|painter|historian|physicist|king|queen|bishop|developer|inventor"
)
_WHO = re.compile(
    rf", (?:an?|the|its|[A-Z]\w+[’']s?) (?:[\w’'-]+ ){{0,6}}?(?:{_ROLE})\b[^,]{{0,80}},"
)
_LEANS = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|these|those|that|there|then"
    r"|we|us|our|you|your|i|my|me|here|now|today|yesterday|tomorrow|ago|former|latter|said|says?"
    r"|think)\b",
    re.I,
)
PLAIN_NAME = re.compile(
    r"(?!(?:Former|Late|Dear|Image|Photo|Photograph|Credit)\b)"
    r"(?:[^\W\d_][\w’'&-]*|(?:[^\W\d_]\.)+)(?: (?:[\w’'&-]+|(?:[^\W\d_]\.)+)){0,5}"
)
_JOINED = re.compile(r"-(?:led|based|owned|backed|like|style|related)\b")
_NEXT_WORD = re.compile(r" ([a-z][\w-]*)")
_BEFORE = re.compile(
    r"(?:\b(?P<the>[Tt]he|[Aa]n?) |[A-Z]\w* (?P<and>and|&) |[\w’'](?P<dash>[-/]))$"
)
_CLAUSE = re.compile(
    r"(?:^|[,;:—] ?|\b(?:that|and|but|when|after|before|while|where|although|though|how) )"
    r"(?:[Tt]he )?$"
)
_VERB = re.compile(
    r",? (?:is|are|was|were|has|have|had|will|would|can|could|said|says|told|\w{3,}ed)\b"
)
_PLACED = re.compile(r"\b(?:in|of|for|from|at|to|with|by|on|near|into|over) (?:the )?$", re.I)
_PEOPLES = ("ian", "ish", "ese", "ican", "ench", "erman", "raeli")
_WORDS_AT_LEAST, _WORDS_AT_MOST = 5, 16


def name_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand that a question may ask about, each as it stands in a question.

    Only those of which the capitals leave no doubt: no adjectives ("Russian"), nothing that another
    noun follows ("the Trump administration").
    """
    for start, end in named_spans(text, bytearray(len(text))):
        name = text[start:end]
        before, word = _BEFORE.search(text, 0, start), _NEXT_WORD.match(text, end)
        the = bool(before and (before["the"] or "").casefold() == "the")
        if not PLAIN_NAME.fullmatch(name) or _JOINED.search(name) or len(name) > 50:
            continue
        if start == 0 and " of " in name:  # "Negotiators of the Parliament"
            continue
        if (before and not the) or (word and not _may_follow(word[1], text, end)):
            continue
        if " " not in name and (name.endswith(_PEOPLES) or len(name) < 3):
            continue
        yield start, end, f"the {name}" if the else name


def is_subject(text: str, start: int, end: int) -> bool:
    """Say whether a sentence tells something of the name at this place."""
    return bool(_VERB.match(text, end)) and not _PLACED.search(text, 0, start)


def _may_follow(word: str, text: str, end: int) -> bool:
    """Say whether a name may stand before this word without being a part of what it names."""
    return word in STOP_WORDS or word.endswith("ed") or bool(_SAYS.match(text, end))


def turned(text: str) -> Iterator[str]:
    """Yield the questions that a sentence turns into."""
    for start, end, name in name_spans(text):
        if _CLAUSE.search(text, 0, start):
            if match := _PASSIVE.match(text, end):
                yield f"When {match['aux']} {name} {match['done']}?"
            elif (match := _BECAUSE.match(text, end)) and _alone(match["rest"], 1):
                yield f"Why {match['aux']} {name} {match['rest']}?"
        placed = _PLACED.search(text, 0, start)  # "people in Opava said"
        if not placed and (match := _SAYS.match(text, end)):
            about = _said_about(text, match)
            if about not in ("", name):
                yield f"What is known about {about}, according to {name}?"
        elif _WHO.match(text, end) and name.count(" ") in (1, 2) and name[:4] != "the ":
            yield f"Who is {name}?"
    for match in _COUNTED.finditer(text):
        rest = match["rest"].rstrip()
        if not _MEASURES.match(rest) and _alone(rest, _WORDS_AT_LEAST) and any(name_spans(rest)):
            yield f"How many {rest}?"


def _said_about(text: str, match: re.Match[str]) -> str:
    """Return the first name in what somebody said; not where, or to whom."""
    first = next((one for one in name_spans(text) if one[0] >= match.end()), None)
    if not first:
        return ""
    begins = first[0] - match.end() <= len("the ")
    return first[2] if match["that"] or begins else ""


def _alone(words: str, at_least: int) -> bool:
    """Say whether words mean the same without what stands around them."""
    return at_least <= len(words.split()) <= _WORDS_AT_MOST and not _LEANS.search(words)
