"""Proposals wait for a person; appeals and reviews are decided by others than those who decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Decision
from codesign.companies.register import public_register
from codesign.notices.models import Notice
from codesign.reporting.models import ReportObligation
from codesign.standing import actions
from codesign.standing.actions import NotRipe, Word
from codesign.standing.models import Appeal, Endorsement, Proposal, Review
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError
from tests.factories.people import make_contact
from tests.factories.standing import BREACH, editor_of, make_membership, make_notice, officer, owe_report

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = timedelta(days=1)
LAPSED = Word(reason_code="report_lapsed")


def everything(membership: CodeMembership) -> Any:
    """What a refusal must leave as it was."""
    tables = (Decision, Endorsement, AuditEvent, Notice, Appeal, Review, Proposal)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return CodeMembership.objects.values().get(pk=membership.pk), rows


def refused(call: Any, code: str, membership: CodeMembership) -> None:
    before = everything(membership)
    with pytest.raises(DomainError) as refusal:
        call()
    assert refusal.value.code == code
    assert everything(membership) == before


# ── proposals ─────────────────────────────────────────────────────────────────────────────────


def test_a_second_lapsed_year_proposes_a_suspension_once_and_decides_nothing() -> None:
    member = make_membership(state="active")
    owe_report(member, 2023)
    assert actions.propose_by_rule(actor=SYSTEM, at=AT) == 0
    owe_report(member, 2024)

    new = [actions.propose_by_rule(actor=SYSTEM, at=AT) for _ in range(2)]

    proposal = Proposal.objects.get()
    member.refresh_from_db()
    assert (new, proposal.move, proposal.ground, proposal.facts) == (
        [1, 0],
        "suspend",
        "report_lapsed",
        {"lapsed_years": [2023, 2024]},
    )
    assert (proposal.state, member.state) == ("open", "active")


def test_a_third_lapsed_year_proposes_the_termination_of_a_suspended_member() -> None:
    member = make_membership(state="suspended")
    for year in (2022, 2023, 2024):
        owe_report(member, year)

    actions.propose_by_rule(actor=SYSTEM, at=AT)

    assert list(Proposal.objects.values_list("move", "anchor")) == [("terminate", "lapsed_2024")]


def test_what_holds_no_more_is_closed_and_a_dismissed_one_does_not_come_again() -> None:
    gone, kept = make_membership(state="active"), make_membership(state="active")
    for member in (gone, kept):
        for year in (2023, 2024):
            owe_report(member, year)
    actions.propose_by_rule(actor=SYSTEM, at=AT)
    proposal = Proposal.objects.get(membership=kept)
    actions.dismiss(proposal_id=proposal.pk, reason_code="report_promised", actor=officer(), at=AT)
    ReportObligation.objects.filter(membership=gone).update(fulfilled_on=AT.date(), fulfilled_at=AT)

    new = actions.propose_by_rule(actor=SYSTEM, at=AT + DAY)

    states = dict(Proposal.objects.values_list("membership_id", "state"))
    assert (new, states) == (0, {gone.pk: "obsolete", kept.pk: "dismissed"})
    refused(
        lambda: actions.dismiss(proposal_id=proposal.pk, reason_code="x", actor=officer(), at=AT),
        "proposal_settled",
        kept,
    )


def test_the_measure_that_was_proposed_settles_the_proposal_and_keeps_what_was_known() -> None:
    member = make_membership(state="active")
    for year in (2023, 2024):
        owe_report(member, year)
    actions.propose_by_rule(actor=SYSTEM, at=AT)
    notices = [make_notice(member, sent_on=AT.date() - days * DAY) for days in (90, 40)]

    actions.suspend(membership_id=member.pk, word=LAPSED, actor=officer(), at=AT)

    proposal, decision = Proposal.objects.get(), member.decisions.get(move="suspend")
    assert (proposal.state, proposal.decision) == ("taken", decision)
    assert decision.facts == {
        "notices": [str(notice.pk) for notice in notices],
        "delivered_on": ["2026-08-24", "2026-10-13"],
        "ground_holds": True,
    }


def test_a_representative_proposes_and_nobody_for_the_own_company() -> None:
    member = make_membership(state="active")
    lcr = officer(Role.LCR, countries={"BE"})
    own = officer(Role.LCR, countries={"BE"}, organisation_id=member.company_id)

    def propose(actor: Any, move: str = "suspend") -> Any:
        return actions.propose(membership_id=member.pk, move=move, ground="plan", actor=actor, at=AT)

    refused(lambda: propose(own), "own_organisation", member)
    refused(lambda: propose(lcr, "terminate"), "move_not_allowed", member)
    assert propose(lcr).proposed_by_label == "lcr"
    refused(lambda: propose(lcr), "proposed_already", member)


# ── notices ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gone", [{"valid_until": date(2026, 7, 1)}, {"on_hold_since": AT - 200 * DAY}])
def test_a_mail_to_a_contact_that_was_gone_counts_for_nothing(gone: dict[str, Any]) -> None:
    member = make_membership(state="active")
    live = make_contact(organisation=member.company.organisation, email="a@hotel.example")
    ended = make_contact(organisation=member.company.organisation, email="b@hotel.example", **gone)
    make_notice(member, sent_on=AT.date() - 90 * DAY, contact=live)
    make_notice(member, sent_on=AT.date() - 40 * DAY, contact=ended)

    with pytest.raises(NotRipe) as refusal:
        actions.suspend(membership_id=member.pk, word=BREACH, actor=officer(), at=AT)

    assert [fault.code for fault in refusal.value.faults] == ["too_few_notices"]


# ── appeals ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def suspended() -> CodeMembership:
    """Suspended for a breach on 22 November by `decider`."""
    member = make_membership(state="active")
    for days in (90, 40):
        make_notice(member, sent_on=AT.date() - days * DAY)
    actions.suspend(membership_id=member.pk, word=BREACH, actor=officer(), at=AT)
    member.refresh_from_db()
    return member


def lodge(membership: CodeMembership, *, at: datetime = AT, **more: Any) -> Appeal:
    decision = membership.decisions.order_by("-version").first()
    actor = editor_of(membership.company_id)
    return actions.lodge_appeal(**{"decision_id": decision.pk, "actor": actor, "at": at, **more})


def test_an_upheld_appeal_takes_the_member_back_and_leaves_no_public_trace(suspended: CodeMembership) -> None:
    appeal = lodge(suspended, text="The report was handed in on paper.")

    actions.uphold_appeal(appeal_id=appeal.pk, reason_code="report_was_there", actor=officer(), at=AT + 5 * DAY)

    suspended.refresh_from_db()
    overturning = suspended.decisions.order_by("-version").first()
    assert (suspended.state, overturning.move, overturning.overturns) == ("active", "overturn", appeal.decision)
    for on in (AT.date(), AT.date() + 10 * DAY):
        shown = public_register(on=on).get(pk=suspended.pk)
        assert (shown.public_status, shown.suspended_since) == ("member", None)


@pytest.mark.parametrize(("state", "back"), [("rejected", "plan_submitted"), ("terminated", "suspended")])
def test_every_decision_against_a_company_can_be_overturned(state: str, back: str) -> None:
    membership = make_membership(state=state)
    decided_at = membership.decisions.order_by("-version").first().decided_at
    appeal = lodge(membership, at=decided_at)

    actions.uphold_appeal(appeal_id=appeal.pk, reason_code="error", actor=officer(), at=decided_at + DAY)

    membership.refresh_from_db()
    assert (membership.state, membership.ended_on, membership.is_current) == (back, None, True)


def test_an_appeal_comes_once_and_within_thirty_days(suspended: CodeMembership) -> None:
    activated = suspended.decisions.get(move="activate")
    editor = editor_of(suspended.company_id)

    refused(lambda: lodge(suspended, at=AT + 31 * DAY), "appeal_too_late", suspended)
    refused(lambda: lodge(suspended, decision_id=activated.pk), "not_appealable", suspended)
    stranger = editor_of(make_membership(state="draft").company_id)
    refused(lambda: lodge(suspended, actor=stranger), "not_found", suspended)
    appeal = lodge(suspended, at=AT + 30 * DAY)
    refused(lambda: lodge(suspended), "appeal_lodged", suspended)
    actions.withdraw_appeal(appeal_id=appeal.pk, actor=editor, at=AT)
    refused(lambda: actions.withdraw_appeal(appeal_id=appeal.pk, actor=editor, at=AT), "appeal_settled", suspended)


def test_an_appeal_is_decided_by_others(suspended: CodeMembership) -> None:
    decision = suspended.decisions.get(move="suspend")
    lodger = officer()
    appeal = lodge(suspended, actor=lodger)
    decider = officer(user_id=decision.actor_id)
    own = officer(organisation_id=suspended.company_id)

    for actor, code in ((decider, "decider"), (lodger, "own_appeal"), (own, "own_organisation")):
        for action in (actions.uphold_appeal, actions.turn_down_appeal):
            call = {"appeal_id": appeal.pk, "reason_code": "x", "actor": actor, "at": AT}
            refused(lambda action=action, call=call: action(**call), code, suspended)
    actions.turn_down_appeal(appeal_id=appeal.pk, reason_code="nothing_new", actor=officer(), at=AT)

    suspended.refresh_from_db()
    assert suspended.state == "suspended"


def test_a_decision_that_another_followed_is_not_overturned(suspended: CodeMembership) -> None:
    appeal = lodge(suspended)
    actions.resign(membership_id=suspended.pk, actor=editor_of(suspended.company_id), at=AT + DAY)

    call = {"appeal_id": appeal.pk, "reason_code": "x", "actor": officer(), "at": AT + DAY}
    refused(lambda: actions.uphold_appeal(**call), "decision_superseded", suspended)


# ── reviews ───────────────────────────────────────────────────────────────────────────────────


def test_a_suspension_for_safeguarding_is_reviewed_after_the_company_was_heard() -> None:
    member = make_membership(state="suspended")
    decision = member.decisions.get(move="suspend")
    review, at = decision.review, decision.decided_at + 10 * DAY
    first = officer(user_id=Endorsement.objects.filter(move="suspend").order_by("endorsed_at", "pk")[0].officer_id)

    def conclude(actor: Any = None) -> Review:
        return actions.conclude(review_id=review.pk, outcome="ended", actor=actor or officer(), at=at)

    def hear(on: date) -> Review:
        return actions.hear(review_id=review.pk, hearing="heard", heard_on=on, actor=officer(), at=at)

    assert review.due_on == decision.effective_on + 30 * DAY
    refused(conclude, "not_heard", member)
    refused(lambda: hear(decision.effective_on - DAY), "invalid", member)
    refused(lambda: hear(at.date() + DAY), "invalid", member)
    hear(at.date())
    refused(lambda: conclude(first), "decider", member)
    refused(lambda: lodge(member, at=at, text="Words."), "invalid", member)
    conclude()

    member.refresh_from_db()
    assert (member.state, member.decisions.order_by("-version").first().reason_code) == ("active", "review")
    refused(conclude, "review_concluded", member)
