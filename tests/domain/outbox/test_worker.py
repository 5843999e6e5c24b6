"""The worker: what is taken, in which order, and what each end leaves behind."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from registry.kernel.mail import Rejected
from registry.kernel.outbox import handlers, worker
from registry.kernel.outbox.actions import message_id_of
from registry.kernel.outbox.models import OutboxMessage, OutboxState
from tests.domain.outbox.conftest import Remembering, compose
from tests.factories.reminders import make_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]
Ends = list[tuple[str, OutboxState, str]]


def subjects(mailer: Remembering) -> list[str]:
    return [str(mail["Subject"]) for mail in mailer.sent]


def test_due_message_is_sent_marked_and_settled(at: datetime, mailer: Remembering, settled: Ends) -> None:
    make_message(key="a")

    assert worker.deliver_batch(at=at, mailer=mailer) == 1

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.sent_at, row.lease_until, row.lease_token) == ("sent", 1, at, None, None)
    assert row.message_id == message_id_of("a") == str(mailer.sent[0]["Message-ID"])
    assert settled == [("a", OutboxState.SENT, "")]


def test_order_is_priority_then_due(at: datetime, mailer: Remembering) -> None:
    make_message(key="late", due_at=at - timedelta(hours=1))
    make_message(key="early", due_at=at - timedelta(hours=2))
    make_message(key="urgent", priority=1)

    assert worker.deliver_batch(at=at, mailer=mailer, size=2) == 2

    assert subjects(mailer) == ["urgent", "early"]


def test_what_is_not_due_leased_or_backed_off_stays(at: datetime, mailer: Remembering) -> None:
    make_message(key="tomorrow", due_at=at + timedelta(days=1))
    make_message(key="leased", lease_until=at + timedelta(seconds=1), lease_token=uuid4())
    make_message(key="backing off", retry_at=at + timedelta(seconds=1))
    make_message(key="held", state=OutboxState.HELD)

    assert worker.deliver_batch(at=at, mailer=mailer) == 0
    assert OutboxMessage.objects.exclude(attempts=0).count() == 0


def test_shifted_clock_releases_what_lies_ahead_and_no_lease(at: datetime, mailer: Remembering) -> None:
    ahead = at + timedelta(days=120)
    make_message(key="ahead", due_at=ahead)
    make_message(key="leased", lease_until=at + timedelta(seconds=60), lease_token=uuid4())

    assert worker.deliver_batch(at=ahead, mailer=mailer) == 1

    assert subjects(mailer) == ["ahead"]


def test_lease_that_ran_out_is_taken_over(at: datetime, mailer: Remembering) -> None:
    make_message(key="orphan", attempts=1, lease_until=at - timedelta(seconds=1), lease_token=uuid4())

    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "attempts")) == [("sent", 2)]


def test_row_that_another_worker_took_over_is_left_to_it(at: datetime, mailer: Remembering) -> None:
    row = make_message(key="a", lease_token=uuid4(), lease_until=at + timedelta(seconds=60))

    with worker.Delivery(token=uuid4(), at=at, mailer=mailer) as delivery:
        delivery.take_up([row])

    row.refresh_from_db()
    assert (mailer.sent, row.state, row.attempts) == ([], "pending", 0)


def test_poisoned_rows_starve_nobody_and_end_as_dead_letters(at: datetime, mailer: Remembering, settled: Ends) -> None:
    for number in range(20):
        make_message(key=f"{number:02}", payload={"poison": number == 7})

    moment = at
    for _ in range(worker.MAX_ATTEMPTS):
        with time_machine.travel(moment, tick=False):
            worker.deliver_batch(at=moment, mailer=mailer)
        moment += worker.LONGEST_WAIT

    assert subjects(mailer) == [f"{number:02}" for number in range(20) if number != 7]
    dead = OutboxMessage.objects.get(key="07")
    # The class of the error alone: its text held an address.
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", 8, "LookupError")
    assert settled[-1] == ("07", OutboxState.DEAD, "LookupError")


def test_unknown_topic_is_a_fault_like_others(at: datetime, mailer: Remembering) -> None:
    make_message(topic="nobody")

    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "attempts", "last_error")) == [("pending", 1, "KeyError")]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 60), (2, 120), (6, 1920)])
def test_faults_back_off_doubling(at: datetime, mailer: Remembering, attempts: int, seconds: int) -> None:
    make_message(key="a", attempts=attempts)
    mailer.faults["a"] = ConnectionRefusedError()

    worker.deliver_batch(at=at, mailer=mailer)

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.retry_at) == ("pending", attempts + 1, at + timedelta(seconds=seconds))
    assert (row.lease_token, row.last_error) == (None, "ConnectionRefusedError")


def test_hard_bounce_is_not_tried_again(at: datetime, mailer: Remembering, settled: Ends) -> None:
    make_message(key="a")
    mailer.faults["a"] = Rejected("550")

    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "last_error")) == [("dead", "rejected")]
    assert settled == [("a", OutboxState.DEAD, "rejected")]


def test_message_that_kills_its_workers_is_buried_unsent(at: datetime, mailer: Remembering, settled: Ends) -> None:
    make_message(key="a", attempts=worker.MAX_ATTEMPTS)

    worker.deliver_batch(at=at, mailer=mailer)

    assert (mailer.sent, settled) == ([], [("a", OutboxState.DEAD, "worker_lost")])


def test_suppressed_message_keeps_its_reason(at: datetime, mailer: Remembering, settled: Ends) -> None:
    make_message(key="a", payload={"suppress": "contact_gone"})

    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "last_error")) == [("suppressed", "contact_gone")]
    assert (mailer.sent, settled) == ([], [("a", OutboxState.SUPPRESSED, "contact_gone")])


def test_fault_while_settling_sends_no_second_copy(
    at: datetime, mailer: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    handlers.register("test", build=compose, settle=fail)
    make_message(key="a")

    worker.deliver_batch(at=at, mailer=mailer)
    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "last_error")) == [("sent", "settle LookupError")]
    assert len(mailer.sent) == 1


def test_row_that_takes_its_worker_down_takes_no_other_along(
    at: datetime, mailer: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("a", "killer", "z"):
        make_message(key=key)
    monkeypatch.setattr(worker, "MAX_ATTEMPTS", 3)
    handlers.register("test", build=lambda row, at: die(row) or compose(row, at), settle=lambda *_: None)

    moment = at
    for _ in range(4):
        with time_machine.travel(moment, tick=False), suppress(KeyboardInterrupt):
            worker.deliver_batch(at=moment, mailer=mailer)
        moment += worker.LEASE + timedelta(seconds=1)

    assert list(OutboxMessage.objects.order_by("key").values_list("key", "state", "attempts", "last_error")) == [
        ("a", "sent", 1, ""),
        ("killer", "dead", 3, "worker_lost"),
        ("z", "sent", 2, ""),
    ]
    assert subjects(mailer) == ["a", "z"]


def die(row: OutboxMessage) -> None:
    """What an ill-fated row does to its process."""
    if row.key == "killer":
        raise KeyboardInterrupt


def test_lease_lost_meanwhile_leaves_one_row_unmarked_and_the_others_marked(
    at: datetime, mailer: Remembering, settled: Ends
) -> None:
    lost = make_message(key="a")
    make_message(key="b")

    def build(row: OutboxMessage, at: datetime) -> EmailMessage | handlers.Suppressed:
        if row.key == "b":  # by now the other is on its way
            OutboxMessage.objects.filter(pk=lost.pk).update(lease_token=uuid4())
        return compose(row, at)

    handlers.register("test", build=build, settle=handlers.handler_of("test").settle)

    worker.deliver_batch(at=at, mailer=mailer)

    assert subjects(mailer) == ["a", "b"]
    assert list(OutboxMessage.objects.order_by("key").values_list("state", flat=True)) == ["pending", "sent"]
    assert settled == [("b", OutboxState.SENT, "")]


def test_what_comes_late_to_its_line_is_not_sent_when_another_has_it(
    at: datetime, mailer: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_message(key="a")
    monkeypatch.setattr(worker, "SEND_SECONDS", worker.LEASE.total_seconds() / 2)  # no time is left at once

    def build(row: OutboxMessage, at: datetime) -> EmailMessage | handlers.Suppressed:
        OutboxMessage.objects.filter(pk=row.pk).update(lease_token=uuid4())
        return compose(row, at)

    handlers.register("test", build=build, settle=lambda *_: None)

    worker.deliver_batch(at=at, mailer=mailer)

    assert (mailer.sent, OutboxMessage.objects.get().state) == ([], "pending")


def test_fault_while_settling_bears_on_its_own_row_alone(at: datetime, mailer: Remembering) -> None:
    settled: list[str] = []

    def settle(ended: list[handlers.Settled], at: datetime) -> None:
        for one in ended:
            if one.message.key == "b":
                raise LookupError
        settled.extend(one.message.key for one in ended)

    handlers.register("test", build=compose, settle=settle)
    for key in ("a", "b", "c"):
        make_message(key=key)

    worker.deliver_batch(at=at, mailer=mailer)

    assert settled == ["a", "c"]
    assert list(OutboxMessage.objects.order_by("key").values_list("state", "last_error")) == [
        ("sent", ""),
        ("sent", "settle LookupError"),
        ("sent", ""),
    ]


def test_a_batch_costs_a_handful_of_statements_however_many_it_holds(
    at: datetime, mailer: Remembering, django_assert_num_queries: Any
) -> None:
    for number in range(10):
        make_message(key=f"{number}")

    # A savepoint and its release around the claim and around the mark; the claim, the lease, the attempts, the mark.
    with django_assert_num_queries(8):
        worker.deliver_batch(at=at, mailer=mailer)


def test_drain_rings_when_it_stops_for_time_and_not_when_nothing_waits(
    at: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.MAIL_URL = f"maildir://{tmp_path}/box"
    bells: list[str] = []
    monkeypatch.setattr(worker.doorbell, "ring", bells.append)
    for key in ("a", "b"):
        make_message(key=key)

    assert (worker.drain(now=lambda: at, size=1, seconds=0), bells) == (1, ["OUTBOX_DOORBELL"])
    assert (worker.drain(now=lambda: at, seconds=240), bells) == (1, ["OUTBOX_DOORBELL"])
    assert worker.drain(now=lambda: at) == 0
