"""What a quote carries, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.answer import Verdict
from kb.cite import DraftSentence, draft_sentences
from kb.verify import WordVerifier
from kb.words import names, numbers, surnames

CONTEXT = "Kyiv counts (Sample Wire) 13 August 2024\nZelensky spoke on Tuesday in Kyiv."
QUOTE = "He said that 1,150 square kilometres and 82 settlements were under Ukrainian control."


def cut(pieces: list[str]) -> list[DraftSentence]:
    return [sentence for done in draft_sentences(pieces) for sentence in done]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("1150 square kilometres and 82 settlements were under Ukrainian control.", "partial"),
        ("Zelensky said that 82 settlements were under control.", "supported"),
        ("On 13 August 2024 he said that 82 settlements were under control.", "supported"),
        ("He said that 1150 square kilometres were under Ukrainian control.", "supported"),
        ("On 13 August 2024, 82 settlements were under Ukrainian control.", "partial"),
        ("Ukraine controlled 1,150 square kilometres.", "partial"),
        ("12 settlements were under Ukrainian control.", "unsupported"),
        ("1,151 square kilometres were under control.", "unsupported"),
        ("13 settlements were under Ukrainian control.", "unsupported"),
        ("In 2024, 82 settlements were under Ukrainian control.", "partial"),
        ("82 settlements were repaired under Ukrainian control.", "partial"),
        ("Quare said that 82 settlements were under control.", "unsupported"),
        ("82 million settlements were under Ukrainian control.", "unsupported"),
        ("Volodymyr Zelensky said that 82 settlements were under control.", "supported"),
        ("Vladimir Putin said that 82 settlements were under control.", "unsupported"),
        ("82 settlements were not under Ukrainian control.", "unsupported"),
        ("Putin said that 82 settlements were under Ukrainian control.", "unsupported"),
        ("On 14 August, 82 settlements were under Ukrainian control.", "unsupported"),
        ("Tomatoes are cheaper in the market this week.", "unsupported"),
    ],
)
def test_numbers_names_negations_and_words_must_be_there(sentence: str, verdict: str) -> None:
    assert WordVerifier().verify(sentence, QUOTE, CONTEXT)[0].value == verdict


def test_a_negation_left_out_is_never_full_support() -> None:
    verdict, _ = WordVerifier().verify("The bridge was closed.", "The bridge was not closed.", "")
    assert verdict is not Verdict.SUPPORTED


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_a_score_is_between_nought_and_one(sentence: str, quote: str, context: str) -> None:
    verdict, score = WordVerifier().verify(sentence, quote, context)
    assert 0 <= score <= 1
    assert verdict in Verdict


SENTENCES = [
    "Die Brücke über die Oder wurde am Montag nicht gesperrt, sagte Bürgermeister Jan Dohnal.",
    "Le pont n'a pas été fermé lundi, selon le maire, qui parle de 3,2 millions d'euros.",
    "El alcalde dijo que el puente no se cerró el lunes.",
    "Мэр заявил, что мост в понедельник не закрывали.",
    "市长表示,星期一没有关闭大桥。",
    "知事は月曜日に橋を閉鎖しなかったと述べた。",
    "The bridge was not closed, he denied on Monday, and 3.2 million euros may be lost.",
]


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.sampled_from(SENTENCES), st.text(max_size=60), st.text(max_size=60)
)
def test_a_copy_is_always_carried(sentence: str, before: str, context: str) -> None:
    assume(any(c.isalnum() for c in sentence))
    verify = WordVerifier().verify
    assert verify(sentence, sentence, context) == (Verdict.SUPPORTED, 1.0)
    assert verify(" ".join(sentence.split()), sentence, context) == (Verdict.SUPPORTED, 1.0)
    quote = f"{before}. {sentence}"
    assert verify(sentence, quote, context) == (Verdict.SUPPORTED, 1.0)


def test_a_clause_of_a_sentence_is_no_copy_of_it() -> None:
    quote = "It is not true that the bridge was closed."
    verdict, _ = WordVerifier().verify("the bridge was closed.", quote, "")
    assert verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "quote", "shown"),
    [
        ("Die Brücke wurde am Montag gesperrt.", "Die alte Brücke wurde am Montag gesperrt.", True),
        ("Die Brücke wurde 1999 gesperrt.", "Die alte Brücke wurde 1989 gesperrt.", False),
        ("Angela Merkel sperrte die Brücke.", "Olaf Scholz sperrte die Brücke.", False),
        ("Le pont a été fermé lundi.", "Le vieux pont a été fermé lundi soir.", True),
        ("Macron a fermé le pont.", "Scholz a fermé le pont.", False),
        ("El puente se cerró en 1999.", "El puente viejo se cerró en 1989.", False),
        ("Мост закрыли в понедельник.", "Старый мост закрыли в понедельник вечером.", True),
        ("Путин закрыл мост.", "Шольц закрыл мост.", False),
        ("大桥在星期一关闭。", "旧的大桥在星期一关闭。", True),
        ("大桥有300米。", "大桥有200米。", False),
        ("大桥有300米。", "大桥约有300米长。", True),
    ],
)
def test_other_languages_are_compared_by_words_numbers_and_names(
    sentence: str, quote: str, shown: bool
) -> None:
    verdict, _ = WordVerifier().verify(sentence, quote, "")
    assert (verdict is not Verdict.UNSUPPORTED) == shown


def test_numbers_are_compared_by_value() -> None:
    assert numbers("1,150 km, 3.5 million, eleven men, 2024, $4bn, 7%, 1 234") == {
        *("1150", "3.5 million", "11", "2024", "4 billion", "7 percent", "1234"),
    }
    assert numbers("no1 here") == set()
    assert numbers("Twenty-five of ninety, and plenty-one") == {"25", "90"}
    assert numbers("In August 2024 300 soldiers") == {"2024", "300"}


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert names('Troops left. Villages burned. "Nobody came," said Anna Reid.') == ["Anna", "Reid"]


def test_a_surname_tells_who_it_is_in_any_alphabet() -> None:
    assert surnames("Emmett Shear replaced Mira Murati.") == ["Shear", "Murati"]
    assert surnames("The größte naïve plan of Łukasz Żak and Олена Шевченко") == ["Żak", "Шевченко"]


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), max_size=6), st.integers(1, 7))
def test_markers_are_found_however_the_draft_is_cut(markers: list[int], size: int) -> None:
    draft = "".join(f"Sentence with marker {n} follows [{n}]. " for n in markers)
    pieces = [draft[i : i + size] for i in range(0, len(draft), size)]
    assert [one.numbers for one in cut(pieces)] == [(n,) for n in markers]
    assert cut(pieces) == cut([draft])


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("One. [1] Two. [2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One [1][2]. Two [3, 1].", [("One.", (1, 2)), ("Two.", (3, 1))]),
        ("One [1-3].", [("One.", (1, 2, 3))]),
        ("One 【2】.", [("One.", (2,))]),
        ("- One [1]\n- Two [2]\n", [("One", (1,)), ("Two", (2,))]),
        ("[1]", []),
        ("", []),
        ("It is [[1]2] so [3].", [("It is (2) so.", (1, 3))]),
        ("It cost [sic] 3 euros.", [("It cost [sic] 3 euros.", ())]),
    ],
)
def test_markers_belong_to_their_sentence(
    draft: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(one.text, one.numbers) for one in cut([draft])] == expected
    assert [(one.text, one.numbers) for one in cut(list(draft))] == expected
