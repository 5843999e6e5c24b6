"""A broker that is down delays mails and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.chaos.conftest import CopyCounter
from tests.chaos.places import NOW, Place, free_port, rounds, wait_for
from tests.chaos.seeding import REMINDED_AT
from tests.chaos.test_retries import done, half_done, jobs
from tests.chaos.web import serving

pytestmark = pytest.mark.chaos

LONGEST_SECONDS = 2.0
WORKER = ("-m", "tests.chaos.impatient", "--quiet", "worker", "--without-gossip", "--without-mingle")
BEAT = ("-m", "tests.chaos.impatient", "--quiet", "beat", "--pidfile=")


@pytest.fixture(params=["closed", "silent"])
def lost_broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a port where nobody listens, or where somebody takes calls and never says a word."""
    if request.param == "closed":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with closing(socket.create_server(("127.0.0.1", 0), backlog=100)) as silent:
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}/0"


def test_no_request_fails_or_waits_for_a_lost_broker(place: Place, lost_broker: str) -> None:
    count = rounds(100, bounded=20)
    made = place.run("tests.chaos.seeding", "applications", count, REGISTRY_NOW=NOW)

    with serving(place, BROKER_URL=lost_broker) as web:
        client = web.client(made["officers"][0])
        answers = [job.send(client) for job, _ in zip(jobs(made["memberships"]), range(2 * count), strict=False)]
        answers += [client.get(path) for path in ("companies/", "code-memberships/", "reminders/occurrences/", "me/")]
        probes = [client.get(f"/healthz{probe}") for probe in ("/live", "/ready", "")]

    assert [answer for answer in answers if answer.status not in (200, 201)] == []
    assert [probe.status for probe in probes] == [200, 200, 503]
    assert [answer for answer in [*answers, *probes[:2]] if answer.seconds > LONGEST_SECONDS] == []
    assert (half_done(place), len(done(place))) == ([], 2 * count)


def test_what_no_bell_announced_is_swept_up(place: Place, lost_broker: str, sink: tuple[str, CopyCounter]) -> None:
    count, (url, counter) = rounds(500, bounded=50), sink
    place.environment |= {"MAIL_URL": url, "REGISTRY_NOW": REMINDED_AT}
    place.run("tests.chaos.seeding", "reminders", count)

    planned = place.run("tests.chaos.seeding", "planned", BROKER_URL=lost_broker)

    assert planned["planned"] == count
    assert place.rows("SELECT state, COUNT(*) FROM registry_outboxmessage GROUP BY state") == [("pending", count)]
    assert planned["seconds"] < LONGEST_SECONDS + 3  # the planning itself takes its time
    with place.running(*WORKER), place.running(*BEAT):
        wait_for(lambda: len(counter.copies) >= count)
        wait_for(lambda: place.rows("SELECT DISTINCT state FROM registry_outboxmessage") == [("sent",)])
    assert counter.copies.total() == count
