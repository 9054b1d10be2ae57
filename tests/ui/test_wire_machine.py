"""The JSON contracts of what is on the machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from kb.checks import Check, State
from ui.wire_machine import checks_json, models_json


def test_a_doctor_is_not_ok_only_if_something_failed() -> None:
    warned = [Check("a", State.OK, "fine"), Check("b", State.WARN, "hm", "look")]
    assert checks_json(warned, None)["ok"] is True
    failed = checks_json([*warned, Check("c", State.FAIL, "no", "do")], None)
    assert failed["ok"] is False
    assert failed["checks"][2] == {"name": "c", "state": "fail", "detail": "no", "remedy": "do"}


def test_a_model_file_says_what_was_found_where_it_is_wrong() -> None:
    weights = SimpleNamespace(name="m", size=7, sha256="00", licence="Apache-2.0")
    status = SimpleNamespace(weights=weights, path=Path("m.gguf"), state="wrong size", found="3")
    (wire,) = models_json([cast("Any", status)])["models"]
    assert (wire["state"], wire["found"], wire["size"]) == ("wrong size", "3", 7)
