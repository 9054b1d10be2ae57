"""What a question says of itself: sources, phrases and names, and the chips that can be removed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.mentions import named_sources
from index.understand import Understood, understand

NOW = dt.date(2023, 10, 18)
SOURCES = (
    "The Verge",
    "TechCrunch",
    "Time",
    "Wired",
    "Fortune",
    "Reuters",
    "The Age",
    "The Sun",
    "BBC",
    "BBC Sport",
    "Cnbc | World Business News Leader",
    "The Independent - Life and Style",
    "The Independent - Sports",
    "FOX News - Health",
    "Live Science: The Most Interesting Articles",
    "Arts & Letters Daily",
    "nytimes.com",
    "polygon.com",
    "Sky Sports",
    "Business Line",
    "This Week",
    "St. Louis Post",
    "Yahoo! News",
    "Le Monde",
    "Which?",
    "It",
    "新华社",
    "조선일보",
)
INDEPENDENT = ("The Independent - Life and Style", "The Independent - Sports")

NAMED = {
    "What did The Verge report?": ["The Verge"],
    "as the Verge and Time say": ["The Verge", "Time"],
    "Is The Verge's review of Fortune's list right?": ["The Verge", "Fortune"],
    "'The Age' and “Wired” and Reuters": ["The Age", "Wired", "Reuters"],
    "Did BBC Sport say so?": ["BBC Sport"],
    "Did the BBC, sport aside, say so?": ["BBC"],
    "What did CNBC report?": ["Cnbc | World Business News Leader"],
    "By Fox News or Live Science?": ["FOX News - Health", SOURCES[14]],
    "Does FOX News - Health say so?": ["FOX News - Health"],
    "Is Arts and Letters Daily right?": ["Arts & Letters Daily"],
    "on nytimes.com or in Polygon": ["nytimes.com", "polygon.com"],
    "St. Louis Post or Yahoo! News": ["St. Louis Post", "Yahoo! News"],
    "Time reported that": ["Time"],
    "The Sun?": ["The Sun"],
    "According to Which? it is It": ["Which?"],
    "Did Techcrunch or techcrunch say so?": ["TechCrunch", "TechCrunch"],
    "据新华社报道": ["新华社"],
    "조선일보가 보도한": ["조선일보"],
    # all in lower case, in capitals, or each word with one
    "what did techcrunch and the verge say about apple": ["TechCrunch", "The Verge"],
    "what does wired, reuters and techcrunch say": ["Wired", "Reuters", "TechCrunch"],
    "according to time, what is new": ["Time"],
    "what is said in wired about it": ["Wired"],
    "is the fortune article reported by reuters": ["Fortune", "Reuters"],
    "did fortune say so": ["Fortune"],
    "sky sports and cnbc": ["Sky Sports", "Cnbc | World Business News Leader"],
    "WHAT DID THE VERGE SAY": ["The Verge"],
    "What Did The Verge Say About Time Travel Today": ["The Verge"],
}
NOT_NAMED = """
at that time, on the verge|At that time reported cases rose|Time is running out|the age of reason
The age of wired phones|Fortune 500 firms|Time Warner|Did Big Time win?|Is it IT or it?
Did Apple open a business line?|did it arrive in time|from time to time he said so
what was said in the age of steam|this week
Which article said so?|the sun is hot|WHAT TIME IS IT|How Did They Do It In Time
a verge|Wiredly|techcrunchy|新華|X
"""


def sources_of(question: str) -> list[str]:
    found = understand(question, SOURCES, now=NOW).sources
    return [name for one in found for name in one.names]


@pytest.mark.parametrize(("question", "named"), NAMED.items())
def test_sources_are_named_as_people_write_them(question: str, named: list[str]) -> None:
    assert sources_of(question) == named
    assert named_sources(question, SOURCES) == set(named)


@pytest.mark.parametrize("question", NOT_NAMED.strip().replace("\n", "|").split("|"))
def test_a_common_word_is_no_source(question: str) -> None:
    assert sources_of(question) == []


def test_what_several_sources_share_names_them_all() -> None:
    found = understand("Did The Independent say so?", SOURCES, now=NOW)
    (one,) = found.sources
    assert (one.names, one.shown) == (INDEPENDENT, "The Independent")
    assert [chip.label for chip in found.chips] == ["from: The Independent"]
    exact = (*SOURCES, "The Independent")
    assert named_sources("Did The Independent say so?", exact) == {"The Independent"}
    assert named_sources("Did The Independent - Sports say so?", exact) == {INDEPENDENT[1]}


def test_a_question_comes_apart() -> None:
    question = (
        "Did The Verge's report on the iPhone 15 by Ana de Souza after October 10, 2023, call it "
        "'a small miracle', as Bank of Japan's J. P. Ito did in Time?"
    )
    found = understand(question, SOURCES, now=NOW)
    assert [question[one.start : one.end] for one in found.sources] == ["The Verge", "Time"]
    assert [question[one.start : one.end] for one in found.dates] == ["after October 10, 2023"]
    assert [question[slice(*span)] for span in found.quoted] == ["a small miracle"]
    assert [question[slice(*span)] for span in found.names] == [
        "iPhone 15",
        "Ana de Souza",
        "Bank of Japan",
        "J. P. Ito",
    ]
    assert [(chip.kind, chip.value, chip.label) for chip in found.chips] == [
        ("source", "The Verge", "from: The Verge"),
        ("date", "2023-10-11/..", "after: 10 Oct 2023"),
        ("source", "Time", "from: Time"),
    ]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who is Sam Bankman-Fried's friend?", ["Sam Bankman-Fried"]),
        ("Did Apple sue Epic Games?", ["Apple", "Epic Games"]),
        ("Germany won. Apple lost. NASA flew.", ["NASA"]),
        ("Sam Altman left, O'Neill stayed", ["Sam Altman", "O'Neill"]),
        ("Does The Lord of the Rings beat eBay?", ["Lord of the Rings", "eBay"]),
        ("Is GPT-4 or covid-19 in the U.S. news?", ["GPT-4", "covid-19", "U.S."]),
        ("What does April bring on Friday?", []),
        ("Is Black Friday like Theresa May?", ["Black Friday", "Theresa May"]),
        ("May I ask who I'm and what I've?", []),
        ("is gpt-4 better than the iphone", ["gpt-4"]),
        ("WHAT DID APPLE SAY OF GPT-4", ["GPT-4"]),
        ("Was “Stop Making Sense” written by Čapek?", ["Čapek"]),
        ("苹果公司说了什么", []),
    ],
)
def test_names_are_told_by_their_capitals(question: str, names: list[str]) -> None:
    found = understand(question, (), now=NOW)
    assert [question[slice(*span)] for span in found.names] == names


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ('What is "the plan" of “one” and ‘two’s’?', ["the plan", "one", "two’s"]),
        ("Who said «oui» or „ja“ or 「好的」 or 《書》?", ["oui", "ja", "好的", "書"]),
        ("Is 'the dog's dinner' the players' or the '90s' choice?", ["the dog's dinner"]),
        ('Is a 5" pipe or a 6" one right?', []),
        ("“What is said of this?”", []),
        ("What do 'The Age' and '2023-10-10' say?", []),
        ("Is '…' empty?", []),
    ],
)
def test_what_stands_in_quotation_marks_is_a_phrase(question: str, quoted: list[str]) -> None:
    found = understand(question, SOURCES, now=NOW)
    assert [question[slice(*span)] for span in found.quoted] == quoted


def test_a_phrase_is_no_source_and_no_day() -> None:
    found = understand("Who wrote 'The Verge of 5 October 2023'?", SOURCES, now=NOW)
    assert (found.sources, found.dates, len(found.quoted)) == ((), (), 1)


def test_a_title_is_known_in_quotation_marks() -> None:
    titles = ("The Bridge at Ostrava", "Otters", "the bridge, at Ostrava")
    question = "What does “The bridge at Ostrava” say of 'otters' and The Bridge at Ostrava?"
    found = understand(question, SOURCES, now=NOW, known_titles=titles)
    assert [one.names for one in found.titles] == [(titles[0], titles[2])]
    assert [chip.label for chip in found.chips] == ["title: The Bridge at Ostrava"]
    back = understand(
        question, SOURCES, now=NOW, known_titles=titles, without=["TITLE: the bridge at ostrava"]
    )
    assert (back.titles, back.chips, back.quoted) == ((), (), found.quoted)


def test_what_is_taken_back_is_a_name_at_most() -> None:
    question = "Did Time say on 5 October that Time and BBC Sport are late?"
    found = understand(question, SOURCES, now=NOW)
    assert [chip.label for chip in found.chips] == [
        "from: Time",
        "on: 5 Oct 2023",
        "from: BBC Sport",
    ]
    back = understand(question, SOURCES, now=NOW, without=["FROM: TIME", "from: bbc sport", "?"])
    assert back.sources == ()
    assert [question[slice(*span)] for span in back.names] == ["Time", "Time", "BBC Sport"]
    assert [chip.label for chip in back.chips] == ["on: 5 Oct 2023"]


def test_today_is_the_day_on_which_it_is_asked() -> None:
    before = dt.datetime.now(dt.UTC).astimezone().date()
    (found,) = understand("What is in today's news?", ()).dates
    after = dt.datetime.now(dt.UTC).astimezone().date()
    assert found.since in (before.isoformat(), after.isoformat())


def places(found: Understood) -> list[tuple[int, int]]:
    sources = [(one.start, one.end) for one in found.sources]
    dates = [(one.start, one.end) for one in found.dates]
    return sorted([*sources, *dates, *found.quoted, *found.names])


_SAID = st.sampled_from(
    [
        *SOURCES,
        *"time the verge and ' \" “ ” after in 2023 of GPT-4 said , . since Monday Altman".split(),
        *("5 October 2023", "the bridge", " "),
    ]
)
_QUESTIONS = st.one_of(
    st.text(max_size=120),
    st.lists(_SAID, max_size=15).map(" ".join),
    st.lists(_SAID, max_size=15).map("".join),
)


@given(_QUESTIONS, st.lists(st.one_of(st.sampled_from(SOURCES), st.text(max_size=12))))
@example("\x00 “‘\u202e«" + "İß" * 20, ["ß", "İ", "", " ", "\x00", "a\nb"])
def test_whatever_is_asked_is_understood_in_parts(question: str, sources: list[str]) -> None:
    found = understand(question, sources, now=NOW, known_titles=sources)
    end = 0
    for start, stop in places(found):
        assert end <= start < stop <= len(question)
        end = stop
    labels = [chip.label.casefold() for chip in found.chips]
    assert len(set(labels)) == len(labels)
    assert [chip.start for chip in found.chips] == sorted(chip.start for chip in found.chips)
    assert all(0 <= chip.start < chip.end <= len(question) for chip in found.chips)
    assert all(set(one.names) <= set(sources) for one in found.sources)
    assert understand(question, sources, now=NOW, known_titles=sources) == found
    assert understand(question, sources[::-1], now=NOW, known_titles=sources) == found


@given(_QUESTIONS, st.data())
def test_a_label_takes_back_what_it_says_and_nothing_else(
    question: str, data: st.DataObject
) -> None:
    titles = ("the bridge and the verge", "said the bridge")
    found = understand(question, SOURCES, now=NOW, known_titles=titles)
    labels = [chip.label for chip in found.chips]
    removed = data.draw(st.sets(st.sampled_from(labels)) if labels else st.just(set[str]()))
    back = understand(question, SOURCES, now=NOW, known_titles=titles, without=removed)
    assert back.chips == tuple(chip for chip in found.chips if chip.label not in removed)
    assert back.quoted == found.quoted
    assert set(back.sources) <= set(found.sources)
    assert set(back.dates) <= set(found.dates)


@pytest.mark.parametrize("piece", [*SOURCES, "' ", '"a', "« ", "A. ", "in time ", "新", "of A "])
def test_an_endless_question_is_read_too(piece: str) -> None:
    question = f"{piece} " * (4_000 // (len(piece) + 1))
    found = understand(question, SOURCES, now=NOW)
    assert all(stop <= len(question) for _, stop in places(found))
