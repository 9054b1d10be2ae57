"""The figures of the scale benchmark as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["plot"]

_PANELS = (
    (
        "search, p95 (ms)",
        {"plain": "plain_ms_p95", "a year": "date_ms_p95", "a source": "source_ms_p95"},
    ),
    (
        "open; sync with nothing or one article changed (s)",
        {"open": "open_s", "nothing changed": "unchanged_s", "one changed": "one_changed_s"},
    ),
    ("disk (MB), memory (MB)", {"disk": "disk_mb", "memory": "memory_mb"}),
)


def plot(rows: Sequence[dict[str, Any]], file: Path) -> None:
    """Draw three panels over the number of passages, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    rows = [{**row, "memory_mb": row["resident_gb"] * 1000} for row in rows]
    figure, axes = pyplot.subplots(1, len(_PANELS), figsize=(13, 3.8), layout="constrained")
    for panel, (title, lines) in zip(axes, _PANELS, strict=True):
        for label, key in lines.items():
            panel.loglog(
                [row["passages"] for row in rows], [row[key] for row in rows], "o-", label=label
            )
        panel.set_title(title, fontsize=10)
        panel.set_xlabel("passages")
        for axis, steps in ((panel.xaxis, (1,)), (panel.yaxis, (1, 2, 5))):
            axis.set_major_locator(LogLocator(subs=steps))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
            axis.set_minor_formatter(NullFormatter())
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.legend(fontsize=8, frameon=False)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
