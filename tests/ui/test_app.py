"""The page as a server: who may talk to it, what it sends along, how it starts and stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kb.errors import SettingsError
from tests.ui.doubles import ScriptedLibrary
from ui.app import build_app, serve
from ui.guard import content_security_policy

SERVE = """
from tests.ui.doubles import ScriptedLibrary
from ui.app import serve
class Library(ScriptedLibrary):
    def warm(self): print("warming", flush=True)
serve(Library(), port=0, say=lambda line: print(line, flush=True))
print("closed in good order", flush=True)
"""


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    from starlette.testclient import TestClient

    app = build_app(ScriptedLibrary(), examples=["</script><script>alert(1)</script>"])
    with TestClient(app, base_url="http://127.0.0.1:7860") as opened:
        yield opened


def test_the_page_is_served_with_its_headers(client: Any) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "'sha256-" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("name", ["page.css", "page.js", "icon.svg"])
def test_its_own_files_are_served(client: Any, name: str) -> None:
    assert client.get(f"/footnoted/{name}").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.", "[::1"]
)
def test_another_name_is_refused(client: Any, host: str) -> None:
    if host == "[::1":
        assert client.get("/", headers={"Host": "[::2]:7860"}).status_code == 421
    else:
        assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860"])
def test_a_loopback_name_is_served(client: Any, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_site_cannot_post(client: Any, origin: str) -> None:
    answer = client.post("/gradio_api/queue/join", json={}, headers={"Origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://a.hf.space/x",
        "/gradio_api/info",
        "/gradio_api/call/x",
        "/gradio_api/run/predict",
        "/gradio_api/undo-vibe-edit",
        "/gradio_api/profiling/traces",
        "/monitoring",
        "/docs",
        "/openapi.json",
    ],
)
def test_doors_that_the_page_does_not_use_are_shut(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}


def test_inline_scripts_run_by_their_hash_only() -> None:
    plain = content_security_policy()
    assert "sha256" not in plain
    page = "<p><script>a<b&amp;\n</script><script src='x.js'></script></p>"
    assert content_security_policy(page).count("sha256") == 1
    assert content_security_policy("<script>a</script>") != content_security_policy(page)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "example.com", "::", ""])
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(SettingsError, match="not served at"):
        serve(ScriptedLibrary(), host, 0)


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} .* choose another port"):
            serve(ScriptedLibrary(), port=port)


def test_an_impossible_port_is_told() -> None:
    with pytest.raises(SettingsError, match="port 70000"):
        serve(ScriptedLibrary(), port=70000)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_warms_and_stops_in_good_order(stop: signal.Signals) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    watchdog = threading.Timer(60, server.kill)
    watchdog.start()
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert server.stdout.readline() == "warming\n"
        server.send_signal(stop)
        rest, errors = server.communicate()
    finally:
        watchdog.cancel()
    assert line.startswith('Footnoted serves "example')
    assert "http://127.0.0.1:" in line
    assert rest == "closed in good order\n"
    assert errors == ""
    assert server.returncode == 0
