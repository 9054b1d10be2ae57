"""``kb eval``: how well the right passages are found, on a public set of questions or your own."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.commands.doors import doors
from ui.commands.options import AsJson, Debug, Quiet
from ui.commands.progress import Tell, progress, reading
from ui.commands.speech import print_json, remark, wrong_usage
from ui.render_eval import calibration_markdown, comparison_markdown, evaluation_markdown
from ui.wire import dumps
from ui.wire_eval import calibration_json, comparison_json, evaluation_json, read_evaluation

if TYPE_CHECKING:
    from kb import Progress
    from kb.evaluate import Evaluation, Point

__all__ = ["evaluate"]


class Ranking(StrEnum):
    """What passages are ordered by."""

    ALL = "all"
    WORDS = "words"
    VECTORS = "vectors"


def evaluate(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="With corpus.jsonl, queries.jsonl, qrels.jsonl.", show_default=False
        ),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="A.json B.json",
            help="Instead of DIR: what changed from A to B, question by question.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write SET.json and SET.md there, over earlier ones.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Ask them, and judge the answers instead.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What answers, with --answers.", show_default=False),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option(
            "--calibrate",
            help="With --answers: what each min_confidence would refuse, and which to set.",
        ),
    ] = False,
    limit_questions: Annotated[
        int | None,
        typer.Option(
            "--limit-questions",
            "--limit",
            min=1,
            metavar="N",
            help="Only so many, drawn evenly.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, metavar="S", help="Of the drawing, and of the intervals.")
    ] = 0,
    ranking: Annotated[
        Ranking | None,
        typer.Option(metavar="all|words|vectors", help="By what, to compare.", show_default=False),
    ] = None,
    embedder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="minilm, mpnet, sentence-transformers:PATH or ORG/NAME, hashing.",
            show_default=False,
        ),
    ] = None,
    reranker: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="none, sentences, minilm, cross-encoder:PATH or ORG/NAME.",
            show_default=False,
        ),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where homes of sets are kept; else in your user cache.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure how well the passages that answer questions are found, or the answers.

    A set is a folder with three files, one JSON object a line:
    corpus.jsonl {id, title, text, metadata}, as kb sync reads it;
    queries.jsonl {id, question, type, answerable}; qrels.jsonl {query_id,
    article_id, relevance} with evidence_text for a piece of evidence, or start,
    end and answer_spans for a paragraph with an answer. Without these, whole
    articles are judged, and there is an nDCG. With --answers all questions are
    asked, and queries.jsonl has answers, the texts that would be right.

    The first time, its articles are put into a home of their own, which is kept.
    Settings are options over KB_* variables; no kb.toml is read. Intervals are
    those of a bootstrap over the questions.

    [bold]Examples[/bold]

      kb eval sets/squad2

      kb eval sets/squad2 --limit-questions 200 --ranking words --out words/

      kb eval sets/squad2 --reranker none

      kb eval sets/squad2 --answers --model local --limit 200 --json

      kb eval sets/own --answers --calibrate

      kb eval --compare words/squad2.json all/squad2.json

    Exit codes: 0 done, 1 an error, 2 wrong usage, 130 stopped (what was built
    of the home is gone on with).
    """
    if (folder is None) == (compare is None):
        wrong_usage("give the folder of a set, or --compare with two files")
    if compare is not None:
        if out is not None:
            wrong_usage("--out is for the figures of a set: send a comparison on with >")
        _compare(*compare, as_json=as_json)
        return
    if model and not answers:
        wrong_usage("--model is for --answers: passages are found without one")
    if calibrate and not answers:
        wrong_usage("--calibrate is for --answers: it is the refusing that it sets")
    evaluated = doors(ctx).evaluate_answers if answers else doors(ctx).evaluate
    chosen: dict[str, Any] = {"model": model} if answers else {}
    if calibrate:
        chosen["min_confidence"] = 0.0
    with _Bars(quiet=quiet) as bars:
        found = evaluated(
            folder,
            **chosen,
            cache=cache,
            limit_questions=limit_questions,
            seed=seed,
            building=bars.building,
            asking=bars.asking,
            ranking=ranking and ranking.value,
            embedder=embedder,
            reranker=reranker,
        )
    figures, table = evaluation_json(found), evaluation_markdown(found)
    if calibrate:
        curve, best = _calibrated(found)
        figures["calibration"] = calibration_json(curve, best)
        table += calibration_markdown(curve, best)
    wire = dumps(figures)
    if out is not None:
        _write(out, {f"{found.set}.json": f"{wire}\n", f"{found.set}.md": table})
    if as_json:
        print_json(wire)
        remark(found.notes, quiet=quiet)
    else:
        typer.echo(table, nl=False)


def _calibrated(found: Evaluation) -> tuple[list[Point], Point]:
    from kb.evaluate import risk_coverage, suggested

    curve = risk_coverage(found)
    return curve, suggested(curve)


def _compare(first: Path, second: Path, *, as_json: bool) -> None:
    from kb.evaluate import compare

    found = compare(read_evaluation(first), read_evaluation(second))
    if as_json:
        print_json(dumps(comparison_json(found)))
    else:
        typer.echo(comparison_markdown(found), nl=False)


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write the files, each whole or not at all."""
    from kb import KBError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            part = folder / f"{name}.part"
            part.write_text(text, encoding="utf-8", newline="\n")
            part.replace(folder / name)
    except OSError as error:
        raise KBError(
            f"cannot write into {str(folder)!r}: {error.strerror}",
            "check the disk and the permissions",
        ) from error


class _Bars(ExitStack):
    """Shows one bar at a time: that of the building, then that of the asking."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self._quiet = quiet
        self._shown: tuple[str, Tell] | None = None

    def building(self, step: Progress) -> None:
        """Tell of a step of a sync."""
        reading(self._tell("building"))(step)

    def asking(self, done: int, of: int) -> None:
        """Tell how many questions were asked."""
        self._tell("asking")(done / of, f"{done:,} of {of:,} questions", "", None)

    def _tell(self, verb: str) -> Tell:
        if self._shown is None or self._shown[0] != verb:
            self.close()
            self._shown = verb, self.enter_context(progress(verb, quiet=self._quiet))
        return self._shown[1]
