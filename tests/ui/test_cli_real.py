"""The commands on a real knowledge base: words hashed into vectors, answers that are quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kb import open_knowledge_base
from ui.cli import app
from ui.wire import answer_json

LUNA = """---
title: Luna-25 is lost
source: Sample Wire
published_at: 2023-08-21
---
# Luna-25 is lost

The probe Luna-25 crashed into the Moon on 19 August 2023. Roscosmos lost contact with it at 14:57.
"""
BANK = """---
title: A bank is sold
source: Sample Ledger
published_at: 2023-03-28
---
First Citizens bought the deposits and loans of Silicon Valley Bank. The regulator keeps the rest.
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two articles, synced by the command."""
    monkeypatch.setenv("KB_EMBEDDER", "hashing")
    monkeypatch.setenv("KB_MODEL", "quotes")
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "luna.md").write_text(LUNA, encoding="utf-8")
    (articles / "bank.md").write_text(BANK, encoding="utf-8")
    result = kb("sync", str(articles))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("2 added, 0 updated, 0 removed, 0 kept; ")
    return tmp_path / "home"


def kb(*arguments: str) -> Result:
    """Run ``kb``."""
    return CliRunner().invoke(app, list(arguments))


def test_the_command_and_python_give_the_same_answer(home: Path) -> None:
    question = "Who bought Silicon Valley Bank?"
    told = json.loads(kb("ask", question, "--json").stdout)
    with open_knowledge_base(home) as knowledge_base:
        given = json.loads(json.dumps(answer_json(knowledge_base.ask(question))))
    assert told.keys() == given.keys()
    assert {**told, "timings": 0} == {**given, "timings": 0}


def test_every_quote_is_what_the_article_has_there(home: Path) -> None:
    told = json.loads(kb("ask", "When did the probe Luna-25 crash into the Moon?", "--json").stdout)
    assert told["citations"]
    for citation in told["citations"]:
        shown = kb("articles", "show", citation["article"]["uri"], "--json")
        text = json.loads(shown.stdout)["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_answer_in_words_has_its_footnotes(home: Path) -> None:
    result = kb("ask", "When did the probe Luna-25 crash into the Moon?")
    assert result.exit_code == 0
    assert "[1] Luna-25 is lost · Sample Wire · 2023-08-21" in result.stdout


def test_what_the_articles_do_not_answer_ends_with_3(home: Path) -> None:
    result = kb("ask", "What is the capital of Mongolia?")
    assert result.exit_code == 3
    assert result.stdout.strip()


def test_search_finds_the_article_first(home: Path) -> None:
    hits = json.loads(kb("search", "Luna-25 crashed", "--json").stdout)["hits"]
    assert hits[0]["article"]["title"] == "Luna-25 is lost"


def test_a_second_sync_keeps_and_a_binary_file_is_skipped(home: Path) -> None:
    articles = home.parent / "articles"
    (articles / "broken.md").write_bytes(b"\x00\xff\xfe" * 50)
    result = kb("sync", str(articles), "--json")
    assert result.exit_code == 4
    report = json.loads(result.stdout)
    assert report["kept"] == 2
    assert "broken.md" in report["skipped"][0]["uri"]


def test_a_locked_home_is_told_in_one_line(home: Path) -> None:
    with open_knowledge_base(home):
        result = kb("search", "Luna-25")
        checks = json.loads(kb("doctor", "--json").stdout)["checks"]
    assert result.exit_code == 1
    assert "is in use by" in result.stderr
    assert result.stderr.count("\n") == 1
    assert {each["name"]: each["state"] for each in checks}["home"] == "warn"


def test_a_home_that_is_not_there_is_not_made_by_asking(home: Path) -> None:
    nowhere = home.parent / "nowhere"
    for command in (["ask", "q"], ["search", "q"], ["articles"], ["chat"]):
        result = kb(*command, "--home", str(nowhere))
        assert result.exit_code == 1
        assert "kb sync" in result.stderr
    assert not nowhere.exists()


@pytest.mark.parametrize("question", ["", "  \n ", "word " * 20_000])
def test_a_bad_question_is_one_line(home: Path, question: str) -> None:
    result = kb("ask", question)
    assert result.exit_code == 1
    assert result.stderr.startswith("kb: ")
    assert result.stderr.count("\n") == 1


def test_an_unknown_model_is_one_line(home: Path) -> None:
    result = kb("ask", "q", "--model", "no-such-model")
    assert result.exit_code == 1
    assert "no-such-model" in result.stderr


def test_an_export_is_read_back_as_the_same_articles(home: Path) -> None:
    corpus, again = home.parent / "corpus.jsonl", str(home.parent / "again")
    result = kb("articles", "export", str(corpus))
    assert result.exit_code == 0, result.output
    assert result.stderr == f"kb: 2 articles in {corpus}\n"
    assert kb("sync", str(corpus), "--home", again).exit_code == 0
    for one in json.loads(kb("articles", "--json").stdout)["articles"]:
        before = json.loads(kb("articles", "show", one["id"], "--json").stdout)
        after = json.loads(kb("articles", "show", one["id"], "--json", "--home", again).stdout)
        assert after["uri"] == f"corpus.jsonl#{one['id']}"
        differs = {"uri": "", "origins": {}}
        assert {**after, **differs} == {**before, **differs}


def test_what_is_removed_stays_away_until_it_is_readmitted(home: Path) -> None:
    articles = str(home.parent / "articles")
    under = ("--under", f"{articles}/luna.md")
    removed = json.loads(kb("articles", "remove", *under, "--yes", "--json").stdout)["removed"]
    assert [each["uri"] for each in removed] == ["articles/luna.md"]
    assert json.loads(kb("sync", articles, "--json").stdout)["added"] == []
    assert kb("articles", "list", "--removed").stdout.endswith("\tarticles/luna.md\n")
    assert kb("compact").exit_code == 0
    assert "Roscosmos lost contact" not in _bytes(home)
    assert kb("articles", "readmit", "articles/luna.md").exit_code == 0
    assert json.loads(kb("sync", articles, "--json").stdout)["added"] == ["articles/luna.md"]


def _bytes(home: Path) -> str:
    """Return all that is on disk."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files).decode("latin-1")


def test_a_search_is_of_sources_and_days(home: Path) -> None:
    for options, expected in (
        (("--source", "sample wire"), ["Luna-25 is lost"]),
        (("--until", "2023-03-28"), ["A bank is sold"]),
        (("--since", "2023-08-22"), []),
    ):
        hits = json.loads(kb("search", "Moon bank", "--json", *options).stdout)["hits"]
        assert [each["article"]["title"] for each in hits] == expected


def test_copies_are_found(home: Path) -> None:
    story = "".join(
        f"The {n}th witness saw the probe fall near crater {n * 7}. " for n in range(12)
    )
    for name in ("one", "two"):
        text = f"{story} Reported by {name}.\n"
        (home.parent / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    kb("sync", str(home.parent / "articles"))
    (found,) = json.loads(kb("articles", "duplicates", "--json").stdout)["stories"]
    uris = {each["uri"] for each in found["articles"]}
    assert uris == {"articles/one.txt", "articles/two.txt"}
    assert all(each["similarity"] > 0.5 for each in found["articles"])


def test_a_backup_is_restored_and_the_earlier_one_kept(home: Path) -> None:
    file = home.parent / "news.kb"
    assert kb("backup", str(file)).exit_code == 0
    assert kb("backup", str(file)).exit_code == 1
    refused = kb("restore", str(file))
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    earlier = json.loads(kb("restore", str(file), "--replace", "--json").stdout)["earlier"]
    assert Path(earlier).is_file()
    assert len(json.loads(kb("articles", "--json").stdout)["articles"]) == 2


def test_a_chat_understands_a_follow_up(home: Path) -> None:
    said = "When did the probe Luna-25 crash into the Moon?\nAnd who lost contact with it?\n"
    result = CliRunner().invoke(app, ["chat"], input=said)
    assert result.exit_code == 0
    assert result.stdout.count("[1] ") >= 2
