"""Evaluations as Markdown: tables that read well in a terminal too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ui.terminal import one_line

if TYPE_CHECKING:
    from kb.evaluate import Comparison, Estimate, Evaluation, Point

__all__ = ["calibration_markdown", "comparison_markdown", "evaluation_markdown"]

# What is shown of each type; the others are in the JSON.
_OF_TYPES = ("hits@10", "mrr@10", "ndcg@10", "recall@10", "answer_accuracy", "citation_recall")


def evaluation_markdown(evaluation: Evaluation) -> str:
    """Return the figures over all questions, and the most telling ones of each type."""
    count, left_out = len(evaluation.questions), evaluation.unanswerable
    without = f" ({left_out:,} unanswerable ones left out)" if left_out else ""
    lines = [
        f"# {one_line(evaluation.set)}",
        "",
        f"{count:,} questions{without}; {_settings(evaluation.settings)}",
        "",
        *_table(
            ("", "value", "95 % interval"),
            [
                (name, _number(name, one.value), _interval(name, one))
                for name, one in evaluation.metrics().items()
            ],
        ),
    ]
    types = evaluation.by_type()
    if len(types) > 1:
        lines += ["", *_by_type(types)]
    lines += [line for note in evaluation.notes for line in ("", f"Note: {one_line(note)}.")]
    return "\n".join(lines) + "\n"


def _by_type(types: Mapping[str, tuple[int, Mapping[str, Estimate]]]) -> Iterable[str]:
    shown = [name for name in _OF_TYPES if any(name in metrics for _, metrics in types.values())]
    return _table(
        ("type", "n", *shown),
        [
            (
                name,
                f"{count:,}",
                *(
                    f"{_number(each, metrics[each].value)} ({_interval(each, metrics[each])})"
                    if each in metrics
                    else ""
                    for each in shown
                ),
            )
            for name, (count, metrics) in types.items()
        ],
    )


def comparison_markdown(comparison: Comparison) -> str:
    """Return each figure of both, and the difference with its interval."""
    only = f"{comparison.only_first:,} and {comparison.only_second:,} only in one"
    lines = [
        f"# {one_line(comparison.first.set)}: first and second",
        "",
        f"{comparison.n:,} questions in both ({only})",
        "",
        f"- first: {_settings(comparison.first.settings)}",
        f"- second: {_settings(comparison.second.settings)}",
        "",
        *_table(
            ("", "first", "second", "difference", "95 % interval"),
            [
                (
                    name,
                    _number(name, one.first),
                    _number(name, one.second),
                    _number(name, one.difference.value, "+"),
                    _interval(name, one.difference, "+"),
                )
                for name, one in comparison.metrics.items()
            ],
        ),
    ]
    return "\n".join(lines) + "\n"


def calibration_markdown(curve: Sequence[Point], best: Point) -> str:
    """Return what thresholds do, as a table, and the line of settings for the best."""
    names = ("min_confidence", "coverage", "risk", "false_refusals", "refusal_recall")
    rows = [tuple(f"{getattr(point, name):.3f}" for name in names) for point in curve]
    table = "\n".join(_table(names, rows))
    return f"\n{table}\n\nIn kb.toml: min_confidence = {best.min_confidence}\n"


def _settings(settings: Mapping[str, Any]) -> str:
    """Return names and numbers in words: "articles 609, embedder hashing"."""
    flat = {**settings, **settings["machine"]} if "machine" in settings else settings
    return ", ".join(
        one_line(f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}")
        for name, value in flat.items()
        if name != "machine" and value is not None
    )


def _number(name: str, value: float, sign: str = "") -> str:
    counted = "_ms" in name or "_tokens" in name
    return f"{value:{sign}.1f}" if counted else f"{value:{sign}.3f}"


def _interval(name: str, one: Estimate, sign: str = "") -> str:
    return f"{_number(name, one.low, sign)} to {_number(name, one.high, sign)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Yield a table with its columns in line, the first to the left and the others to the right."""
    cells = [[one_line(cell).replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    for number, row in enumerate(cells):
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        right = (cell.strip().rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield f"| {' | '.join((first, *right))} |"
        if number == 0:
            rules = [f"{'-' * (width + 1)}:" for width in widths[1:]]
            yield f"|{'|'.join(('-' * (widths[0] + 2), *rules))}|"
