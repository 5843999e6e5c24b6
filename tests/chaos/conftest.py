"""Real processes, real time, a database of its own, and a mail server that counts copies."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.controller import Controller

ENGINES = ["sqlite", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else [])]


def pytest_configure(config: pytest.Config) -> None:
    """The marker of this folder."""
    config.addinivalue_line("markers", "chaos: kills processes; run by `make chaos`")


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Time passes here: leases run out, servers answer late."""


class CopyCounter:
    """Receives mails, a little slowly, and counts the copies of each Message-ID."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Count, then wait: a kill in between finds the mail received and not acknowledged."""
        self.copies[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        await asyncio.sleep(0.002)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[str, CopyCounter]]:
    """URL and counter of a mail server."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    counter = CopyCounter()
    controller = Controller(counter, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", counter
    controller.stop()


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh installation on one of the databases, its tables made."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "registry.settings"}
    if request.param == "sqlite":
        environment.pop("DATABASE_URL", None)
        _make_tables(environment)
        yield environment
        return
    server, name = urlsplit(os.environ["TEST_DATABASE_URL"]), f"chaos_{uuid4().hex[:12]}"
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = server._replace(path=f"/{name}").geturl()
        try:
            _make_tables(environment)
            yield environment
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _make_tables(environment: dict[str, str]) -> None:
    """Tables straight from the models: quicker than the whole history of migrations."""
    code = (
        "from django.conf import settings\n"
        "class Without(dict):\n"
        "    __contains__ = lambda self, name: True\n"
        "    __getitem__ = get = lambda self, name, default=None: None\n"
        "settings.MIGRATION_MODULES = Without()\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', run_syncdb=True, verbosity=0)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)
