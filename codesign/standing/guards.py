"""What stands against a move: one small function per condition, and the table of which move meets which.

Both the actions and the list of moves read this table, so that what is offered is what is accepted.
A guard answers the reasons against, all of them; nothing when the move may be taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.companies.querysets import THE_CODE
from codesign.criteria.models import PlanAction
from codesign.fees.models import FeeTerms
from codesign.notices.models import Notice, NoticeChannel, NoticeKind
from codesign.notices.rules import Sent, counted_days, lacks
from codesign.standing.belonging import belongs
from codesign.standing.expiry import due_to_expire
from codesign.standing.grounds import WARNS, Ground
from codesign.standing.holding import gone, holding
from codesign.standing.models import ProcessRule
from members.scope import Role, Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import add_months
from registry.kernel.errors import Fault

CRITERIA = range(1, 7)

_COMPANY = frozenset({Role.COMPANY_EDITOR, Role.APPLICANT})
_OFFICERS = frozenset({Role.LCR, Role.SECRETARIAT})
_SECRETARIAT = frozenset({Role.SECRETARIAT})

# Who may take which move. The rights table of the API is read off this one.
ROLES: dict[Move, frozenset[Role]] = {
    Move.SUBMIT: _COMPANY | _OFFICERS,
    Move.SUBMIT_PLAN: _COMPANY | _OFFICERS,
    Move.WITHDRAW: _COMPANY | _OFFICERS,
    Move.RESIGN: frozenset({Role.COMPANY_EDITOR}) | _OFFICERS,
    Move.REQUEST_CHANGES: _OFFICERS,
    Move.APPROVE: _OFFICERS,
    Move.REJECT: _SECRETARIAT,
    Move.EXPIRE: _SECRETARIAT,
    Move.ACTIVATE: frozenset(),  # follows from payment and signatures, nobody takes it
    Move.SUSPEND: _SECRETARIAT,
    Move.REINSTATE: _SECRETARIAT,
    Move.TERMINATE: _SECRETARIAT,
    Move.DISSOLVE: _OFFICERS,
    Move.MERGE: _OFFICERS,
    Move.CONFIRM: _OFFICERS,
}

# Moves that are a judgement about the company: nobody takes them on the organisation that they belong to.
JUDGEMENTS = frozenset(Move) - {Move.SUBMIT, Move.SUBMIT_PLAN, Move.WITHDRAW, Move.RESIGN, Move.ACTIVATE}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A move under consideration: of which membership, by whom, on which day, on what ground."""

    move: Move
    membership: CodeMembership
    actor: Actor
    on: date
    reason_code: str = ""

    @cached_property
    def ground_holds(self) -> bool | None:
        """Whether the ground of a measure holds on that day; None without one and where people judge. 12 queries."""
        return holding(self.membership, on=self.on).get(Ground(self.reason_code)) if self.reason_code else None

    @property
    def rule(self) -> ProcessRule:
        """The numbers of the procedure on that day. One query."""
        return ProcessRule.objects.in_force(self.on)


Guard = Callable[[Case], list[Fault]]


def right_lacks(case: Case) -> list[Fault]:
    """Role missing, or the caller's own organisation. The system's own jobs are let through."""
    if not isinstance(case.actor, Scope):
        return []
    if not case.actor.wears(*ROLES[case.move]):
        return [Fault("", "role_missing", "Your roles do not include this move.")]
    if case.move in JUDGEMENTS and belongs(case.actor, case.membership.company_id, on=case.on):
        return [Fault("", "own_organisation", "Nobody decides on the organisation that they belong to.")]
    return []


def fact_lacks(case: Case) -> list[Fault]:
    """Everything that the register's rows hold against the move."""
    return [fault for guard in GUARDS.get(case.move, ()) for fault in guard(case)]


def missing_criteria(case: Case) -> list[Fault]:
    """Criteria on which the plan names no action; the pointer names the criterion."""
    planned = (
        PlanAction.objects.filter(membership=case.membership).order_by().values_list("criterion_number", flat=True)
    )
    missing = sorted(set(CRITERIA) - set(planned.distinct()))
    return [
        Fault(f"/criteria/{number}", "criterion_without_action", f"The plan has no action on criterion {number}.")
        for number in missing
    ]


def residential_care_lacks(case: Case) -> list[Fault]:
    """Offers of orphanage or residential-care visits block a new membership."""
    if not case.membership.company.offers_residential_care:
        return []
    sentence = "Visits to orphanages or residential care are on offer: they block a new membership."
    return [Fault("", "residential_care", sentence)]


def revenue_band_lacks(case: Case) -> list[Fault]:
    """The fee follows from the band: named, and confirmed lately."""
    company = case.membership.company
    terms = FeeTerms.objects.in_force(case.on)
    confirmed_on = company.revenue_band_confirmed_on
    if company.revenue_band and confirmed_on and add_months(confirmed_on, terms.confirmation_months) >= case.on:
        return []
    sentence = "The company has not confirmed its revenue band this year; the fee follows from it."
    return [Fault("", "revenue_band_unconfirmed", sentence)]


def _due_process(case: Case) -> list[Fault]:
    """Delivered notices, far enough apart and long enough ago; not for the safeguarding suspension."""
    if case.move == Move.SUSPEND and case.reason_code == Ground.SAFEGUARDING:
        return []
    rule = case.rule
    return lacks(
        counted_days(warnings_of(case), on=case.on, quiet_days=rule.quiet_days),
        on=case.on,
        notices_needed=rule.notices_needed,
        days_between=rule.days_between_notices,
        days_after_last=rule.days_after_last_notice,
    )


def _ground_gone(case: Case) -> list[Fault]:
    """Nobody is suspended or terminated for what was put right in time: a report that came in, a fee that was paid."""
    return gone(Ground(case.reason_code), case.ground_holds) if case.reason_code else []


def warning_notices(case: Case) -> list[Notice]:
    """Notices that warned of this ground since the present state was entered, as they went out.

    A mail to a contact that had ended, or was on hold after a bounce, reached nobody and is left out.
    """
    kinds = WARNS.get(Ground(case.reason_code), ()) if case.reason_code else tuple(_ALL_WARNINGS)
    notices = Notice.objects.filter(membership=case.membership, kind__in=kinds).to_live_contacts()
    entered = case.membership.decisions.filter(to_state=case.membership.state).exclude(from_state=case.membership.state)
    if since := entered.order_by("-version", "-pk").values_list("decided_at", flat=True).first():
        notices = notices.sent_after(since)
    return list(notices.in_order())


def warnings_of(case: Case) -> list[Sent]:
    """The same as the rules see them."""
    return [as_sent(notice) for notice in warning_notices(case)]


def as_sent(notice: Notice) -> Sent:
    """A notice as the rules see it."""
    return Sent(
        sent_on=notice.sent_at.date(),
        receipt_on=notice.delivered_at and notice.delivered_at.date(),
        bounced_on=notice.bounced_at and notice.bounced_at.date(),
        is_registered_letter=notice.channel == NoticeChannel.REGISTERED_LETTER,
    )


def known_facts(case: Case) -> dict[str, Any]:
    """What was known when the move was taken, for the decision to keep: ids, days, counts."""
    membership, company = case.membership, case.membership.company
    if case.move in {Move.SUBMIT_PLAN, Move.APPROVE}:
        planned = PlanAction.objects.filter(membership=membership).count()
        return {
            "planned_actions": planned,
            "revenue_band": company.revenue_band,
            "revenue_band_confirmed_on": company.revenue_band_confirmed_on and str(company.revenue_band_confirmed_on),
        }
    if case.move in {Move.SUSPEND, Move.TERMINATE} and case.reason_code != Ground.SAFEGUARDING:
        notices = warning_notices(case)
        days = counted_days(map(as_sent, notices), on=case.on, quiet_days=case.rule.quiet_days)
        return {
            "notices": [str(notice.pk) for notice in notices],
            "delivered_on": [str(day) for day in days],
            "ground_holds": case.ground_holds,
        }
    return {}


_ALL_WARNINGS: frozenset[NoticeKind] = frozenset().union(*WARNS.values())


def _of_the_code(case: Case) -> list[Fault]:
    """A national code is kept beside The Code, and never turns into it."""
    if case.membership.scheme == THE_CODE:
        return []
    return [Fault("", "another_scheme", "It is of a national code; a membership in The Code is applied for.")]


def _approval_is_old(case: Case) -> list[Fault]:
    """Approved long enough ago, and nothing happened since."""
    if due_to_expire(CodeMembership.objects.filter(pk=case.membership.pk), on=case.on).exists():
        return []
    months = case.rule.approval_months
    return [Fault("", "not_due", f"An approval expires after {months} months without payment or signature.")]


GUARDS: dict[Move, tuple[Guard, ...]] = {
    Move.SUBMIT: (residential_care_lacks,),
    Move.SUBMIT_PLAN: (residential_care_lacks, missing_criteria),
    Move.APPROVE: (residential_care_lacks, revenue_band_lacks, missing_criteria),
    Move.EXPIRE: (_approval_is_old,),
    Move.SUSPEND: (_ground_gone, _due_process),
    Move.TERMINATE: (_ground_gone, _due_process),
    Move.CONFIRM: (_of_the_code,),
}
