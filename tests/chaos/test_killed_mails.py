"""Every process on a mail's way is killed, again and again: nothing is lost, and copies carry one Message-ID."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from registry.kernel.outbox.worker import LINES, MARKED_AT_ONCE
from tests.chaos.brokers import Broker
from tests.chaos.places import Place, free_port, kill, rounds, wait_for
from tests.chaos.seeding import REMINDED_AT
from tests.chaos.test_broker_down import BEAT, WORKER

pytestmark = pytest.mark.chaos

LONGEST_SECONDS = 600.0
STATES = "SELECT state, COUNT(*) FROM {} GROUP BY state ORDER BY state"


class House:
    """Two workers, a beat and a mail server at one place, each to be killed and started again."""

    def __init__(self, place: Place, broker: Broker, *, drip: float = 0.0, **environment: str) -> None:
        self.place, self.broker, self.received = place, broker, place.folder / "received"
        self.received.touch()
        port = free_port()
        place.environment |= {"MAIL_URL": f"smtp://127.0.0.1:{port}", "REGISTRY_NOW": REMINDED_AT, **environment}
        if broker.url:
            place.environment["BROKER_URL"] = broker.url
        self.sink = place.start("-m", "tests.chaos.sink", str(port), str(self.received), str(drip))
        self.started = [self.sink]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.beat: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Start who sends."""
        self.workers = [self._start(*WORKER), self._start(*WORKER)]
        self.beat = self._start(*BEAT)

    def close(self) -> None:
        """`kill -9` for all that ever ran here, and for what they left behind."""
        for process in self.started:
            kill(process)

    def kill_worker(self, dice: random.Random) -> None:
        """A worker itself; its pool process finds out by and by."""
        number = dice.randrange(len(self.workers))
        self._end(self.workers[number])
        self.workers[number] = self._start(*WORKER)

    def kill_pool_child(self, dice: random.Random) -> None:
        """Who sends at this moment."""
        wait_for(lambda: any(children(worker.pid) for worker in self.workers))
        found = [child for worker in self.workers for child in children(worker.pid)]
        os.kill(dice.choice(found), signal.SIGKILL)

    def kill_beat(self, dice: random.Random) -> None:
        """The timetable."""
        assert self.beat is not None
        self._end(self.beat)
        self.beat = self._start(*BEAT)

    def kill_broker(self, dice: random.Random) -> None:
        """The broker, with all that it holds."""
        self.broker.kill()
        self.broker.start()

    def kill_sink(self, dice: random.Random) -> None:
        """Who is being told a mail."""
        wait_for(lambda: bool(children(self.sink.pid)))
        os.kill(children(self.sink.pid)[0], signal.SIGKILL)

    def copies(self) -> Counter[str]:
        """How often each Message-ID was received."""
        return Counter(self.received.read_text(encoding="ascii").split())

    def total(self) -> int:
        """How many mails were received, copies counted."""
        return self.received.read_bytes().count(b"\n")

    def states(self, table: str) -> list[tuple[str, int]]:
        """How many rows are in which state."""
        return self.place.rows(STATES.format(table))

    def trouble(self) -> list[str]:
        """What no log may hold: a task that failed, or a fault around a row."""
        log = (self.place.folder / "processes.log").read_text(encoding="utf-8", errors="replace")
        return [word for word in ("raised unexpected", "outbox.row_failed", "settle_failed", "deadlock") if word in log]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = self.place.start(*arguments)
        self.started.append(process)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that this one has forked and that live."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@pytest.fixture
def house(place: Place, broker: Broker) -> Iterator[House]:
    """A house with nobody in it yet."""
    house = House(place, broker)
    try:
        yield house
    finally:
        house.close()


def test_no_kill_anywhere_loses_a_mail(house: House) -> None:
    count, kills, dice = rounds(2000, bounded=200), rounds(25, bounded=20), random.Random(5)
    house.place.run("tests.chaos.seeding", "reminders", count)
    victims = [house.kill_worker, house.kill_pool_child, house.kill_beat, house.kill_sink]
    if house.broker.url:
        victims.append(house.kill_broker)

    house.open()
    for number in range(kills):
        # Spread over the whole of the sending, however fast it is.
        met = (number + 1) * count // (kills + 2)
        wait_for(lambda met=met: house.total() >= met, seconds=LONGEST_SECONDS)  # type: ignore[misc]
        victims[number % len(victims)](dice)
    wait_for(lambda: house.states("registry_outboxmessage") == [("sent", count)], seconds=LONGEST_SECONDS)

    copies = house.copies()
    assert set(copies) == {row[0] for row in house.place.rows("SELECT message_id FROM registry_outboxmessage")}
    assert len(copies) == count
    # At most these stand between their final dots and their mark in each process that was killed.
    assert copies.total() - count <= kills * (MARKED_AT_ONCE + LINES)
    wait_for(lambda: house.states("codesign_occurrence") == [("handed_over", count)])
    assert house.place.rows("SELECT COUNT(*), COUNT(DISTINCT reference) FROM codesign_notice") == [(count, count)]


def test_poisoned_rows_starve_nobody(place: Place, broker: Broker) -> None:
    count, poisoned = rounds(2000, bounded=200), rounds(20, bounded=5)
    house = House(place, broker, CHAOS_FIRST_WAIT="0.1")
    try:
        place.run("tests.chaos.seeding", "poisoned", count, poisoned)

        house.open()
        wait_for(
            lambda: house.states("registry_outboxmessage") == [("dead", poisoned), ("sent", count - poisoned)],
            seconds=LONGEST_SECONDS,
        )
    finally:
        house.close()

    copies = house.copies()
    assert (len(copies), copies.total()) == (count - poisoned, count - poisoned)
    assert house.states("codesign_occurrence") == [("dead", poisoned), ("handed_over", count - poisoned)]
    assert house.trouble() == []


def test_a_server_that_drips_gets_one_copy(place: Place, broker: Broker) -> None:
    count = rounds(20, bounded=6)
    house = House(place, broker, drip=0.03)  # more than a second a mail, byte by byte
    try:
        place.run("tests.chaos.seeding", "reminders", count)

        house.open()
        wait_for(lambda: house.states("registry_outboxmessage") == [("sent", count)], seconds=LONGEST_SECONDS)
    finally:
        house.close()

    copies = house.copies()
    assert (len(copies), copies.total()) == (count, count)
