"""Retries are harmless, and what was acknowledged is there: pairs of equal requests, and kills in mid-write."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chaos.places import NOW, Place, rounds, wait_for
from tests.chaos.web import Answer, Client, Lost, Web, serving, together

pytestmark = pytest.mark.chaos

# One row per application: its name, its state, and how often each trace of an approval is there.
APPROVALS = """
SELECT o.name, m.state,
    (SELECT COUNT(*) FROM codesign_decision d WHERE d.membership_id = m.id AND d.move = 'approve'),
    (SELECT COUNT(*) FROM codesign_invoice i WHERE i.membership_id = m.id),
    (SELECT COUNT(*) FROM codesign_codeagreement a WHERE a.membership_id = m.id),
    (SELECT COUNT(*) FROM registry_auditevent e WHERE e.object_id = m.id AND e.action = 'code-memberships.approve')
FROM codesign_codemembership m JOIN members_organisation o ON o.id = m.company_id
"""
# One row per company entered over HTTP: its name, and how often each trace of its entry is there.
ENTRIES = """
SELECT o.name, COUNT(*), SUM((SELECT COUNT(*) FROM codesign_company c WHERE c.organisation_id = o.id)),
    SUM((SELECT COUNT(*) FROM registry_auditevent e WHERE e.object_id = o.id AND e.action = 'companies.create')),
    SUM((SELECT COUNT(*) FROM registry_auditevent e WHERE e.object_id = o.id AND e.action = 'organisations.create'))
FROM members_organisation o WHERE o.name LIKE 'Entered %' GROUP BY o.name
"""
# Only the version of a tag is compared.
FIRST_VERSION = f'"1-{"0" * 16}"'
WHOLE, NOTHING = ("approved", 1, 1, 1, 1), ("plan_submitted", 0, 0, 0, 0)


@dataclass(frozen=True)
class Job:
    """One write: what it is for, and the request."""

    name: str
    path: str
    body: dict[str, Any]
    tag: str | None

    def send(self, client: Client) -> Answer:
        """Send it, with the one key that it always has."""
        return client.post(self.path, self.body, if_match=self.tag, idempotency_key=f"key of {self.name}")


def jobs(memberships: list[str]) -> Iterator[Job]:
    """An approval, a new company, and so on; companies alone when no application is left."""
    waiting = iter(enumerate(memberships))
    for number in itertools.count():
        if found := next(waiting, None):
            yield Job(f"Applicant {found[0]} (DEMO)", f"code-memberships/{found[1]}/approve/", {}, FIRST_VERSION)
        company = {"name": f"Entered {number} (DEMO)", "country": "BE", "category": "hotel", "is_another": True}
        yield Job(f"Entered {number} (DEMO)", "companies/", company, None)


def half_done(place: Place) -> list[tuple[Any, ...]]:
    """What is neither there as a whole nor absent as a whole, or there twice."""
    halves = [row for row in place.rows(APPROVALS) if row[1:] not in (WHOLE, NOTHING)]
    return halves + [row for row in place.rows(ENTRIES) if row[1:] != (1, 1, 1, 1)]


def done(place: Place) -> set[str]:
    """What is there as a whole."""
    approved = {row[0] for row in place.rows(APPROVALS) if row[1:] == WHOLE}
    return approved | {row[0] for row in place.rows(ENTRIES) if row[1:] == (1, 1, 1, 1)}


def test_of_two_equal_requests_one_has_an_effect(place: Place) -> None:
    count = rounds(200, bounded=20)
    made = place.run("tests.chaos.seeding", "applications", count // 2, REGISTRY_NOW=NOW)
    wrong, waited = [], 0

    with serving(place) as web:
        clients = [web.client(made["officers"][0]) for _ in range(2)]
        for job in itertools.islice(jobs(made["memberships"]), count):
            answers = together([lambda client=client, job=job: job.send(client) for client in clients])
            again = job.send(clients[0])
            waited += sum(map(is_still_running, answers))
            firsts = [answer for answer in answers if "Idempotent-Replay" not in answer.headers]
            replays = [answer for answer in [*answers, again] if "Idempotent-Replay" in answer.headers]
            # One did it, which may have been told to wait or not; whoever else asked has the same bytes.
            did = [answer for answer in firsts if answer.status == (200 if job.tag else 201)]
            is_right = len(did) == 1 and {answer.body for answer in replays} == {did[0].body}
            if not is_right or not all(is_still_running(answer) for answer in firsts if answer not in did):
                wrong.append((job.name, answers, again))

    print(f"{count} pairs, {waited} told to wait")  # noqa: T201
    assert wrong == []
    assert half_done(place) == []
    assert len(done(place)) == count


def is_still_running(answer: Answer) -> bool:
    """Whether the first request with the key was under way, so that this one may come again."""
    return answer.status == 409 and answer.json["code"] == "still_running"


class Writers:
    """Clients that write without pause, and send again with the same key what no answer came to."""

    def __init__(self, web: Web, token: str, source: Iterator[Job], *, count: int = 4) -> None:
        self.acknowledged: dict[str, tuple[Job, Answer]] = {}
        self.refused: list[tuple[str, Answer]] = []
        self.lost = 0
        self._source, self._lock, self._stop = source, threading.Lock(), threading.Event()
        # Daemons: when a test fails with its server gone, nobody waits for an answer to their last job.
        writers = [(self._write, (web.client(token),)) for _ in range(count)]
        self._threads = [threading.Thread(target=write, args=given, daemon=True) for write, given in writers]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Let every writer bring its last job to an end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _write(self, client: Client) -> None:
        while not self._stop.is_set():
            with self._lock:
                job = next(self._source)
            answer = self._insist(job, client)
            if answer.status in (200, 201):
                self.acknowledged[job.name] = (job, answer)
            else:
                self.refused.append((job.name, answer))

    def _insist(self, job: Job, client: Client) -> Answer:
        """Send until there is an answer other than "still running"."""
        while True:
            try:
                answer = job.send(client)
            except Lost as error:
                # A server that is not there yet has not lost anything.
                self.lost += not isinstance(error, ConnectionRefusedError)
                time.sleep(0.05)
                continue
            if not is_still_running(answer):
                return answer
            time.sleep(0.2)


def test_kills_in_mid_write_lose_nothing_and_leave_nothing_half_done(place: Place) -> None:
    kills, dice = rounds(50, bounded=5), random.Random(1)
    made = place.run("tests.chaos.seeding", "applications", 20 * kills, REGISTRY_NOW=NOW)
    unequal, halves, missing = [], [], []

    with serving(place) as web:
        writers = Writers(web, made["officers"][0], jobs(made["memberships"]))
        for _ in range(kills):
            seen = len(writers.acknowledged)
            wait_for(lambda seen=seen: len(writers.acknowledged) > seen)
            time.sleep(dice.uniform(0.0, 0.8))
            web.kill()
            acknowledged = dict(writers.acknowledged)
            halves += half_done(place)
            missing += sorted(set(acknowledged) - done(place))
            web.start()
            client = web.client(made["officers"][0])
            # The newest are those that a kill could have taken; the others keep their place in the rows.
            for job, answer in list(acknowledged.values())[-10:]:
                again = job.send(client)
                if (again.status, again.body) != (answer.status, answer.body):
                    unequal.append((job.name, answer, again))
        writers.finish()

    print(f"{kills} kills, {len(writers.acknowledged)} acknowledged, {writers.lost} answers lost")  # noqa: T201
    assert (halves, missing, unequal, writers.refused) == ([], [], [], [])
    assert half_done(place) == []
    assert done(place) == set(writers.acknowledged)
    # Without any, the kills came between the writes and proved nothing.
    assert writers.lost >= kills
