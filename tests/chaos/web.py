"""A real web process, to be spoken to and killed."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from tests.chaos.places import NOW, Place, free_port, kill, wait_for

# What a client sees of a server that is not there, or died before it answered.
Lost = (OSError, HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came back, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as it is meant."""
        return json.loads(self.body)


class Client:
    """One caller on one connection. Not for two threads."""

    def __init__(self, port: int, token: str = "", *, timeout: float = 30.0) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str) -> Answer:
        """GET; raises `Lost`."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, **headers: str | None) -> Answer:
        """POST with `if_match` and `idempotency_key`; raises `Lost`."""
        return self.send("POST", path, json.dumps(body or {}).encode(), **headers)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str | None) -> Answer:
        """One request, tried once; raises `Lost`."""
        named = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        started = time.monotonic()
        try:
            self.connection.request(
                method, path if path.startswith("/") else f"/api/v1/{path}", body, self.headers | named
            )
            response = self.connection.getresponse()
            content = response.read()
        except Lost:
            self.connection.close()  # the next request opens another
            raise
        return Answer(response.status, dict(response.getheaders()), content, time.monotonic() - started)


class Web:
    """The web process of a place, as `manage.py run` starts it: kill it, start it again on the same port."""

    def __init__(self, place: Place, **environment: str) -> None:
        self.place, self.port = place, free_port()
        # As each is run: SQLite by one process with threads, PostgreSQL by several.
        processes = "2" if place.is_postgresql else "1"
        self.environment = {"REGISTRY_NOW": NOW, "WEB_PROCESSES": processes, "PORT": str(self.port), **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        gunicorn = ("-m", "gunicorn", "--config", "python:registry.gunicorn_conf")
        self.process = self.place.start(*gunicorn, **self.environment)
        wait_for(self._answers)

    def kill(self) -> None:
        """`kill -9`: the master and its workers."""
        if self.process is not None:
            kill(self.process)
        self.process = None

    def client(self, token: str = "", **options: float) -> Client:
        """A caller of it."""
        return Client(self.port, token, **options)

    def _answers(self) -> bool:
        try:
            return self.client(timeout=5).get("/healthz/live").status == 200
        except Lost:
            return False


@contextmanager
def serving(place: Place, **environment: str) -> Iterator[Web]:
    """A web process that answers; killed in the end."""
    web = Web(place, **environment)
    try:
        web.start()
        yield web
    finally:
        web.kill()


def together(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All calls at one moment, each in a thread of its own; the answers in their order."""
    gate = threading.Barrier(len(calls))

    def pass_gate(call: Callable[[], Answer]) -> Answer:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(pass_gate, calls))
