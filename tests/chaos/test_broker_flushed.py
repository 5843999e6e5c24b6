"""A broker that goes, forgets everything and comes back: no request notices, and no mail is lost."""

from __future__ import annotations

import time
from uuid import UUID

import pytest

from tests.chaos.brokers import Broker
from tests.chaos.places import Place, rounds, wait_for
from tests.chaos.test_killed_mails import LONGEST_SECONDS, House
from tests.chaos.web import serving

pytestmark = pytest.mark.chaos

# Reminders are planned, and leave only when somebody sends them now.
EARLIER = "2027-02-25T12:00:00+00:00"
WAITING = "SELECT id FROM codesign_occurrence WHERE state = 'planned' ORDER BY id"


def test_a_broker_gone_and_flushed_fails_no_request_and_loses_no_mail(place: Place, broker: Broker) -> None:
    count, seconds, before = rounds(600, bounded=40), rounds(60, bounded=5), rounds(50, bounded=10)
    house = House(place, broker, REGISTRY_NOW=EARLIER)
    made = place.run("tests.chaos.seeding", "reminders", count)
    place.run("tests.chaos.seeding", "planned")
    waiting = [UUID(str(row[0])) for row in place.rows(WAITING)]
    assert len(waiting) == count

    try:
        house.open()
        with serving(place, **place.environment) as web:
            client = web.client(made["officer"])

            def send(number: int) -> int:
                path = f"reminders/occurrences/{waiting[number]}/send-now/"
                return client.post(path, if_match=f'"1-{"0" * 16}"').status

            statuses = [send(number) for number in range(before)]
            assert set(statuses) == {200}
            wait_for(lambda: house.total() > 0)
            broker.kill()
            broker.empty()
            gone = time.monotonic()
            for number in range(before, count):
                statuses.append(send(number))
                time.sleep(max(0.0, gone + (number - before + 1) * seconds / (count - before) - time.monotonic()))
            broker.start()
        wait_for(lambda: house.states("registry_outboxmessage") == [("sent", count)], seconds=LONGEST_SECONDS)
    finally:
        house.close()

    copies = house.copies()
    assert set(statuses) == {200}
    assert set(copies) == {row[0] for row in place.rows("SELECT message_id FROM registry_outboxmessage")}
    assert (len(copies), copies.total()) == (count, count)
    assert house.states("codesign_occurrence") == [("handed_over", count)]
