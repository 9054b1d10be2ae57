"""Texts become terms: the same for what is meant to be the same, whatever the text is."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import analyze, made_by, query_terms
from index.lexical import match_expression
from index.schema import WORDS

_LANGUAGES = st.sampled_from(
    [None, "ar", "de", "el", "en", "es", "fa", "fr", "hi", "ru", "tr", "x"]
)
_ACCENTED = st.text("aceinosuyzAEINOSUZàâäåçéèêëíîïñóôöõúüýžÀÉÎÑÖŠÜŽ '’.1", max_size=60)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", "running runs run RUN run's run’s"),
        ("de", "Häuser Haus Hauses HÄUSER Hauser"),
        ("de", "Straße Strasse STRASSE Straßen"),
        ("fr", "élection elections ÉLECTIONS election"),
        ("es", "canción canciones CANCION"),
        ("ru", "книга книги книгой КНИГ"),
        ("ar", "مدرسة مَدْرَسَةٌ المدرسة"),
        ("hi", "किताब किताबें"),
        ("tr", "kitapları kitap KİTAP"),
        ("tr", "ısı ISI"),
        ("sr", "kuća кућа"),
        ("el", "Ελλάδα ΕΛΛΑΔΑ"),
        ("ar", "٢٠٢٤ 2024 ２０２４"),
        ("fa", "می‌خواهم ميخواهم"),
        (None, "running runs"),
        ("en", "Ørsted Orsted ØRSTED"),
        ("pl", "Łódź Lodz"),
        ("en", "CO₂ CO2"),
        ("en", "U.S. US U.S U.S.'s"),
        ("en", "Orbán Orba\u0301n Orba\u00adn ORBÁN Orban"),
        ("en", "ﬁle file ＦＩＬＥ"),
    ],
)
def test_these_words_have_a_term_in_common(language: str | None, texts: str) -> None:
    first, *others = texts.split()
    common = set(analyze(first, language))
    for other in others:
        common &= set(analyze(other, language))
    assert common


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("Kim's Bankman-Fried, snake_case", "en", "kim bankman fri snake case"),
        ("paid 1,200 or 1200, at 3.5%", "en", "paid 1200 or 1200 at 3.5"),
        ("1,200,300.25 and 1,00,000", "en", "1200300.25 and 100000"),
        ("1\u00a0200 1\u202f200,5 1’200 12", "fr", "1200 1200.5 1200 12"),
        ("1.200 1.200.000,5 3,5", "de", "1200 1200000.5 3.5"),
        ("1.200 and 3,5 and 0,125", "en", "1.200 and 3 5 and 0 125"),
        ("2024-08-19 19.8.2024 3.11.2", "en", "2024 08 19 19 8 2024 3 11 2"),
        ("a 5G A380 in the 1990s, text¹", "en", "a 5g a380 in the 1990s text"),
        ("At 5 p.m. J.K. Rowling; example.com", "en", "at 5 pm jk rowl exampl com"),
        ("人类进步2024年", "zh", "人类 类进 进步 2024 年"),
        ("東京タワーの中", None, "東京 京タ タワ ワー ーの の中"),
        ("ｶﾞｽ猫 Tシャツ", "en", "ガス ス猫 t シャ ャツ"),
        ("ภาษาไทย", "th", "ภา าษ ษา าไ ไท ทย"),
        ("ភាសា", "km", "ភាសា"),
        ("မြန်မာ", "my", "မြန် န်မာ"),
        ("서울에서 BTS는 물", "ko", "서울에서 서울 울에 에서 bts 는 물"),
        ("his élevé", "fr", "his elev"),
        ("", "en", ""),
        ("... \x00\ud800 --- ½", "en", ""),
    ],
)
def test_a_text_has_these_terms(text: str, language: str | None, terms: str) -> None:
    assert analyze(text, language) == terms.split()


@given(st.text(max_size=80), _LANGUAGES)
def test_every_term_of_any_text_is_found_again(text: str, language: str | None) -> None:
    terms = analyze(text, language)
    assert " ".join(terms).split() == terms
    db = sqlite3.connect(":memory:")
    db.execute(WORDS)
    db.execute("INSERT INTO words (rowid, body) VALUES (1, ?), (2, ' ')", (" ".join(terms),))
    for term in terms:
        found = db.execute("SELECT rowid FROM words WHERE words MATCH ?", [f'"{term}"']).fetchall()
        assert found == [(1,)]
    vocabulary = "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, row)"
    db.execute(vocabulary)
    assert {row[0] for row in db.execute("SELECT term FROM temp.terms")} == set(terms)
    db.close()


@given(_ACCENTED, _LANGUAGES)
@example("A.À", None)
def test_a_question_without_accents_finds_what_has_them(text: str, language: str | None) -> None:
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in parts if not unicodedata.combining(char))
    assert set(analyze(bare, language)) <= set(analyze(text, language))
    assert analyze(parts, language) == analyze(text, language)


@given(st.text(max_size=80), st.lists(_LANGUAGES, max_size=4))
def test_a_question_has_the_terms_of_a_text(question: str, languages: list[str | None]) -> None:
    terms = query_terms(question, languages)
    for language in languages or [None]:
        assert {form for forms in terms for form in forms} or not analyze(question, language)
    known = {term for one in languages or [None] for term in analyze(question, one)}
    assert {form for forms in terms for form in forms} <= known
    assert len(set(terms)) == len(terms)
    match_expression(form for forms in terms for form in forms).encode()


@pytest.mark.parametrize(
    "piece",
    "a e\u0301\u0323 漢 漢\u0301\u0323 1 1,111, 1'11 a. a's 한 ก็ ' \u200d \ud800a 1.1 ﷺ".split(),
)
def test_a_text_without_end_is_read_in_time(piece: str) -> None:
    assert len(analyze(piece * 300_000, "en")) < 1_200_000


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    asked = query_terms("When did the otters come back to the Odra?", ["en"])
    assert asked == [("otter",), ("come",), ("back",), ("odra",)]
    assert query_terms("What is it?", ["en"]) == [("what",), ("is",), ("it",)]
    assert query_terms("What's his?", []) == [("what",), ("his",)]


def test_an_acronym_is_no_stop_word() -> None:
    assert query_terms("Did the WHO and the U.S. do IT?", ["en"]) == [("who",), ("us",), ("it",)]
    assert query_terms("WHO IS THE MAYOR", ["en"]) == [("mayor",)]


def test_a_word_of_a_question_comes_as_each_language_has_it() -> None:
    assert query_terms("running Häuser", ["en", "de"]) == [("run", "running"), ("hauser", "haus")]
    assert query_terms("Odra 1.200", ["en", "de"]) == [("odra",), ("1.200", "1200")]
    assert query_terms("3,5", ["en", "de"]) == [("3",), ("5",), ("3.5",)]


def test_a_long_question_is_asked_by_its_first_words() -> None:
    asked = query_terms(" ".join(f"x{i}" for i in range(500)), ["en"])
    assert asked == [(f"x{i}",) for i in range(64)]
    assert len(query_terms("".join(map(chr, range(0x4E00, 0x5E00))), ["zh"])) == 64


def test_what_made_the_terms_is_told() -> None:
    assert made_by() == made_by() != ""
