"""What "the second one", "the latter" and "source 2" point to in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.names import named_spans
from index.readers.canonical import one_line
from kb.answer import Answer, Verdict
from kb.refer import subject

__all__ = ["pointed", "shown"]

_ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
_CARDINALS = "one two three four five six seven eight".split()
_ONE = re.compile(
    rf"\b(?:the\s+)?(?P<which>{'|'.join(_ORDINALS)}|last|former|latter)"
    r"(?:\s+(?P<of>one|of\s+(?:them|these|those)|thing|item|point|sentence|statement|fact|source"
    r"|article|citation|footnote|quote)\b|(?=\s*[?.!]*$)|(?<=former)|(?<=latter))",
    re.I,
)
_NUMBERED = re.compile(
    rf"(?:\b(?:the\s+)?(?P<of>source|article|citation|footnote|quote|point|number)\s+"
    rf"(?P<which>\d{{1,2}}|{'|'.join(_CARDINALS)})\b|[\[【](?P<marker>\d{{1,2}})[\]】])",
    re.I,
)
_SOURCES = frozenset("source article citation footnote quote".split())
_LISTED = re.compile(r"(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)(?:the\s+)?")
_TITLE_AT_MOST = 120


def shown(answer: Answer) -> list[str]:
    """Return the sentences of an answer that a reader has seen."""
    return [one.text for one in answer.sentences if one.verdict is not Verdict.UNSUPPORTED]


def pointed(question: str, answer: Answer, earlier: str) -> str | None:
    """Return the question with the thing put in that it points to; None if it points to none.

    That is a name out of a list in the answer or in the earlier question, the subject of a sentence
    of the answer, or the title of an article that it cites.
    """
    match = _NUMBERED.search(question) or _ONE.search(question)
    if not match:
        return None
    found = match.groupdict()
    place = _place(found.get("marker") or found["which"])
    kind = (found.get("of") or "").casefold()
    if found.get("marker") or kind in _SOURCES:
        titles = [one_line(one.article.title, _TITLE_AT_MOST) for one in answer.citations]
        named = _at([f"“{title}”" for title in titles], place)
    else:
        named = _at(_items(answer, earlier), place)
    if named is None:
        return None
    return question[: match.start()] + named + question[match.end() :]


def _place(which: str) -> int:
    word = which.casefold()
    if word.isdigit():
        return int(word) - 1
    if word in ("last", "latter"):
        return -1
    if word == "former":
        return 0
    return (_ORDINALS if word in _ORDINALS else _CARDINALS).index(word)


def _at(items: Sequence[str], place: int) -> str | None:
    return items[place] if items and -1 <= place < len(items) else None


def _items(answer: Answer, earlier: str) -> list[str]:
    """Return what can be counted: the names of the one list there is, or subjects of sentences."""
    said = shown(answer)
    for text in (*said[:1], earlier) if len(said) < 2 else ():
        if len(listed := _list(text)) > 1:
            return listed
    if len(said) < 2:
        return []
    subjects = [subject(sentence) for sentence in said]
    return [about for about in subjects if about] if all(subjects) else []


def _list(text: str) -> list[str]:
    """Return the names of the first list of them, "Modi, Putin and Xi", or none."""
    framed = f"of {text}"  # a name at the beginning would be taken for a sentence's first word
    spans = named_spans(framed, bytearray(len(framed)))
    run: list[str] = []
    end = -1
    for a, b in spans:
        if run and _LISTED.fullmatch(framed, end, a):
            run.append(framed[a:b])
        elif len(run) > 1:
            break
        else:
            run = [framed[a:b]]
        end = b
    return run if len(run) > 1 else []
