"""A database that is down is said so, in the one shape of an error; nobody has to start anything again."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter

import pytest

from tests.chaos.conftest import ENGINES
from tests.chaos.places import NOW, Place, name_of, on_server, rounds
from tests.chaos.test_retries import Job, done, half_done, jobs
from tests.chaos.web import Answer, Client, Lost, serving

pytestmark = [
    pytest.mark.chaos,
    # A file can't go down.
    pytest.mark.parametrize("place", [engine for engine in ENGINES if engine != "sqlite"], indirect=True),
]

READS = ("companies/", "code-memberships/", "organisations/", "countries/", "me/")
PAGES = ("/", "/accounts/login/", "/admin/login/")


def cut_off(place: Place) -> None:
    """Let nobody in, and end every connection."""
    name = name_of(place.environment["DATABASE_URL"])
    on_server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def let_in(place: Place) -> None:
    """The end of it."""
    on_server(f"ALTER DATABASE {name_of(place.environment['DATABASE_URL'])} ALLOW_CONNECTIONS true")


def is_said_well(answer: Answer) -> bool:
    """503 as a problem that says when to come again."""
    return (
        answer.status == 503
        and answer.headers["Content-Type"] == "application/problem+json"
        and int(answer.headers["Retry-After"]) > 0
        and answer.json["code"] == "unavailable"
    )


def test_without_a_database_every_answer_is_503_until_it_is_back(place: Place) -> None:
    made = place.run("tests.chaos.seeding", "applications", 2, REGISTRY_NOW=NOW)
    first, second, third, fourth = itertools.islice(jobs(made["memberships"]), 4)

    with serving(place) as web:
        client, stranger = web.client(made["officers"][0]), web.client()
        before = [job.send(client).status for job in (first, second)]
        cut_off(place)
        try:
            refused = [client.get(path) for path in READS] + [stranger.get(READS[2])]
            refused += [job.send(client) for job in (third, fourth)]
            pages = [_with_session(client, page) for page in PAGES]
            probes = [client.get(f"/healthz{probe}").status for probe in ("/live", "/ready", "")]
        finally:
            let_in(place)
        after = [client.get(path).status for path in READS] + [job.send(client).status for job in (third, fourth)]

    assert before == [200, 201]
    assert [answer for answer in refused if not is_said_well(answer)] == []
    assert [(page.status, page.headers["Retry-After"]) for page in pages] == [(503, "2")] * len(PAGES)
    assert probes == [200, 503, 503]
    assert after == [200, 200, 200, 200, 200, 200, 201]
    assert (half_done(place), len(done(place))) == ([], 4)


def _with_session(client: Client, page: str) -> Answer:
    """A page as a browser asks for it, with the cookie of a session."""
    return client.send("GET", page, Cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")


def test_cut_off_in_mid_write_nothing_acknowledged_is_lost(place: Place) -> None:
    cuts = rounds(20, bounded=3)
    made = place.run("tests.chaos.seeding", "applications", 20 * cuts, REGISTRY_NOW=NOW)
    statuses: Counter[int] = Counter()
    acknowledged: set[str] = set()
    stop, lock, source = threading.Event(), threading.Lock(), jobs(made["memberships"])

    def write(client: Client) -> None:
        job: Job | None = None
        while not stop.is_set() or job:
            with lock:
                job = job or next(source)
            try:
                answer = job.send(client)
            except Lost:
                statuses[0] += 1
                continue
            statuses[answer.status] += 1
            if answer.status in (200, 201):
                acknowledged.add(job.name)
                job = None
            elif answer.status == 503:
                time.sleep(0.05)

    with serving(place) as web:
        clients = [web.client(made["officers"][0]) for _ in range(4)]
        threads = [threading.Thread(target=write, args=(client,), daemon=True) for client in clients]
        for thread in threads:
            thread.start()
        for _ in range(cuts):
            time.sleep(1)
            cut_off(place)
            time.sleep(1)
            let_in(place)
        stop.set()
        for thread in threads:
            thread.join(60)

    print(f"{cuts} cuts, answers by status {dict(statuses)}")  # noqa: T201
    assert set(statuses) <= {200, 201, 409, 503}
    assert statuses[503] > 0
    assert (half_done(place), done(place)) == ([], acknowledged)
