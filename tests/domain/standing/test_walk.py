"""A walk at random through the life of a membership: whatever is tried in whatever order, the invariants hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codesign.companies.actions import open_membership
from codesign.companies.lifecycle import FORMER, MEMBER, OPEN, TABLE, MembershipState, Move
from codesign.companies.models import CodeMembership, Decision
from codesign.companies.register import public_register
from codesign.fees.models import CodeAgreement, Invoice
from codesign.notices.models import Notice
from codesign.reporting.models import ReportObligation
from codesign.standing import actions
from codesign.standing.actions import Word
from codesign.standing.guards import JUDGEMENTS
from codesign.standing.models import Appeal, Endorsement, Proposal, Review
from codesign.standing.moves import moves
from members.scope import Role, Scope
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError
from tests.factories.network import make_mandate
from tests.factories.standing import START, editor_of, make_company, make_notice, make_plan, officer, owe_report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TABLES = (Decision, Endorsement, Proposal, Appeal, Review, Notice, Invoice, CodeAgreement, AuditEvent)
WHO = ("company", "lcr", "officer", "colleague", "insider")
TRIED = sorted(set(TABLE) - {Move.ACTIVATE, Move.CONFIRM, Move.MERGE})
STEPS = [*TRIED, *("plan", "pay", "sign", "warn", "owe", "hand_in", "appeal", "uphold", "rejoin")]


@dataclass
class Walk:
    """One company on its way, with the people around it."""

    at: datetime = START
    membership: CodeMembership = field(init=False)
    people: dict[str, Scope] = field(init=False)

    def __post_init__(self) -> None:
        company = make_company(at=self.at)
        make_mandate(state="confirmed")
        self.people = {
            "company": editor_of(company.pk),
            "lcr": officer(Role.LCR, countries={"BE"}),
            "officer": officer(),
            "colleague": officer(),
            "insider": officer(organisation_id=company.pk),
        }
        self.membership = open_membership(company_id=company.pk, actor=self.people["company"], at=self.at)

    def step(self, what: str, who: str, days: int, ground: str) -> None:
        """Try one thing; a refusal leaves everything as it was."""
        self.at += days * DAY
        before, actor = self.everything(), self.people[who]
        offer = self.offer(what, actor, ground)
        try:
            with transaction.atomic():
                self.take(what, actor, ground)
        except DomainError:
            assert self.everything() == before, (what, who)
            assert offer is not True, (what, who)
        else:
            assert offer is not False, (what, who)
        self.membership.refresh_from_db()
        self.check()

    def offer(self, what: str, actor: Scope, ground: str) -> bool | None:
        """Whether the list of moves allows it now; None for what is no move."""
        if what not in TRIED:
            return None
        loaded = CodeMembership.objects.select_related("company__organisation").get(pk=self.membership.pk)
        offers = moves(loaded, actor, on=self.at.date(), ground=ground if what in {"suspend", "terminate"} else "")
        return next(offer.is_allowed for offer in offers if offer.move == what)

    def take(self, what: str, actor: Scope, ground: str) -> None:
        """Do it."""
        key, at = {"membership_id": self.membership.pk}, {"actor": actor, "at": self.at}
        if what in {"suspend", "terminate"}:
            getattr(actions, what)(**key, word=Word(reason_code=ground), **at)
        elif what in TRIED:
            getattr(actions, what)(**key, **at)
        else:
            getattr(self, what)(actor)

    # ── what is no move ───────────────────────────────────────────────────────────────────────

    def plan(self, actor: Scope) -> None:
        if not self.membership.plan_actions.exists():
            make_plan(self.membership, at=self.at)

    def pay(self, actor: Scope) -> None:
        for invoice in Invoice.objects.filter(membership=self.membership, state="open"):
            paid = {"amount_eur": invoice.amount_eur, "paid_on": self.at.date(), "reference": f"R{self.at}"}
            actions.record_payment(invoice_id=invoice.pk, **paid, actor=actor, at=self.at)

    def sign(self, actor: Scope) -> None:
        side = "company" if actor is self.people["company"] else "representative"
        for agreement in CodeAgreement.objects.filter(membership=self.membership):
            said = {"side": side, "role": "director", "signed_on": self.at.date()}
            actions.sign_agreement(agreement_id=agreement.pk, **said, actor=actor, at=self.at)

    def warn(self, actor: Scope) -> None:
        make_notice(self.membership, sent_on=self.at.date())

    def owe(self, actor: Scope) -> None:
        """A report that has lapsed by the year after next."""
        if not self.membership.report_obligations.exists():
            owe_report(self.membership, 2024)

    def hand_in(self, actor: Scope) -> None:
        rows = ReportObligation.objects.filter(membership=self.membership, fulfilled_on=None)
        rows.update(fulfilled_on=self.at.date(), fulfilled_at=self.at)

    def appeal(self, actor: Scope) -> None:
        decision = self.membership.decisions.order_by("-version").first()
        if decision:
            actions.lodge_appeal(decision_id=decision.pk, actor=actor, at=self.at)

    def uphold(self, actor: Scope) -> None:
        for appeal in Appeal.objects.open().filter(membership=self.membership):
            actions.uphold_appeal(appeal_id=appeal.pk, reason_code="error", actor=actor, at=self.at)

    def rejoin(self, actor: Scope) -> None:
        self.membership = open_membership(company_id=self.membership.company_id, actor=actor, at=self.at)

    # ── invariants ────────────────────────────────────────────────────────────────────────────

    def everything(self) -> Any:
        rows = list(CodeMembership.objects.order_by("pk").values())
        return rows, [table.objects.count() for table in TABLES]

    def check(self) -> None:
        """What is true at every moment."""
        rows = CodeMembership.objects.filter(company=self.membership.company_id)
        assert rows.filter(state__in=OPEN).count() <= 1
        assert rows.filter(is_current=True).count() == 1
        for membership in rows:
            self.check_chain(membership)
        shown = set(public_register(on=self.at.date()).filter(company=self.membership.company_id).values_list("pk"))
        expected = {(row.pk,) for row in rows if row.state in MEMBER | FORMER and row.member_since is not None}
        assert shown == expected

    def check_chain(self, membership: CodeMembership) -> None:
        """Decisions lead from one to the next by the table, and to the state that is shown."""
        state, day, version = str(MembershipState.DRAFT), None, 0
        for decision in membership.decisions.order_by("version"):
            assert decision.version > version
            assert decision.from_state == state
            assert day is None or decision.effective_on >= day or decision.move == Move.ACTIVATE
            if decision.overturns is None:
                sources, target = TABLE[Move(decision.move)]
                assert (decision.from_state in sources, decision.to_state) == (True, target)
            else:
                assert decision.to_state == decision.overturns.from_state
            if decision.move in JUDGEMENTS:
                # Nobody decides on the organisation that they belong to.
                assert decision.actor_id not in {self.people["insider"].user_id, self.people["company"].user_id}
            CHECKS.get(decision.move, _nothing)(self, membership, decision)
            state, day, version = decision.to_state, decision.effective_on, decision.version
        assert membership.state == state

    def check_approval(self, membership: CodeMembership, decision: Decision) -> None:
        given = Endorsement.objects.filter(pk__in=decision.facts["endorsements"])
        assert {row.side for row in given} == {"secretariat", "representative"}
        assert len({row.officer_id for row in given}) == 2

    def check_measure(self, membership: CodeMembership, decision: Decision) -> None:
        if decision.move == Move.SUSPEND and decision.reason_code == "safeguarding":
            given = Endorsement.objects.filter(pk__in=decision.facts["endorsements"])
            assert len({row.officer_id for row in given}) == 2
            assert Review.objects.filter(decision=decision).exists()
            return
        # What the register can tell was so on the day; a breach, people judge.
        assert decision.facts["ground_holds"] is (True if decision.reason_code == "report_lapsed" else None)
        days = [datetime.fromisoformat(day).date() for day in decision.facts["delivered_on"]]
        ripe = [day for day in days if day <= decision.effective_on - 30 * DAY]
        assert ripe
        assert max(ripe) - min(ripe) >= 30 * DAY

    def check_activation(self, membership: CodeMembership, decision: Decision) -> None:
        assert set(decision.facts) >= {"settled_on", "signed_on"}
        assert membership.number


def _nothing(walk: Walk, membership: CodeMembership, decision: Decision) -> None:
    """No more is asked of this move."""


CHECKS: dict[str, Callable[[Walk, CodeMembership, Decision], None]] = {
    Move.APPROVE: Walk.check_approval,
    Move.SUSPEND: Walk.check_measure,
    Move.TERMINATE: Walk.check_measure,
    Move.ACTIVATE: Walk.check_activation,
}
# As it goes well, up to where the walk begins.
WELL = [
    ("submit", "company"),
    ("plan", "company"),
    ("submit_plan", "company"),
    ("approve", "lcr"),
    ("approve", "officer"),
    ("pay", "officer"),
    ("sign", "company"),
    ("sign", "officer"),
]
steps = st.tuples(
    st.sampled_from(STEPS),
    st.sampled_from(WHO),
    st.sampled_from([0, 1, 31, 400]),
    st.sampled_from(["report_lapsed", "code_breach", "safeguarding"]),
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(head_start=st.integers(0, len(WELL)), tried=st.lists(steps, min_size=8, max_size=20))
def test_whatever_is_tried_in_whatever_order_the_invariants_hold(head_start: int, tried: list[Any]) -> None:
    with transaction.atomic():
        walk = Walk()
        for what, who in WELL[:head_start]:
            walk.step(what, who, 0, "")
        for step in tried:
            walk.step(*step)
        transaction.set_rollback(True)
