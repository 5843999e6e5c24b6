"""The worker: what is taken, in which order, and what each end leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from registry.kernel.mail import Rejected
from registry.kernel.outbox import worker
from registry.kernel.outbox.actions import message_id_of
from registry.kernel.outbox.models import OutboxMessage, OutboxState
from tests.domain.outbox.conftest import Remembering
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

    worker._deliver(row, token=uuid4(), at=at, mailer=mailer)

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
    from registry.kernel.outbox import handlers
    from tests.domain.outbox.conftest import compose

    def fail(*_: object) -> None:
        raise LookupError

    handlers.register("test", build=compose, settle=fail)
    make_message(key="a")

    worker.deliver_batch(at=at, mailer=mailer)
    worker.deliver_batch(at=at, mailer=mailer)

    assert list(OutboxMessage.objects.values_list("state", "last_error")) == [("sent", "settle LookupError")]
    assert len(mailer.sent) == 1
