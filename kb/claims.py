"""A text of anybody's in sentences, each with what it claims, without markup and old references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.analysis import analyze
from index.sentences import sentence_spans, trimmed

__all__ = ["Claim", "claims"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"[^\n]*\n?")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:[^\n]*\n)*?---[ \t]*\r?(?:\n|$)")
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_REST = re.compile(r"[^\S\n]*\n")
_MORE = re.compile(r"\s*\S")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*$")
_HEADING_AT_MOST = 80
_ENDS = (*".!?…:;,。！？", '"', "”", "’", ")", "]", "»", "'")
_LISTED = re.compile(r"\s*(?:[>|]|[-*+•–]\s|\d{1,3}[.)]\s)")
# Behind such a heading stand references, which claim nothing.
_REFERENCES = re.compile(
    r"\W*(?:references?|sources?|bibliography|footnotes?|works cited|further reading|see also)\W*$",
    re.I,
)
_NUMBERED = r"[\[【]\s*\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*\s*[\]】]|\[\^[^\]\s]{1,50}\]"
_OLD_MARKERS = re.compile(rf" ?(?:{_NUMBERED})|(?<=[.,;:!?\"”)])[⁰¹²³⁴-⁹]+")
_MOVED_MARKERS = re.compile(rf"(?:(?:{_NUMBERED})\s*)+")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Spring|Summer|Autumn|Fall|Winter"
)
_PERSON = r"[^\W\d_a-z][\w’'-]*"
_AUTHOR_YEAR = re.compile(
    rf" ?[(\[](?:(?:see|cf\.?|e\.g\.,?)\s)?(?!(?:{_MONTHS})\b){_PERSON}"
    rf"(?:\set\sal\.?|(?:,|\sand|\s&|,\s&)\s{_PERSON}){{0,3}},?\s(?:1[5-9]|20)\d\d[a-z]?"
    rf"(?:[,;:][^()\[\]\n]{{0,100}})?[)\]]"
)
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,2000}\)")
_NOISE = re.compile(
    r"https?://[^\s<>)\]]+|</?[a-zA-Z][^<>\n]{0,200}>|~~|`|\\(?=[*_#\[\]])"
    r"|(?<![\s\d])\*+|\*+(?![\s\d])|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)"
)
_LEADING = re.compile(r"^(?:>+\s*|#+\s+|\|\s*|[-*+•–]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)+")
_QUESTION = re.compile(r"[?？؟]\s*$")
_QUOTED_QUESTION = re.compile(r"[\"“„«'‘].*[?？؟][\"”’»']\s*$", re.S)
_TO_THE_READER = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|thanks?(?: you)?|welcome"
    r"|(?:best|kind|warm) (?:regards|wishes)|sincerely|let me|let us|let['’]s|feel free"
    r"|please(?! note)|i hope|hope (?:this|that)|i['’]d be happy|i['’]m (?:sorry|happy|glad)"
    r"|if you (?:have|need|want|would)|as an ai)\b",
    re.I,
)
_WORDS_AT_LEAST = 2  # that tell something; "Repairs" and "Yes." claim nothing that can be found


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence at its place, ``text[start:end]`` of the whole.

    Attributes:
        says: The sentence on one line, without markup, markers and references; "" if it claims
            nothing: a heading, a question, a greeting, code, a reference.
    """

    start: int
    end: int
    says: str


def claims(text: str) -> list[Claim]:
    """Return the sentences of a text in order; every character but white space lies in one.

    Code between fences is one sentence, which claims nothing. Markers behind a full stop belong to
    the sentence before it.
    """
    text = _SURROGATE.sub("\ufffd", text)  # which has no UTF-8, and is as long
    found: list[Claim] = []
    references = False
    for begun, ended, prose in _blocks(text):
        spans = (
            sentence_spans(text[begun:ended]) if prose else [trimmed(text[begun:ended], 0, ended)]
        )
        for start, end in ((begun + a, begun + b) for a, b in spans):
            begins_line = not found or "\n" in text[found[-1].end : start]
            heading = prose and begins_line and _is_heading(text, start, end)
            if heading:
                references = bool(_REFERENCES.match(text, start, end))
            moved = _MOVED_MARKERS.match(text, start, end)
            if moved and not begins_line:
                found[-1] = replace(found[-1], end=trimmed(text, start, moved.end())[1])
                start = moved.end()
            if start < end:
                silent = heading or references or not prose or (begins_line and moved)
                image = start > 0 and text.startswith("![", start - 1)  # its mark ends a sentence
                said = "" if silent else _said(text[start - image : end])
                found.append(Claim(start, end, said))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the runs of lines of a text, and whether each is prose: not code, not front matter."""
    begun, fence = 0, ""
    if front := _FRONT_MATTER.match(text):
        yield (0, front.end(), False)
        begun = front.end()
    for line in _LINE.finditer(text, begun):
        match = _FENCE.match(line.group())
        if fence and match and match.group(1) == fence:
            yield (begun, line.end(), False)
            begun, fence = line.end(), ""
        elif match and not fence:
            yield (begun, line.start(), True)
            begun, fence = line.start(), match.group(1)
    yield (begun, len(text), not fence)


def _is_heading(text: str, start: int, end: int) -> bool:
    """Say whether a line names what follows: by its mark, or because it stands alone."""
    if _HEADING.match(text, start, end):
        return True
    rest = _REST.match(text, end)
    line = text[start:end].rstrip("*_")
    if not rest or len(line) > _HEADING_AT_MOST or line.endswith(_ENDS) or _LISTED.match(line):
        return False
    below = _LINE.match(text, rest.end())
    underlined = below and _UNDERLINE.match(below.group())
    return bool(
        underlined or (below and below.group().isspace() and _MORE.match(text, below.end()))
    )


def _said(sentence: str) -> str:
    """Return what a sentence claims, on one line; "" for nothing."""
    line = " ".join("".join(c if c.isprintable() else " " for c in sentence).split())
    line = _AUTHOR_YEAR.sub("", _OLD_MARKERS.sub("", _IMAGE.sub(" ", line)))
    line = _NOISE.sub("", _LINK.sub(r"\1", _LEADING.sub("", line))).replace("|", " ")
    said = " ".join(line.split())
    asks = _QUESTION.search(said) or _QUOTED_QUESTION.match(said)
    if asks or _TO_THE_READER.match(said) or len(analyze(said, None)) < _WORDS_AT_LEAST:
        return ""
    return said
