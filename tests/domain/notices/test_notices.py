"""What counts as delivered, and how the register keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.notices import actions
from codesign.notices.actions import AlreadyBounced
from codesign.notices.models import Notice
from codesign.notices.rules import Sent, counted_days
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.ids import new_id
from tests.factories.standing import make_membership

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
D = date(2026, 3, 1)


def on(days: int) -> date:
    return D + timedelta(days=days)


@pytest.mark.parametrize(
    ("notices", "asked", "counted"),
    [
        ([Sent(sent_on=D, receipt_on=on(1))], 1, [1]),
        ([Sent(sent_on=D, receipt_on=on(1))], 0, []),
        ([Sent(sent_on=D)], 4, []),
        ([Sent(sent_on=D)], 5, [5]),
        ([Sent(sent_on=D, bounced_on=on(2))], 90, []),
        ([Sent(sent_on=D, bounced_on=on(20))], 10, [5]),
        ([Sent(sent_on=D), Sent(sent_on=on(10), bounced_on=on(11)), Sent(sent_on=on(40))], 90, []),
        (
            [
                Sent(sent_on=D),
                Sent(sent_on=on(10), bounced_on=on(11)),
                Sent(sent_on=on(20), is_registered_letter=True),
                Sent(sent_on=on(60), receipt_on=on(60)),
            ],
            90,
            [25, 60],
        ),
        ([Sent(sent_on=D, is_registered_letter=True), Sent(sent_on=on(10), bounced_on=on(11))], 90, []),
    ],
)
def test_days_that_count(notices: list[Sent], asked: int, counted: list[int]) -> None:
    assert counted_days(notices, on=on(asked), quiet_days=5) == [on(day) for day in counted]


@pytest.fixture
def recorded(db: None) -> dict[str, Any]:
    membership = make_membership(state="draft")
    return {"membership_id": membership.pk, "kind": "report_overdue", "sent_at": AT, "actor": SYSTEM, "at": AT}


def test_a_message_is_recorded_once(recorded: dict[str, Any]) -> None:
    events = AuditEvent.objects.count()

    first = actions.record_notice(**recorded, reference="report_due:1")
    second = actions.record_notice(**recorded, reference="report_due:1")

    assert (first.pk, Notice.objects.count(), AuditEvent.objects.count()) == (second.pk, 1, events + 1)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"sent_at": AT + timedelta(seconds=1)}, "in_the_future"), ({"channel": "registered_letter"}, "required")],
)
def test_a_notice_that_was_not_handed_over_is_refused(recorded: dict[str, Any], more: Any, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.record_notice(**{**recorded, **more})

    assert ([fault.code for fault in refusal.value.faults], Notice.objects.count()) == ([code], 0)


def test_the_first_outcome_of_a_notice_stands(recorded: dict[str, Any]) -> None:
    notice = actions.record_notice(**recorded)
    later = AT + timedelta(days=1)
    actions.mark_bounced(notice_id=notice.pk, bounced_at=AT, actor=SYSTEM, at=AT)
    again = actions.mark_bounced(notice_id=notice.pk, bounced_at=later, actor=SYSTEM, at=later)

    with pytest.raises(AlreadyBounced):
        actions.mark_delivered(notice_id=notice.pk, delivered_at=later, actor=SYSTEM, at=later)

    assert (again.bounced_at, again.delivered_at) == (AT, None)


def test_an_unknown_notice_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        actions.mark_delivered(notice_id=new_id(), delivered_at=AT, actor=SYSTEM, at=AT)
