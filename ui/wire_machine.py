"""The JSON contracts of what is on the machine: model files, and what the doctor found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.wire import Json

if TYPE_CHECKING:
    from kb.checks import Check
    from kb.models.weights import Status as FileStatus

__all__ = ["checks_json", "models_json"]


def models_json(found: Sequence[FileStatus]) -> Json:
    """Return the model files; ``state`` is ok, missing, wrong size or wrong hash; bytes."""
    return {
        "models": [
            {
                "name": each.weights.name,
                "state": each.state,
                "found": each.found or None,
                "path": str(each.path),
                "size": each.weights.size,
                "sha256": each.weights.sha256,
                "licence": each.weights.licence,
            }
            for each in found
        ]
    }


def checks_json(checks: Sequence[Check], status: Json | None) -> Json:
    """Return what the doctor found; ``status`` is null where the home could not be opened."""
    return {
        "ok": all(check.state.value != "fail" for check in checks),
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "detail": check.detail,
                "remedy": check.remedy,
            }
            for check in checks
        ],
        "status": status,
    }
