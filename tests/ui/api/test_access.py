"""Who may do what, at every route of every door."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from kb.access import Access, Scope
from kb.errors import KBError, NotFoundError, SettingsError
from kb.users import Users, put_user
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from tests.ui.api.test_questions import COST, problem
from ui.gate import COOKIE, Keys, needed


@pytest.fixture
def keys(access: Access, users: Users) -> Keys:
    return Keys(access, users)


@pytest.fixture
def guarded(open_kb: OpenKB, serve: Serve, keys: Keys) -> Any:
    """Return a client of a server that asks who is there."""
    return serve(open_kb(), keys=keys)


def bearer(access: Access, scope: Scope, name: str = "program") -> dict[str, str]:
    return {"Authorization": f"Bearer {access.create(name, scope)[0]}"}


def routes(client: Any) -> list[tuple[str, str]]:
    """Return every method and path of the API and of the app around it."""
    found = []
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        found += [(method.upper(), f"/api/v1{path}") for method in methods]
    for route in client.app.routes:
        found += [(method, route.path) for method in getattr(route, "methods", None) or ()]
    return found


OPEN = {("GET", "/api/v1/alive")}


def test_no_route_is_open_without_a_token(open_kb: OpenKB, serve: Serve, keys: Keys) -> None:
    kb = open_kb()
    every = routes(serve(kb))
    guarded = serve(kb, keys=keys)
    assert len(every) > 20
    for method, path in every:
        answer = guarded.request(method, path.replace("{id}", "x"), follow_redirects=False)
        if (method, path) in OPEN:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 401, (method, path)
    for path in ("/gradio_api/queue/join", "/gradio_api/startup-events", "/mcp", "/v1/models"):
        assert guarded.post(path, json={}).status_code == 401, path


def test_who_may_read_changes_nothing(guarded: Any, access: Access) -> None:
    reading = bearer(access, Scope.READ)
    every = [one for one in routes_of(guarded, reading) if one not in OPEN]
    for method, path in every:
        wanted = needed(method, path)
        if wanted is not None and wanted > Scope.READ:
            answer = guarded.request(method, path.replace("{id}", "x"), headers=reading)
            assert answer.status_code == 403, (method, path)
    changing = {one for one in every if needed(*one) == Scope.WRITE}
    assert {path for _, path in changing} >= {
        "/api/v1/articles/{id}",
        "/api/v1/uploads",
        "/api/v1/sync",
    }
    assert ("GET", "/api/v1/metrics") in every
    assert guarded.get("/api/v1/metrics", headers=reading).status_code == 403
    assert guarded.get("/api/v1/metrics", headers=bearer(access, Scope.ADMIN)).status_code == 200


def routes_of(client: Any, headers: dict[str, str]) -> list[tuple[str, str]]:
    paths = client.get("/api/v1/openapi.json", headers=headers).json()["paths"]
    return [(method.upper(), f"/api/v1{path}") for path in paths for method in paths[path]]


def test_who_may_read_asks_and_who_may_write_puts(guarded: Any, access: Access) -> None:
    reading, writing = bearer(access, Scope.READ), bearer(access, Scope.WRITE)
    assert guarded.post("/api/v1/ask", json={"question": COST}, headers=reading).status_code == 200
    article = {"title": "T", "text": "A text about a ferry."}
    put = guarded.put("/api/v1/articles/t", json=article, headers=reading)
    assert "'write'" in problem(put, 403)
    assert guarded.put("/api/v1/articles/t", json=article, headers=writing).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Bearer fn_wrong", "Bearer", "Basic YTpi", "", "bearer \x80", "Bearer " + "x" * 5_000],
)
def test_what_is_no_token_is_refused(guarded: Any, header: str) -> None:
    answer = guarded.get("/api/v1/articles", headers={"Authorization": header.encode("latin-1")})
    assert problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_that_was_revoked_or_has_expired_is_none(
    guarded: Any, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, token = access.create("program", Scope.READ)
    header = {"Authorization": f"Bearer {secret}"}
    assert guarded.get("/api/v1/articles", headers=header).status_code == 200
    access.revoke(token.id)
    assert guarded.get("/api/v1/articles", headers=header).status_code == 401
    short, _ = access.create("program", Scope.READ, days=1)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1, seconds=5)
    monkeypatch.setattr("kb.access._now", lambda: tomorrow)
    assert access.bearer(short) is None


def test_secrets_are_not_in_the_file(access: Access, tmp_path: Any) -> None:
    secret, _ = access.create("program", Scope.READ)
    session = access.sign_in("eva", "mark")
    access.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("access.sqlite*"))
    assert b"program" in stored
    assert secret.encode() not in stored
    assert session.encode() not in stored


def test_conversations_are_their_users_own(guarded: Any, access: Access) -> None:
    eva, jan = bearer(access, Scope.ADMIN, "eva"), bearer(access, Scope.READ, "jan")
    id = guarded.post("/api/v1/conversations", json={}, headers=eva).json()["id"]
    asked = {"question": COST, "conversation": id}
    assert guarded.post("/api/v1/ask", json=asked, headers=eva).status_code == 200
    for method, path, body in (
        ("GET", f"conversations/{id}", None),
        ("GET", f"conversations/{id[:6]}", None),
        ("GET", f"conversations/{id}/export", None),
        ("PATCH", f"conversations/{id}", {"title": "mine"}),
        ("DELETE", f"conversations/{id}", None),
        ("POST", "ask", asked),
        ("PUT", "feedback", {"conversation": id, "number": 1, "good": True}),
    ):
        answer = guarded.request(method, f"/api/v1/{path}", json=body, headers=jan)
        assert problem(answer, 404), path
    assert guarded.get("/api/v1/conversations", headers=jan).json()["conversations"] == []
    words = {"words": "repair"}
    assert guarded.get("/api/v1/conversations", params=words, headers=jan).json() == {
        "conversations": [],
        "next": None,
    }
    assert len(guarded.get("/api/v1/conversations", headers=eva).json()["conversations"]) == 1


def test_a_user_signs_in_and_out(guarded: Any) -> None:
    there = guarded.get("/", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (there.status_code, there.headers["location"]) == (303, "/sign-in")
    assert "Password" in guarded.get("/sign-in").text
    wrong = guarded.post("/sign-in", data={"name": "eva", "password": "guessed"})
    assert wrong.status_code == 403
    form = {"name": "eva", "password": "the password of eva"}
    right = guarded.post("/sign-in", data=form, follow_redirects=False)
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert guarded.get("/api/v1/articles").status_code == 200
    assert guarded.get("/", headers={"Accept": "text/html"}).status_code == 200
    assert guarded.get("/api/v1/metrics").status_code == 403
    session = guarded.cookies[COOKIE]
    guarded.post("/sign-out", follow_redirects=False)
    guarded.cookies.set(COOKIE, session)
    assert guarded.get("/api/v1/articles").status_code == 401


def test_another_site_cannot_use_the_cookie(guarded: Any) -> None:
    form = {"name": "eva", "password": "the password of eva"}
    elsewhere = {"Origin": "https://evil.example"}
    assert guarded.post("/sign-in", data=form, headers=elsewhere).status_code == 403
    guarded.post("/sign-in", data=form)
    article = {"title": "T", "text": "A text."}
    assert guarded.put("/api/v1/articles/t", json=article, headers=elsewhere).status_code == 403


def test_passwords_cannot_be_tried_for_ever(guarded: Any) -> None:
    tried = [
        guarded.post("/sign-in", data={"name": "eva", "password": str(n)}).status_code
        for n in range(12)
    ]
    assert tried == [403] * 10 + [429] * 2
    form = {"name": "eva", "password": "the password of eva"}
    assert guarded.post("/sign-in", data=form).status_code == 429
    form = {"name": "jan", "password": "the password of jan"}
    assert guarded.post("/sign-in", data=form, follow_redirects=False).status_code == 303


def test_an_address_of_ipv6_is_as_many_as_its_network(guarded: Any) -> None:
    from starlette.testclient import TestClient

    def tried(host: str) -> int:
        form = {"name": "eva", "password": "guessed"}
        there = TestClient(guarded.app, base_url=guarded.base_url, client=(host, 5000))
        return int(there.post("/sign-in", data=form).status_code)

    assert [tried(f"2001:db8:1:2::{n}") for n in range(1, 13)] == [403] * 10 + [429] * 2
    assert tried("2001:db8:1:3::1") == 403


def test_passwords_of_many_names_cannot_be_tried_either(guarded: Any) -> None:
    tried = [
        guarded.post("/sign-in", data={"name": f"user {n}", "password": "guessed"}).status_code
        for n in range(102)
    ]
    assert tried == [403] * 100 + [429] * 2


def test_passwords_cannot_be_tried_all_at_once(guarded: Any) -> None:
    def tried(number: int) -> int:
        form = {"name": "eva", "password": f"guess {number}"}
        return int(guarded.post("/sign-in", data=form).status_code)

    with ThreadPoolExecutor(30) as pool:
        statuses = sorted(pool.map(tried, range(30)))
    assert statuses == [403] * 10 + [429] * 20


def test_another_password_ends_what_was_begun_with_the_old_one(guarded: Any, tmp_path: Any) -> None:
    guarded.post("/sign-in", data={"name": "eva", "password": "the password of eva"})
    assert guarded.get("/api/v1/articles").status_code == 200
    put_user(tmp_path / "users", "eva", Scope.WRITE, "a better password")
    assert guarded.get("/api/v1/articles").status_code == 401
    guarded.post("/sign-in", data={"name": "eva", "password": "a better password"})
    assert guarded.get("/api/v1/articles").status_code == 200


def test_a_store_of_the_first_version_keeps_its_tokens(tmp_path: Any) -> None:
    with closing(Access(tmp_path / "old.sqlite")) as access:
        secret, _ = access.create("program", Scope.READ)
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as db, db:
        db.execute("ALTER TABLE sessions DROP COLUMN mark")
        db.execute("PRAGMA user_version = 1")
    with closing(Access(tmp_path / "old.sqlite")) as access:
        assert access.bearer(secret)
        assert access.session(access.sign_in("eva", "m")) == ("eva", "m")


def test_behind_tls_the_cookie_is_for_tls(open_kb: OpenKB, serve: Serve, keys: Keys) -> None:
    client = serve(open_kb(), keys=keys, secure=True, hosts={"kb.example.org"})
    client.base_url = "http://kb.example.org"
    form = {"name": "eva", "password": "the password of eva"}
    own = {"Origin": "https://kb.example.org"}
    answer = client.post("/sign-in", data=form, headers=own, follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]
    assert client.get("/sign-in", headers={"Host": "127.0.0.1"}).status_code == 421


def test_a_user_who_was_taken_out_is_out(guarded: Any, tmp_path: Any) -> None:
    guarded.post("/sign-in", data={"name": "eva", "password": "the password of eva"})
    assert guarded.get("/api/v1/articles").status_code == 200
    path = tmp_path / "users"
    path.write_text("".join(path.read_text("utf-8").splitlines(True)[1:]), "utf-8")
    assert guarded.get("/api/v1/articles").status_code == 401


@pytest.mark.parametrize("name", ["", " ", "a:b", "a\nb", "x" * 61])
def test_what_cannot_be_a_name_is_told(access: Access, name: str) -> None:
    with pytest.raises(KBError):
        access.create(name, Scope.READ)


def test_a_token_that_is_not_there_cannot_be_revoked(access: Access) -> None:
    with pytest.raises(NotFoundError):
        access.revoke("none")


@pytest.mark.parametrize(
    "line", ["eva", "eva:read", "eva:read:secret", ":read:$argon2", "e:x:$argon2id"]
)
def test_a_line_that_is_no_user_is_told(tmp_path: Any, line: str) -> None:
    path = tmp_path / "users"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(SettingsError):
        Users(path)
