"""Where a chaos test takes place: a folder and a database of its own, and the processes that run there."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

# In the year of the rows that the factories make.
NOW = "2026-11-22T10:00:00+00:00"
IS_BOUNDED = os.environ.get("CI") == "1"
SCALE = float(os.environ.get("CHAOS_SCALE", "1"))


def rounds(full: int, *, bounded: int) -> int:
    """How often to try: `make chaos` in full, CHAOS_SCALE a share of it, CI=1 the least that still says something."""
    return bounded if IS_BOUNDED else max(bounded, round(full * SCALE))


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return free.getsockname()[1]


def wait_for(met: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Until `met` says so. Raises TimeoutError."""
    stop = time.monotonic() + seconds
    while not met():
        if time.monotonic() > stop:
            raise TimeoutError
        time.sleep(0.05)


def environment_of(folder: Path) -> dict[str, str]:
    """The environment of an installation with everything embedded in `folder`."""
    elsewhere = {"DATABASE_URL", "BROKER_URL", "DATA_DIR"}
    inherited = {name: value for name, value in os.environ.items() if name not in elsewhere}
    own = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "registry.settings", "LOG_LEVEL": "WARNING"}
    return {**inherited, **own}


class Place:
    """One installation. Its processes are started with `environment`; its rows are read from outside."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    @property
    def folder(self) -> Path:
        """DATA_DIR."""
        return Path(self.environment["DATA_DIR"])

    @property
    def is_postgresql(self) -> bool:
        """Whether its database is PostgreSQL; otherwise it is SQLite."""
        return "DATABASE_URL" in self.environment

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py to its end."""
        subprocess.run([sys.executable, "manage.py", *arguments], env=self.environment, check=True, timeout=300)

    def run(self, module: str, *arguments: object, **environment: str) -> Any:
        """Run a module to its end; the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            env={**self.environment, **environment},
            check=True,
            timeout=300,
            stdout=subprocess.PIPE,
        )
        return json.loads(done.stdout)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start Python with `arguments` as the leader of a process group; its output goes to `processes.log`."""
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start, and kill in the end."""
        process = self.start(*arguments, **environment)
        try:
            yield process
        finally:
            kill(process)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds, asked in one statement past every process of the register."""
        if self.is_postgresql:
            with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
                return connection.execute(statement).fetchall()
        with closing(sqlite3.connect(self.folder / "registry.sqlite3", timeout=20)) as connection:
            return connection.execute(statement).fetchall()


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` for the group that `process` leads."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def on_server(statement: str, *, url: str = "") -> None:
    """Let the PostgreSQL server of the tests do something to a whole database."""
    server = urlsplit(url or os.environ["TEST_DATABASE_URL"])
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(statement.encode())


def name_of(url: str) -> str:
    """The database that a URL names."""
    return urlsplit(url).path.lstrip("/")


def create_database(*, template: str = "") -> str:
    """The URL of a new database, empty or a copy."""
    name = f"chaos_{uuid4().hex[:12]}"
    on_server(f"CREATE DATABASE {name}" + (f" TEMPLATE {name_of(template)}" if template else ""))
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def drop_database(url: str) -> None:
    """Remove a database that was made here."""
    on_server(f"DROP DATABASE {name_of(url)} WITH (FORCE)")
