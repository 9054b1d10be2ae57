"""What a name is, when two are the same, and whether a text has one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.agreement.wording import Word
from kb.words import STOP_WORDS, folded, numbers

__all__ = ["TITLES", "is_common", "is_name", "is_short", "same_name", "spans", "stands"]

_NAME_PREFIX = 5  # letters; in languages whose endings are not known here
# A capital at the start of a sentence may be a name's: "Putin said" is not carried by "he said" of
# somebody else. Words that only link sentences, and words for many people, are none there.
_COMMON = re.compile(
    r"[A-Z]\w+(?:ly|ers|ors|ials|ists|ants|ents|ings|ies)|Therefore|Thus|Overall|Instead|Meanwhile|"
    r"Still|Yet|However|People|Police|Troops|Nobody|Nothing|None|Many|Several|Few|Some|About|Over|"
    r"Around|Half|Ten|Hundreds|Thousands|Millions",
    re.ASCII,
)
_ENDINGS = frozenset(
    "s n an ns ans ian ians ean eans ish ese ic i is ist ists ism e y ey a o and ain en us".split()
) | {""}
_STEM = 3  # letters that are left of a name whose ending is another
_SAME_NAMES = tuple(
    frozenset(folded(line).split())
    for line in (
        "US USA America American Americans",
        "UK Britain British Britons",
        "France French Frenchman",
        "Spain Spanish Spaniard Spaniards",
        "Netherlands Dutch Holland",
        "Denmark Danish Danes",
        "Switzerland Swiss",
        "Wales Welsh",
        "Ireland Irish",
        "Greece Greek Greeks",
        "Thailand Thai",
        "Kyiv Kiev",
        "Soviet USSR",
    )
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
TITLES = frozenset(
    "mr mrs ms dr sir lord lady king queen prince princess duke earl count emperor pope bishop "
    "saint st president premier prime minister chancellor governor mayor senator general colonel "
    "captain professor judge chief chairman director secretary commissioner ambassador spokesman "
    "spokeswoman former foreign defence defense interior finance leader ceo".split()
)
"""What stands in front of a name and is no part of it."""


def is_name(word: Word) -> bool:
    """Say whether a word is written as only names are, wherever it stands; a day is none."""
    common = word.low in STOP_WORDS and not (len(word.text) > 1 and word.text.isupper())
    return word.capital and not common and word.low not in _CALENDAR


def is_common(word: str) -> bool:
    """Say whether a word, written with a capital, is none but at the start of a sentence."""
    return bool(_COMMON.fullmatch(word) or numbers(word))


def spans(text: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield where the runs of names of a text begin and end."""
    i = 0
    while i < len(text):
        start = i
        while i < len(text) and is_name(text[i]):
            i += 1
        if i > start and not (start == 0 and i == 1 and is_common(text[0].text)):
            yield start, i
        i += 1


def stands(name: str, source: str, english: bool) -> bool:
    """Say whether a source has a name in any form, or the letters it is short for."""
    known = folded(source)
    bare = re.sub(r"['’]s?$", "", folded(name))
    if re.search(rf"\b{re.escape(bare)}\b", known):
        return True
    if not english or not bare.isascii():
        return bool(re.search(rf"\b{re.escape(bare[: max(_NAME_PREFIX, len(bare) - 4)])}", known))
    return any(same_name(bare, other) for other in re.findall(r"\w+", known)) or (
        name.isupper() and name.casefold() in _initials(source)
    )


def same_name(one: str, other: str) -> bool:
    """Say whether two names in lower case differ by their endings only: Ukraine, Ukrainian."""
    if one == other or any(one in names and other in names for names in _SAME_NAMES):
        return True
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    return any(
        one[length:] in _ENDINGS and other[length:] in _ENDINGS
        for length in range(max(_STEM, shared - 2), shared + 1)
    )


def is_short(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Say whether one run of names is the first letters of another: EU, European Union."""
    return any(
        len(short) == 1
        and short[0].text.isupper()
        and short[0].low == "".join(word.low[0] for word in long)
        for short, long in ((one, other), (other, one))
    )


def _initials(source: str) -> set[str]:
    """Return the first letters of each run of capitalised words: "eu" of "European Union"."""
    runs = re.findall(r"[^\W\d_a-z]\w+(?:(?: of| and| the| for)* [^\W\d_a-z]\w+)+", source)
    found = set()
    for run in runs:
        capital = [word[0] for word in run.split() if word[0].isupper()]
        found |= {
            "".join(capital[i:j]).casefold()
            for i in range(len(capital))
            for j in range(i + 2, len(capital) + 1)
        }
    return found
