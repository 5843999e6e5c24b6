"""`manage.py run` as a new user meets it: up, answering, stopped; a taken port is said."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a register in a folder of its own; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def call(port: int, folder: str = "data") -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        environment |= {"PORT": str(port), "DATA_DIR": str(tmp_path / folder)}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--without-demo"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _read_until(process: subprocess.Popen[str], text: str) -> list[str]:
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if text in line:
            return lines
    raise AssertionError("\n".join(lines))


def _get(port: int, path: str) -> tuple[int, str]:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    web.request("GET", path)
    response = web.getresponse()
    return response.status, response.read().decode()


def test_from_an_empty_folder_to_a_page_and_a_clean_stop(start):
    port, elsewhere = _free_port(), _free_port()
    process, other = start(port), start(elsewhere, "other")

    welcome = _read_until(process, "Ctrl-C stops.")
    status, answer = _get(port, "/healthz")

    assert f"  The register   http://localhost:{port}/" in welcome
    assert (status, json.loads(answer)["status"]) == (200, "ok")
    assert _get(port, "/metrics")[0] == 200
    # Two side by side, but not in one folder.
    _read_until(other, "Ctrl-C stops.")
    assert _get(elsewhere, "/healthz/live")[0] == 200
    refused, _ = start(_free_port()).communicate(timeout=60)
    assert refused.startswith("CommandError: Another register works in ")

    _kill_web(process)
    _read_until(process, "web ended (SIGKILL)")
    _wait_for(port)

    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=40)
    assert (process.returncode, output.splitlines()[-1]) == (0, "run    | Stopped.")


def _kill_web(process: subprocess.Popen[str]) -> None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    web = next(pid for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(int(web), signal.SIGKILL)


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    status = 0
    while status != 200 and time.monotonic() < end:
        with suppress(OSError):
            status = _get(port, "/healthz/live")[0]
    assert status == 200


def test_a_taken_port_is_said_before_anything_is_made(start, tmp_path):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]

        output, _ = start(port).communicate(timeout=60)

    assert output == (
        f"CommandError: Port {port} on 127.0.0.1 is not free (Address already in use). Choose another: PORT=…\n"
    )
    assert not (tmp_path / "data" / "registry.sqlite3").exists()
