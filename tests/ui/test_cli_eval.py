"""``kb eval``: its table, its JSON contract, the files it writes, and comparisons of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.evaluate import Asked, Evaluation
from tests.kb.evaluate.sets import write_set
from ui.cli import app
from ui.commands.doors import Doors

METRICS = "hits@4 hits@5 hits@10 mrr@10 ndcg@10 recall@10 recall@20".split()
TIMES = ["search_ms_p50", "search_ms_p95"]


def kb(*arguments: str | Path, doors: Doors | None = None) -> Result:
    """Run ``kb eval``."""
    return CliRunner().invoke(app, ["eval", *map(str, arguments)], obj=doors)


@pytest.fixture
def there(tmp_path: Path) -> list[str]:
    """A small set, and the options to evaluate it without a model."""
    folder = write_set(tmp_path / "animals")
    return [str(folder), "--embedder", "hashing", "--cache", str(tmp_path / "cache")]


def test_the_table_has_every_figure_with_its_interval(there: list[str]) -> None:
    result = kb(*there)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "# animals"
    assert lines[2].startswith("3 questions (1 unanswerable ones left out); embedder hashing:words")
    figures = {line.split("|")[1].strip(): line for line in lines if line.startswith("|")}
    assert {*METRICS, *TIMES} <= set(figures)
    assert figures["ndcg@10"].split("|")[2:4] == [" 1.000 ", " 1.000 to 1.000 "]
    assert figures["thing"].split("|")[2].strip() == "2"
    assert len({len(line) for line in lines[4:15]}) == 1


def test_the_json_is_the_contract_and_nothing_else_is_printed(there: list[str]) -> None:
    result = kb(*there, "--json")
    wire = json.loads(result.stdout)
    assert (wire["set"], wire["n"], wire["unanswerable"]) == ("animals", 3, 1)
    assert list(wire["intervals"]) == [*METRICS, *TIMES]
    assert (wire["hits@10"], wire["intervals"]["hits@10"]) == (1.0, [1.0, 1.0])
    assert 0 < wire["search_ms_p50"] <= wire["search_ms_p95"]
    assert set(wire["by_type"]) == {"place", "thing"}
    assert wire["by_type"]["thing"]["n"] == 2
    assert wire["by_type"]["thing"]["mrr@10"] == 1.0
    assert {"embedder", "ranking", "limit", "articles", "passages", "version", "machine"} <= set(
        wire["settings"]
    )
    asked = wire["questions"][0]
    assert list(asked) == ["id", "type", *METRICS, "search_ms"]
    assert (asked["id"], asked["type"]) == ("1", "place")
    assert result.stderr == ""


def test_what_is_written_can_be_compared(there: list[str], tmp_path: Path) -> None:
    words, vectors = tmp_path / "out" / "words", tmp_path / "out" / "vectors"
    printed = kb(*there, "--ranking", "words", "--out", words).stdout
    kb(*there, "--ranking", "vectors", "--out", vectors, "--limit-questions", "2")
    assert {path.name for path in words.iterdir()} == {"animals.json", "animals.md"}
    assert (words / "animals.md").read_text("utf-8") == printed
    files = words / "animals.json", vectors / "animals.json"
    wire = json.loads(kb("--compare", *files, "--json").stdout)
    assert (wire["n"], wire["only_first"], wire["only_second"]) == (2, 1, 0)
    assert [wire[which]["ranking"] for which in ("first", "second")] == ["words", "vectors"]
    zero = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert wire["metrics"]["hits@4"] == {"first": 1.0, "second": 1.0, "difference": zero}
    lines = kb("--compare", *files).stdout.splitlines()
    assert lines[:3] == [
        "# animals: first and second",
        "",
        "2 questions in both (1 and 0 only in one)",
    ]
    row = next(line for line in lines if line.startswith("| hits@4"))
    assert [cell.strip() for cell in row.split("|")[2:6]] == [
        "1.000",
        "1.000",
        "+0.000",
        "+0.000 to +0.000",
    ]


def test_answers_are_measured_compared_and_written(there: list[str], tmp_path: Path) -> None:
    asked = [*there, "--answers", "--model", "quotes"]
    wire = json.loads(kb(*asked, "--limit", "3", "--seed", "1", "--json").stdout)
    assert (wire["n"], wire["settings"]["model"]) == (3, "quotes")
    assert {"answer_accuracy", "spans_exact", "total_ms_p50"} <= set(wire["intervals"])
    assert wire["questions"][0]["answer"]
    table = kb(*asked, "--out", tmp_path).stdout
    assert "answer_accuracy" in table
    sure = kb(*asked, "--calibrate").stdout
    assert "min_confidence = " in sure.splitlines()[-1]
    curve = json.loads(kb(*asked, "--calibrate", "--json").stdout)["calibration"]
    assert curve["suggested"] in curve["curve"]
    file = tmp_path / "animals.json"
    assert "+0.000" in kb("--compare", file, file).stdout


def test_files_of_different_sets_are_refused_in_one_line(there: list[str], tmp_path: Path) -> None:
    kb(*there, "--out", tmp_path)
    other = write_set(tmp_path / "others", corpus=[{"id": "otters", "text": "Otters."}])
    kb(other, *there[1:], "--out", tmp_path)
    result = kb("--compare", tmp_path / "animals.json", tmp_path / "others.json")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "not evaluations of the same set" in result.stderr


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"questions": []}', '{"questions": [1]}'])
def test_a_file_that_is_no_evaluation_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, "utf-8")
    result = kb("--compare", file, file)
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"kb: '{file}' is not an evaluation. name a file that kb eval --out wrote.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["set", "--compare", "a", "b"],
        ["--compare", "a"],
        ["--compare", "a", "b", "--out", "c"],
        ["set", "--limit-questions", "0"],
        ["set", "--ranking", "luck"],
        ["set", "--model", "quotes"],
        ["set", "--calibrate"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    assert kb(*arguments).exit_code == 2


def test_a_set_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = kb(tmp_path / "none")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "an evaluation set is a folder with corpus.jsonl" in result.stderr


def test_an_out_that_cannot_be_written_is_one_line(there: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = kb(*there, "--out", tmp_path / "file" / "out")
    assert result.exit_code == 1
    assert "cannot write into" in result.stderr
    assert result.stderr.count("\n") == 1


def test_hostile_names_and_notes_print_no_control_characters() -> None:
    values = {"hits@10": 1.0, "search_ms": 2.0}
    asked = tuple(Asked(f"q{n}", f"evil|\x1b[2J{n}", values) for n in range(2))
    hostile = Evaluation("s\x1b[2J", "d", {"embedder": "\x9b"}, asked, notes=("a\nb\x07",))
    given: dict[str, Any] = {}

    def evaluate(folder: Path, **options: Any) -> Evaluation:
        given.update(options, folder=folder)
        return hostile

    doors = Doors(evaluate=evaluate)
    result = kb("set", doors=doors)
    assert not set(result.output) & set("\x07\x1b\x9b")
    assert "evil\\|␛[2J0" in result.stdout
    assert given["folder"] == Path("set")
    assert given["ranking"] is None
    assert given["reranker"] is None
    wire = kb("set", "--json", "--quiet", doors=doors)
    assert json.loads(wire.stdout)["notes"] == ["a\nb\x07"]
    assert wire.stderr == ""
    assert kb("set", "--json", doors=doors).stderr == "kb: a b␇\n"


def test_the_help_says_what_a_set_is_with_examples_and_exit_codes() -> None:
    result = kb("--help")
    assert result.stdout.count("kb eval") >= 4
    assert "qrels.jsonl" in result.stdout
    assert "Exit codes: 0" in result.stdout
