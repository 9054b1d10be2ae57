"""The hub, as a server on loopback that speaks its protocol."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.kb.models.fake_wheels import CONTENT, TINY

PULL = """
import sys, time
from pathlib import Path
from kb.errors import KBError
from kb.models.fetch import pull
from tests.kb.models.fake_wheels import TINY
time.sleep = lambda seconds: None  # the hub's library waits half a minute for one that is not there
try:
    pull(TINY, Path(sys.argv[1]), lambda done, total: print(done, total), mirror="hub")
except KBError as exc:
    sys.exit(f"{type(exc).__name__}: {exc}")
"""


class _Hub(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        found = self.path == f"/{TINY.repo}/resolve/main/{TINY.repo_file}"
        self.send_response(200 if found else 404)
        if found:
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", f'"{TINY.sha256}"')
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()
        self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    """The address of a hub that has the tiny model."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def pull_from(endpoint: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # The endpoint is read when the hub's library is imported, so this takes a fresh process.
    usual = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    env = {**usual, "HF_ENDPOINT": endpoint, "HF_HOME": str(folder / "hf")}
    command = [sys.executable, "-c", PULL, str(folder / "models")]
    root = Path(__file__).parents[3]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=120)


def test_the_file_comes_from_the_hub_that_hf_endpoint_names(hub: str, tmp_path: Path) -> None:
    done = pull_from(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "models" / TINY.file).read_bytes() == CONTENT
    assert done.stdout.splitlines()[-1] == f"{len(CONTENT)} {len(CONTENT)}"
    left = {entry.name for entry in (tmp_path / "models").iterdir()} - {"tiny.gguf.lock"}
    assert left == {"tiny.gguf", "tiny.gguf.ok"}


def test_a_hub_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = pull_from("http://127.0.0.1:9", tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ModelUnavailable: The model tiny could not")
    assert "Traceback" not in done.stderr
