"""Two timetables and two workers on one broker hand each reminder over once."""

from __future__ import annotations

import time

import pytest

from tests.chaos.brokers import Broker
from tests.chaos.conftest import CopyCounter
from tests.chaos.places import Place, rounds, wait_for
from tests.chaos.seeding import REMINDED_AT
from tests.chaos.test_broker_down import BEAT, WORKER

pytestmark = pytest.mark.chaos


def test_two_beats_and_two_workers_send_each_reminder_once(
    place: Place, broker: Broker, sink: tuple[str, CopyCounter]
) -> None:
    count, (url, counter) = rounds(2000, bounded=100), sink
    place.environment |= {"MAIL_URL": url, "REGISTRY_NOW": REMINDED_AT}
    place.environment |= {"BROKER_URL": broker.url} if broker.url else {}
    place.run("tests.chaos.seeding", "reminders", count)

    with (
        place.running(*WORKER),
        place.running(*WORKER),
        place.running(*BEAT),
        place.running(*BEAT, "--schedule", str(place.folder / "second")),
    ):
        wait_for(lambda: len(counter.copies) >= count, seconds=240)
        time.sleep(3)  # both beats go on ringing: whoever sent twice would do so now

    assert (len(counter.copies), counter.copies.total()) == (count, count)
    ended = "SELECT state, COUNT(*) FROM {} GROUP BY state"
    assert place.rows(ended.format("codesign_occurrence")) == [("handed_over", count)]
    assert place.rows(ended.format("registry_outboxmessage")) == [("sent", count)]
    assert place.rows("SELECT COUNT(*) FROM codesign_notice") == [(count,)]
    # Planner and worker once locked occurrence and message in opposite orders: eight mails of a hundred went
    # out without their mark, to go out again after the lease.
    log = (place.folder / "processes.log").read_text(encoding="utf-8")
    assert [trouble for trouble in ("deadlock", "raised unexpected", "outbox.row_failed") if trouble in log] == []
