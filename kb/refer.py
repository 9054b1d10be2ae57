"""What a pronoun stands for: the subject of the sentence before, where that is clear.

The subject is preferred over other names of a sentence, as centering theory has it (Grosz, Joshi &
Weinstein, 1995). There is no parser: what these patterns do not see stays as it is.
"""

from __future__ import annotations

import re

from kb.words import STOP_WORDS, surnames

__all__ = ["asked_about", "leans", "people", "person", "resolved", "subject"]

_AUXILIARY = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|did|does|do)"
)
_PRONOUN = re.compile(
    r"(?<![\w’'-])(?:(?P<person>he|she)|(?P<thing>it)|(?P<several>they)"
    r"|(?P<persons>his|her(?=\s+[^\W\d_]))|(?P<things>its)|(?P<theirs>their))(?![\w-])",
    re.I,
)
# "It is true that …" stands for nothing.
_EMPTY_IT = re.compile(
    r"it\s+(?:(?:is|was|seems?|seemed|appears?|appeared)\s+)?(?:(?:not|also)\s+)?"
    r"(?:(?:(?:true|clear|likely|unlikely|possible|known|said|believed|thought|reported)\s+)?that"
    r"|(?:im)?possible\s+to|raining|snowing)\b",
    re.I,
)
_NO_NAMES = frozenset(
    "january february march april june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday yesterday today later then still earlier "
    "meanwhile however therefore thus overall instead yet according".split()
)
_ADVERBIAL = re.compile(
    r"(?:(?:In|On|At|After|Before|During|By|Since|For|With|From|Until|Despite|As|According)\b"
    r"[^,]{0,80},|(?:Yesterday|Today|Later|Then|Still|However|Meanwhile|But|And|So|Also|Instead"
    r"|[A-Z]\w+ly)\b,?)\s+"
)
_BEFORE_VERB = re.compile(
    rf"(?P<subject>[^\W\d_][\w’'.-]*(?:\s+[\w’'.-]+){{0,6}}?)\s+(?:{_AUXILIARY}|said|says)\b"
)
_RUN = r"[^\W\d_a-z][\w’'.-]*(?:\s+(?:of\s+|de\s+|van\s+|von\s+)?(?:[^\W\d_a-z][\w’'.-]*|\d+\b))*"
_LEADING_RUN = re.compile(rf"(?:[Tt]he\s+)?{_RUN}")
_RELATIVE = re.compile(r"\s+(?:who|which|that|whose)\b.*", re.S)
_ASKED = re.compile(rf"\b(?:{_AUXILIARY})\s+(?P<rest>.+)", re.I | re.S)
_PHRASE = re.compile(
    rf"(?:the|a|an|this|that)\s+(?:[^\W\d_]\w*\s+){{1,3}}?(?:of|at|in|on|over|for|from|between)\s+"
    rf"(?:the\s+)?{_RUN}(?:\s+and\s+{_RUN})?"
)
_PLACED = re.compile(r"(?:in|at|from|of|to|near|on|the|into|over)\s+$", re.I)
_A_RUN = re.compile(rf"(?<![\w’'-]){_RUN}")
_ALSO = re.compile(rf"\s+and\s+{_RUN}")
_WHO = re.compile(r"\s*(?:and\s+|but\s+)?who(?:m|se)?\b", re.I)


def people(text: str) -> list[str]:
    """Return the last words of the names in a text, days and months not among them."""
    return [
        name
        for name in surnames(text)
        if name.casefold() not in _NO_NAMES and not re.fullmatch(r"[A-Z]\w+ly", name)
    ]


def subject(statement: str) -> str | None:
    """Return what a statement is about, as its words begin: a phrase before its verb, or a name."""
    text = statement.strip()
    if adverbial := _ADVERBIAL.match(text):
        text = text[adverbial.end() :]
    if _PRONOUN.match(text):
        return None
    match = _BEFORE_VERB.match(text)
    found = _RELATIVE.sub("", match.group("subject")) if match else ""
    if not found or found.casefold() in STOP_WORDS:
        run = _LEADING_RUN.match(text)
        found = run.group().rstrip(".") if run else ""
    words = found.split()
    if not words or all(word.casefold() in STOP_WORDS for word in words):
        return None
    if words[0] in ("The", "A", "An", "This", "That", "These", "Those"):
        words = ["the", *words[1:]]
    return " ".join(words)


def person(statement: str) -> str | None:
    """Return the name that "he" or "she" of the next sentence stands for: a name, and no place.

    It is the subject if that is a name; else the first name of several words, else the first.
    """
    about = subject(statement)
    if about and _fits("person", about) and people(about):
        return about
    found = [
        " ".join(match.group().rstrip(".").split())
        for match in _A_RUN.finditer(statement)
        if people(match.group()) and not _PLACED.search(statement, 0, match.start())
    ]
    return next((name for name in found if " " in name), found[0] if found else None)


def leans(text: str) -> bool:
    """Say whether a text has a pronoun before any name, which stands for something outside."""
    match = _PRONOUN.search(text)
    return bool(
        match and not people(text[: match.start()]) and not _EMPTY_IT.match(text, match.start())
    )


def asked_about(question: str) -> str | None:
    """Return what a question asks about: the phrase behind its auxiliary, or its first name."""
    asked = _ASKED.search(question)
    if asked and not _WHO.match(question):
        rest = asked.group("rest")
        if phrase := _PHRASE.match(rest):
            return " ".join(phrase.group().rstrip("?.").split())
        if (run := _LEADING_RUN.match(rest)) and people(run.group()):
            also = _ALSO.match(rest, run.end())
            return " ".join(rest[: also.end() if also else run.end()].rstrip("?.").split())
    return None


def resolved(text: str, thing: str | None, someone: str | None) -> str:
    """Return the text with its first pronoun replaced by what it stands for, if that is clear.

    Args:
        text: A sentence or question; it stays as it is if it has a name before the pronoun.
        thing: What "it" and "they" may stand for.
        someone: Whom "he" and "she" may stand for.
    """
    match = _PRONOUN.search(text)
    if not match or not leans(text):
        return text
    kind = match.lastgroup or ""
    referent = someone if kind in ("person", "persons") else thing
    if not referent or not _fits(kind, referent) or referent in text:
        return text
    put = referent
    if kind in ("persons", "things", "theirs"):
        put += "'" if referent.endswith("s") else "'s"
    if match.start() == 0:
        put = put[0].upper() + put[1:]
    return text[: match.start()] + put + text[match.end() :]


def _fits(kind: str, referent: str) -> bool:
    several = " and " in referent or (
        referent.split()[0].casefold() in ("the", "these", "those") and _plural(referent)
    )
    if kind in ("several", "theirs"):
        return several or (referent[0].isupper() and _plural(referent))
    named = referent[0].isupper() and not re.match("(?:The|A|An) ", referent)
    if kind in ("person", "persons"):
        return named and " and " not in referent and not any(map(str.isdigit, referent))
    return " and " not in referent


def _plural(referent: str) -> bool:
    """Say whether a phrase is of several, by the word that it is of: "the samples of Chang'e 6"."""
    head = re.split(r"\s+(?:of|at|in|on|over|for|from|between)\s+", referent)[0]
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))
