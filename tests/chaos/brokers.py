"""A broker that a test may kill: a Redis of its own without memory, or the line to a RabbitMQ that others use too."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from kombu import Connection

from registry.celery import QUEUES
from tests.chaos.places import free_port, kill, wait_for

GIVEN = os.environ.get("TEST_BROKER_URL", "")
# Redis where the machine has one, RabbitMQ where one is named: what the promise is about.
BROKERS = [
    *(["redis"] if shutil.which("redis-server") else []),
    *(["amqp"] if GIVEN.startswith("amqp") else []),
] or ["embedded"]


class Broker:
    """Where the bells ring. Killed, a Redis has forgotten everything when it comes back."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address; "" for the embedded one, which is no process."""
        if self.kind == "embedded":
            return ""
        if self.kind == "redis":
            return f"redis://127.0.0.1:{self.port}/0"
        given = urlsplit(GIVEN)
        login = f"{given.username or 'guest'}:{given.password or 'guest'}"
        return given._replace(netloc=f"{login}@127.0.0.1:{self.port}").geturl()

    def start(self) -> None:
        """Start it and wait until it takes calls."""
        if self.kind == "embedded":
            return
        given = urlsplit(GIVEN)
        line = [
            sys.executable,
            "-m",
            "tests.chaos.proxy",
            str(self.port),
            given.hostname or "",
            str(given.port or 5672),
        ]
        own = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                own if self.kind == "redis" else line,
                cwd=self.folder if self.kind == "redis" else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self._answers)

    def kill(self) -> None:
        """`kill -9`."""
        if self.process is not None:
            kill(self.process)
        self.process = None

    def empty(self) -> None:
        """Nothing of an earlier test rings."""
        if self.kind == "amqp":
            with Connection(GIVEN) as connection:
                for queue in QUEUES:
                    with suppress(connection.channel_errors):
                        connection.channel().queue_purge(queue)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@contextmanager
def broker_of(kind: str, folder: Path) -> Iterator[Broker]:
    """Started, and killed in the end."""
    broker = Broker(kind, folder)
    broker.empty()
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
