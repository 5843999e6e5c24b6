"""Servers under measurement: real ones on loopback, each asked in turn over one kept connection."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from django.db import connection

from tests.bench.metered import DOOR

ROOT = Path(__file__).resolve().parents[2]
_GUNICORN = (
    *("gunicorn", "-k", "gthread", "-w", "1", "--threads", "1", "--keep-alive", "60", "--timeout", "120"),
    *("-b", "127.0.0.1:{port}", "tests.bench.metered:wsgi"),
)
_UVICORN = (
    *("uvicorn", "--host", "127.0.0.1", "--port", "{port}", "--no-access-log", "--timeout-keep-alive", "60"),
    "tests.bench.metered:asgi",
)


class Server:
    """One application in a server process of its own: gunicorn with a thread, or uvicorn."""

    def __init__(self, name: str, app: str, *, asynchronous: bool = False, **environment: str) -> None:
        self.name, self.app, self.asynchronous, self.environment = name, app, asynchronous, environment

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = _UVICORN if self.asynchronous else _GUNICORN
        # The log goes where a container's would: to somebody who reads it, here the null device.
        self.process = subprocess.Popen(
            [sys.executable, "-m", *(part.format(port=port) for part in command)],
            cwd=ROOT,
            env={**os.environ, "BENCH_APP": self.app, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("BENCH_DEBUG") else subprocess.DEVNULL,
        )
        self.http = http.client.HTTPConnection("127.0.0.1", int(port), timeout=120)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.send("GET", DOOR)
                return self
            except OSError:
                self.http.close()
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.terminate()
                    raise RuntimeError(f"{self.name} did not start; BENCH_DEBUG=1 shows why.") from None
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(timeout=30)

    def send(self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer; anything but success is an error, or a broken variant would look fast."""
        try:
            self.http.request(method, url, body, headers or {})
            response = self.http.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # idle for longer than the server keeps it
            self.http.close()
            self.http.request(method, url, body, headers or {})
            response = self.http.getresponse()
        content = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{self.name} answered {response.status} to {url}: {content[:500]!r}")
        return content

    def used(self) -> dict[str, int]:
        """CPU so far and peak memory since the last call, as the server itself accounts them."""
        return json.loads(self.send("GET", DOOR))


def database_cpu_ns() -> int:
    """CPU of the database's own processes for this database; 0 for SQLite, which works inside the caller."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sum(_on_cpu_ns(pid) for (pid,) in cursor.fetchall())


def own_backend_cpu_ns() -> int:
    """CPU of the process that serves this connection; 0 for SQLite."""
    if connection.vendor != "postgresql":
        return 0
    return _on_cpu_ns(connection.connection.info.backend_pid)


def _on_cpu_ns(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except FileNotFoundError:
        return 0


def authorized(token: str) -> dict[str, Any]:
    """Headers of a caller with a token."""
    return {"Authorization": f"Bearer {token}"}
