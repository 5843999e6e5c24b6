"""A measure needs delivered notices, far enough apart and long enough ago; safeguarding needs two officers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Company, Decision
from codesign.criteria.models import PlanAction
from codesign.fees.models import Invoice
from codesign.notices.models import Notice
from codesign.reporting.models import ReportObligation
from codesign.standing import actions
from codesign.standing.actions import NotRipe, Word
from codesign.standing.endorsing import AlreadyEndorsed
from codesign.standing.evidence import grounds
from codesign.standing.models import Endorsement
from codesign.standing.moves import moves
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid
from tests.factories.fees import make_invoice
from tests.factories.standing import (
    BREACH,
    SAFEGUARDING,
    make_membership,
    make_notice,
    officer,
    owe_report,
)
from tests.factories.training import make_completion, make_requirement, make_staff, make_workplace

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = AT.date()
FEE = Word(reason_code="fee_overdue")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def member() -> CodeMembership:
    """An active member since June 2025."""
    return make_membership(state="active")


def snapshot(membership: CodeMembership) -> Any:
    tables = (Decision, Endorsement, AuditEvent, Notice)
    return CodeMembership.objects.values().get(pk=membership.pk), [table.objects.count() for table in tables]


def suspend(membership: CodeMembership, word: Word = BREACH, **more: Any) -> CodeMembership:
    return actions.suspend(membership_id=membership.pk, word=word, **{"actor": officer(), "at": AT, **more})


def owe_fee(membership: CodeMembership) -> None:
    """An invoice of this year, overdue since the start of the month."""
    make_invoice(membership=membership, issued_on=ago(60), due_on=ago(21))


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
    owe_fee(member)
    for distance, kind in ((90, "fee_due"), (80, "report_overdue"), (40, "fee_overdue")):
        make_notice(member, sent_on=ago(distance), kind=kind)

    with pytest.raises(NotRipe) as refusal:
        suspend(member, FEE)

    assert [fault.code for fault in refusal.value.faults] == ["too_few_notices"]


def test_notices_from_before_the_present_state_do_not_count() -> None:
    """What warned of the suspension does not warn of the termination."""
    member = make_membership(state="active")
    make_notice(member, sent_on=ago(90))
    make_notice(member, sent_on=ago(40))
    suspend(member)
    before = snapshot(member)

    with pytest.raises(NotRipe) as refusal:
        actions.terminate(membership_id=member.pk, word=BREACH, actor=officer(), at=AT)

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
        suspend(member, Word(reason_code="code_breach", effective_on=effective_on))

    assert [fault.code for fault in refusal.value.faults] == ["not_today"]
    assert snapshot(member) == before


def test_measures_are_for_the_secretariat(member: CodeMembership) -> None:
    before = snapshot(member)

    with pytest.raises(Forbidden) as refusal:
        suspend(member, actor=officer(Role.LCR, countries={"BE"}))

    assert (refusal.value.code, snapshot(member)) == ("role_missing", before)


# ── a ground that is gone ─────────────────────────────────────────────────────────────────────


def owe(membership: CodeMembership, ground: str) -> None:
    """Let a ground hold that the register itself can tell."""
    if ground == "fee_overdue":
        owe_fee(membership)
    elif ground.startswith("report"):
        owe_report(membership, 2024)
    elif ground == "plan":
        PlanAction.objects.filter(membership=membership).update(due_on=ago(1))
    elif ground == "residential_care":
        Company.objects.filter(pk=membership.company_id).update(offers_residential_care=True)


def put_right(membership: CodeMembership, ground: str) -> None:
    """What the company does about it, on the very day of the decision."""
    if ground == "fee_overdue":
        invoice = Invoice.objects.get(membership=membership, state="open")
        values = {"amount_eur": invoice.amount_eur, "paid_on": TODAY, "reference": "R-LATE"}
        actions.record_payment(invoice_id=invoice.pk, **values, actor=officer(), at=AT)
    elif ground.startswith("report"):
        ReportObligation.objects.filter(membership=membership).update(fulfilled_on=TODAY, fulfilled_at=AT)
    elif ground == "plan":
        PlanAction.objects.filter(membership=membership).update(state="done", done_on=TODAY)
    elif ground == "residential_care":
        Company.objects.filter(pk=membership.company_id).update(offers_residential_care=False)
    elif ground == "training":
        make_requirement()
        make_completion(make_staff(make_workplace(membership.company), hired_on=ago(300)), on=ago(9))


GROUNDS = ("fee_overdue", "report_overdue", "report_lapsed", "plan", "residential_care", "training")


def offered(membership: CodeMembership, move: str, ground: str) -> tuple[bool, list[str]]:
    """What the list of moves says of a measure."""
    loaded = CodeMembership.objects.select_related("company__organisation").get(pk=membership.pk)
    found = next(one for one in moves(loaded, officer(), on=TODAY, ground=ground) if one.move == move)
    return found.is_allowed, [reason.code for reason in found.reasons]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(("state", "move"), [("active", "suspend"), ("suspended", "terminate")])
def test_what_was_put_right_on_the_day_is_no_ground_any_more(state: str, move: str, ground: str) -> None:
    member = make_membership(state=state)
    owe(member, ground)
    for distance in (90, 40):
        make_notice(member, sent_on=ago(distance))
    call = {"membership_id": member.pk, "word": Word(reason_code=ground), "actor": officer(), "at": AT}
    assert offered(member, move, ground) == (True, [])

    put_right(member, ground)

    before = snapshot(member)
    with pytest.raises(NotRipe) as refusal:
        getattr(actions, move)(**call)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/reason", "ground_gone")]
    assert (offered(member, move, ground), snapshot(member)) == ((False, ["ground_gone"]), before)
    (told,) = [one for one in grounds(member.company_id, scope=officer(), on=TODAY) if one.ground == ground]
    assert ([fault.code for fault in told.lacks], told.ripe_on, told.holds) == (["ground_gone"], None, False)


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_still_holds_is_decided(ground: str) -> None:
    member = make_membership(state="active")
    owe(member, ground)
    for distance in (90, 40):
        make_notice(member, sent_on=ago(distance))

    suspended = suspend(member, Word(reason_code=ground))

    assert suspended.decisions.get(move="suspend").facts["ground_holds"] is True


def test_everything_that_is_missing_is_told_at_once(member: CodeMembership) -> None:
    with pytest.raises(NotRipe) as refusal:
        suspend(member, FEE)

    assert [fault.code for fault in refusal.value.faults] == ["ground_gone", "too_few_notices"]
