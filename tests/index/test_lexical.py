"""Passages are ranked by the words of a question, in any language; no question is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import analyze
from index.filter import Filter
from index.home import Home
from index.lexical import Lexical
from tests.index.syncing import sync

_ARTICLES = {
    "zh": "书籍是人类进步的阶梯，图书馆每天开放。",
    "ja": "東京タワーの近くで新しい博物館が開いた。",
    "th": "นักวิจัยพบปลาวาฬในอ่าวไทยเมื่อวานนี้",
    "ko": "서울에서 새로운 도서관이 문을 열었다.",
    "de": "Die alten Häuser am Hafen wurden verkauft.",
    "fr": "Les résultats de l’élection présidentielle sont contestés.",
    "ru": "Учёные нашли древнюю книгу в монастыре.",
    "ar": "افتتحت الوزارة مدرسة جديدة في القرية.",
    "hi": "पुस्तकालय में नई किताबें आई हैं।",
    "tr": "Öğrenciler kitapları kütüphaneye götürdü.",
    "en": "She runs a bakery in Ulm that sold 1,200 loaves in August.",
}


@pytest.fixture
def home_of_the_world(home: Home, tmp_path: Path) -> Home:
    for language, text in _ARTICLES.items():
        head = f"---\ntitle: About {language}x\nsource: Post {language}x\nauthor: Eva Malá\n"
        date = "published_at: 2024-08-19\n" if language == "en" else ""
        article = f"{head}language: {language}\n{date}---\n{text}\n"
        (tmp_path / f"{language}.md").write_text(article, "utf-8")
    sync(home, [tmp_path / f"{language}.md" for language in _ARTICLES])
    return home


def _first(home: Home, question: str) -> str | None:
    ranked = Lexical(home.catalog).rank(question, 5)
    return home.catalog.passages([ranked[0][0]])[ranked[0][0]][1].language if ranked else None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("哪里有书籍？", "zh"),
        ("博物館はどこですか", "ja"),
        ("พบปลาวาฬที่ไหน", "th"),
        ("도서관은 어디에 있습니까?", "ko"),
        ("서울은", "ko"),
        ("Wem gehört das Haus?", "de"),
        ("Hauser", "de"),
        ("hafen", "de"),
        ("Was there fraud in the elections?", "fr"),
        ("resultat", "fr"),
        ("книги", "ru"),
        ("ученый с книгами", "ru"),
        ("المدرسة", "ar"),
        ("किताब", "hi"),
        ("kitap", "tr"),
        ("OGRENCILER", "tr"),
        ("Who is running a bakery?", "en"),
        ("1200", "en"),
        ("in August 2024", "en"),
        ("19 August", "en"),
        ("2024-08-19", "en"),
        ("12", None),
        ("1,2", None),
        ("dex", "de"),
        ("post frx", "fr"),
    ],
)
def test_an_article_is_found_in_its_language(
    home_of_the_world: Home, question: str, language: str | None
) -> None:
    assert _first(home_of_the_world, question) == language


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n",
        "?!.,;",
        "the of and",
        'NEAR("runs bakery", 2)',
        '"',
        '"" OR ""',
        "runs*",
        "title: runs",
        "{title body} : runs",
        "runs AND NOT bakery OR (",
        "^runs + bakery - ulm",
        "runs\x00bakery\x1b\x7f",
        "\ud800 runs \udfff",
        "\u0301\u0302",
        "'; DROP TABLE words; --",
        "猫",
        "runs " * 800,
        "x" * 4_000,
        "人类进步" * 1_000,
    ],
)
def test_a_bad_question_is_plain_words(home_of_the_world: Home, question: str) -> None:
    assert len(Lexical(home_of_the_world.catalog).rank(question, 5)) <= 5
    if "runs" in question:
        assert _first(home_of_the_world, question) == "en"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_question_is_ranked(home_of_the_world: Home, question: str) -> None:
    scores = [score for _, score in Lexical(home_of_the_world.catalog).rank(question, 3)]
    assert scores == sorted(scores, reverse=True)


def test_the_words_that_count_are_told_with_their_frequencies(home: Home, tmp_path: Path) -> None:
    texts = ["storm hit the coast", "storm over Ulm", "storm and rain", "calm sea", "calm lake"]
    for i, text in enumerate(texts):
        (tmp_path / f"{i}.md").write_text(f"---\nlanguage: en\n---\n{text}", "utf-8")
    sync(home, [tmp_path / f"{i}.md" for i in range(3)])
    lexical = Lexical(home.catalog)
    assert lexical.frequency("storm") == 3
    assert lexical.frequency("calm") == 0
    assert lexical.terms("Storms of unicorns") == [("storm",), ("unicorn",)]
    words = "storm coast Ulm rain hit unicorn"
    assert [forms[0] for forms in lexical.terms(words)] == words.lower().split()
    words = "coast over Ulm rain hit unicorn"
    assert [forms[0] for forms in lexical.terms(f"storm {words}")] == words.lower().split()
    sync(home, [tmp_path / f"{i}.md" for i in range(5)])
    assert lexical.frequency("calm") == 2


def test_a_filter_lets_only_its_articles_through(home_of_the_world: Home) -> None:
    lexical = Lexical(home_of_the_world.catalog)
    every = dict(lexical.rank("Eva Malá", 99))
    assert len(every) == len(_ARTICLES)
    some = lexical.rank("Eva Malá", 99, Filter.of(sources=["Post frx", "Post enx"]))
    assert len(some) == 2
    assert all(every[id] == score for id, score in some)


def test_terms_are_kept_by_field(home_of_the_world: Home) -> None:
    catalog = home_of_the_world.catalog
    assert {*catalog.languages()} == {*_ARTICLES}
    ids = [id for id, _ in Lexical(catalog).rank("bakery", 1)]
    (fields,) = catalog.analysed([*ids, "no passage"]).values()
    assert fields == (
        "about enx",
        "post enx eva mala",
        "2024 08 19 19 august 2024",
        "",
        " ".join(analyze(_ARTICLES["en"], "en")),
    )


def test_a_removed_word_is_found_no_more(home: Home, folder: Path) -> None:
    sync(home, [folder])
    lexical = Lexical(home.catalog)
    assert lexical.rank("otters", 5)
    (folder / "otters.txt").unlink()
    sync(home, [folder])
    assert lexical.rank("otters", 5) == []
    assert lexical.frequency("otter") == 0
