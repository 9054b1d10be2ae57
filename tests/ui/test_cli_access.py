"""``kb token``, ``kb users`` and ``kb feedback``: shown once, stored hashed, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kb.access import Scope, access_of
from kb.users import Users
from tests.conftest import OpenKB
from ui.cli import app


@pytest.fixture
def home(open_kb: OpenKB, tmp_path: Path) -> Path:
    kb = open_kb()
    answer = kb.ask("How much will the repair of the bridge at Ostrava cost?")
    mine = kb.conversations.of("eva").create(answer)
    kb.conversations.of("eva").rate(mine.id, 1, False, "too\tshort")
    kb.close()
    return tmp_path / "kb"


def run(*arguments: Any, typed: str | None = None) -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=typed)


def test_a_token_is_made_listed_and_revoked(home: Path) -> None:
    made = run("token", "create", "newsroom", "--scope", "write", "--days", 7, "--home", home)
    assert made.exit_code == 0
    secret = made.stdout.strip()
    access = access_of(home)
    caller = access.bearer(secret)
    assert caller is not None
    assert (caller.name, caller.scope) == ("newsroom", Scope.WRITE)
    listed = json.loads(run("token", "list", "--json", "--home", home).stdout)
    (token,) = listed["tokens"]
    assert (token["name"], token["scope"]) == ("newsroom", "write")
    assert secret not in json.dumps(listed)
    assert token["id"] in run("token", "--home", home).stdout
    assert run("token", "revoke", token["id"], "--home", home).exit_code == 0
    assert access.bearer(secret) is None
    access.close()
    gone = run("token", "revoke", token["id"], "--home", home)
    assert gone.exit_code == 1
    assert "there is no token" in gone.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["create", "a:b"], "cannot be a name"),
        (["create", "a", "--scope", "all"], "no scope 'all'"),
    ],
)
def test_what_cannot_be_a_token_is_told(home: Path, arguments: list[str], told: str) -> None:
    failed = run("token", *arguments, "--home", home)
    assert failed.exit_code == 1
    assert told in failed.stderr


def test_without_a_knowledge_base_there_are_no_tokens(tmp_path: Path) -> None:
    failed = run("token", "create", "a", "--home", tmp_path / "none")
    assert failed.exit_code == 1
    assert "there is no knowledge base" in failed.stderr


def test_users_are_added_changed_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    password = "correct horse"
    added = run("users", "add", file, "eva", typed=f"{password}\n{password}\n")
    assert added.exit_code == 0
    changed = run(
        "users",
        "add",
        file,
        "eva",
        "--scope",
        "admin",
        "--password-stdin",
        typed="battery staple\n",
    )
    assert changed.exit_code == 0
    assert run("users", "list", file).stdout == "eva\tadmin\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert Users(file).verified("eva", password) is None
    caller = Users(file).verified("eva", "battery staple")
    assert caller is not None
    assert caller.scope is Scope.ADMIN
    assert run("users", "remove", file, "eva").exit_code == 0
    assert run("users", "remove", file, "eva").exit_code == 1
    assert run("users", "list", file).stdout == ""


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    failed = run("users", "add", tmp_path / "u", "eva", "--password-stdin", typed="short\n")
    assert failed.exit_code == 1
    assert "fewer than 10" in failed.stderr


def test_feedback_is_listed_with_its_answers(home: Path) -> None:
    line = run("feedback", "--home", home).stdout
    assert line.split("\t")[1:] == [
        "bad",
        "How much will the repair of the bridge at Ostrava cost?",
        "too short\n",
    ]
    (one,) = json.loads(run("feedback", "--home", home, "--json").stdout)["feedback"]
    assert (one["good"], one["reason"], one["number"]) == (False, "too\tshort", 1)
    assert one["answer"]["citations"][0]["quote"] == "The repair will cost 3.2 million euros."
