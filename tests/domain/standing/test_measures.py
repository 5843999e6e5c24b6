"""A measure needs delivered notices, far enough apart and long enough ago; safeguarding needs two officers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Decision
from codesign.notices.models import Notice
from codesign.standing import actions
from codesign.standing.actions import NotRipe, Word
from codesign.standing.endorsing import AlreadyEndorsed
from codesign.standing.models import Endorsement
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid
from tests.factories.standing import SAFEGUARDING, make_membership, make_notice, officer

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = AT.date()
LAPSED = Word(reason_code="report_lapsed")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def member() -> CodeMembership:
    """An active member since June 2025."""
    return make_membership(state="active")


def snapshot(membership: CodeMembership) -> Any:
    tables = (Decision, Endorsement, AuditEvent, Notice)
    return CodeMembership.objects.values().get(pk=membership.pk), [table.objects.count() for table in tables]


def suspend(membership: CodeMembership, word: Word = LAPSED, **more: Any) -> CodeMembership:
    return actions.suspend(membership_id=membership.pk, word=word, **{"actor": officer(), "at": AT, **more})


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        ([], ["too_few_notices"]),
        ([90], ["too_few_notices"]),
        ([60, 30], []),
        ([59, 30], ["notices_too_close"]),
        ([60, 29], ["last_notice_too_recent"]),
        ([50, 29], ["notices_too_close"]),
        ([10], ["too_few_notices", "last_notice_too_recent"]),
        ([60, 30, 5], []),
        ([70, 55, 40], []),
    ],
)
def test_two_notices_thirty_days_apart_the_last_thirty_days_before(
    member: CodeMembership, days: list[int], codes: list[str]
) -> None:
    for distance in days:
        make_notice(member, sent_on=ago(distance))
    before = snapshot(member)

    if not codes:
        assert (suspend(member).state, member.decisions.get(move="suspend").effective_on) == ("suspended", TODAY)
        return
    with pytest.raises(NotRipe) as refusal:
        suspend(member)

    assert [fault.code for fault in refusal.value.faults] == codes
    assert snapshot(member) == before


@pytest.mark.parametrize(("distance", "is_ripe"), [(35, True), (34, False)])
def test_without_a_receipt_five_quiet_days_deliver(member: CodeMembership, distance: int, is_ripe: bool) -> None:
    make_notice(member, sent_on=ago(90))
    make_notice(member, sent_on=ago(distance), delivered_at=None)

    if is_ripe:
        assert suspend(member).state == "suspended"
    else:
        with pytest.raises(NotRipe) as refusal:
            suspend(member)
        assert [fault.code for fault in refusal.value.faults] == ["last_notice_too_recent"]


def test_after_a_bounce_a_registered_letter_starts_the_clock_again(member: CodeMembership) -> None:
    make_notice(member, sent_on=ago(200))
    make_notice(member, sent_on=ago(150))
    bounced_at = AT - timedelta(days=119)
    make_notice(member, sent_on=ago(120), delivered_at=None, bounced_at=bounced_at)
    with pytest.raises(NotRipe) as refusal:
        suspend(member)
    assert [fault.code for fault in refusal.value.faults] == ["too_few_notices"]

    make_notice(member, sent_on=ago(100), channel="registered_letter", reference="RR 1 BE", delivered_at=None)
    with pytest.raises(NotRipe):
        suspend(member)
    make_notice(member, sent_on=ago(40))

    assert suspend(member).state == "suspended"


def test_only_notices_about_the_ground_count(member: CodeMembership) -> None:
    for distance, kind in ((90, "report_due"), (80, "fee_overdue"), (40, "report_overdue")):
        make_notice(member, sent_on=ago(distance), kind=kind)

    with pytest.raises(NotRipe) as refusal:
        suspend(member)

    assert [fault.code for fault in refusal.value.faults] == ["too_few_notices"]


def test_notices_from_before_the_present_state_do_not_count() -> None:
    """What warned of the suspension does not warn of the termination."""
    member = make_membership(state="active")
    make_notice(member, sent_on=ago(90))
    make_notice(member, sent_on=ago(40))
    suspend(member)
    before = snapshot(member)

    with pytest.raises(NotRipe) as refusal:
        actions.terminate(membership_id=member.pk, word=LAPSED, actor=officer(), at=AT)

    assert [fault.code for fault in refusal.value.faults] == ["too_few_notices"]
    assert snapshot(member) == before


def test_safeguarding_suspends_at_once_by_two_officers(member: CodeMembership) -> None:
    one = officer()
    assert suspend(member, SAFEGUARDING, actor=one).state == "active"
    before = snapshot(member)
    with pytest.raises(AlreadyEndorsed):
        suspend(member, SAFEGUARDING, actor=one)
    assert snapshot(member) == before

    suspended = suspend(member, SAFEGUARDING, actor=officer())

    decision = suspended.decisions.get(move="suspend")
    assert (suspended.state, decision.reason_code, decision.text) == ("suspended", "safeguarding", "")


def test_safeguarding_keeps_a_reason_code_and_nothing_else(member: CodeMembership) -> None:
    before = snapshot(member)

    with pytest.raises(Invalid) as refusal:
        suspend(member, Word(reason_code="safeguarding", text="Somebody said"))

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/text", "reason_code_only")]
    assert snapshot(member) == before


def test_a_safeguarding_yes_does_not_serve_another_ground(member: CodeMembership) -> None:
    suspend(member, SAFEGUARDING)

    with pytest.raises(NotRipe):
        suspend(member)

    member.refresh_from_db()
    assert member.state == "active"


@pytest.mark.parametrize("effective_on", [ago(1), ago(-1)])
def test_a_measure_starts_on_the_day_of_its_decision(member: CodeMembership, effective_on: date) -> None:
    for distance in (90, 40):
        make_notice(member, sent_on=ago(distance))
    before = snapshot(member)

    with pytest.raises(Invalid) as refusal:
        suspend(member, Word(reason_code="report_lapsed", effective_on=effective_on))

    assert [fault.code for fault in refusal.value.faults] == ["not_today"]
    assert snapshot(member) == before


def test_measures_are_for_the_secretariat(member: CodeMembership) -> None:
    before = snapshot(member)

    with pytest.raises(Forbidden) as refusal:
        suspend(member, actor=officer(Role.LCR, countries={"BE"}))

    assert (refusal.value.code, snapshot(member)) == ("role_missing", before)
