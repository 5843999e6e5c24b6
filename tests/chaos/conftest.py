"""Real processes, real time, a database of its own, and a mail server that counts copies."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.chaos.brokers import BROKERS, Broker, broker_of
from tests.chaos.places import Place, create_database, drop_database, environment_of, free_port

ENGINES = ["sqlite", *(["postgresql"] if os.environ.get("TEST_DATABASE_URL") else [])]


def pytest_configure(config: pytest.Config) -> None:
    """The marker of this folder."""
    config.addinivalue_line("markers", "chaos: kills processes; run by `make chaos`")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every word it hears


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
    port = free_port()
    counter = CopyCounter()
    controller = Controller(counter, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", counter
    controller.stop()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Where the migrated, empty database of an engine lies: migrating takes long, copying does not."""
    made: dict[str, str] = {}

    def template(engine: str) -> str:
        if engine not in made:
            folder = tmp_path_factory.mktemp(engine)
            place = Place(environment_of(folder))
            if engine == "postgresql":
                made[engine] = place.environment["DATABASE_URL"] = create_database()
            else:
                made[engine] = str(folder / "registry.sqlite3")
            place.manage("migrate", "--verbosity", "0")
        return made[engine]

    yield template
    if url := made.get("postgresql"):
        drop_database(url)


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path, templates: Callable[[str], str]) -> Iterator[Place]:
    """A fresh installation on one of the databases."""
    template, place = templates(request.param), Place(environment_of(tmp_path))
    if request.param == "sqlite":
        shutil.copyfile(template, tmp_path / "registry.sqlite3")
        yield place
        return
    place.environment["DATABASE_URL"] = create_database(template=template)
    try:
        yield place
    finally:
        drop_database(place.environment["DATABASE_URL"])


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A broker that may be killed."""
    with broker_of(request.param, tmp_path) as broker:
        yield broker
