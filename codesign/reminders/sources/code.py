"""What a company owes to The Code: its report, its fee, its signature, the actions of its plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import In

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Decision
from codesign.companies.querysets import seen_through
from codesign.criteria.models import PlanAction
from codesign.fees.figures import with_joining
from codesign.fees.models import Invoice
from codesign.notices.models import NoticeKind
from codesign.reminders.sources.base import Clause, Source
from codesign.reporting.models import ReportObligation
from members.scope import Role, Scope


def seen_by(company: str) -> Callable[[Scope], Q]:
    """What is about a company is seen as the company; an auditor reads decisions, not mails."""
    return lambda scope: seen_through(scope.narrowed(scope.roles - {Role.AUDITOR}), company=company)


def in_states(membership: str, *states: str) -> Clause:
    """The membership stands where it can be reminded."""
    path = f"{membership}state"
    key = f"{membership}pk"

    def then(at: datetime) -> Any:
        """The state that the first decision after `at` led away from; without one it is that of today."""
        later = Decision.objects.filter(membership=OuterRef(key), decided_at__gt=at).order_by("version")
        return Coalesce(Subquery(later.values("from_state")[:1]), F(path))

    return Clause(
        code="active_member",
        holds=lambda at: Q(**{f"{path}__in": states}),
        held=lambda at: Q(In(then(at), [str(state) for state in states])),
        then=then,
        value=path,
        resource="code-memberships",
        record=key,
    )


def released(membership: str, anchor: str) -> Clause:
    """A release cuts twice: nothing leaves before it (the plan's `opens_at`), nothing anchored before it ever does."""
    muted = f"{membership}reminders_muted_until"

    def foreseen(at: datetime) -> Q:
        return Q(**{muted: None}) | Q(**{f"{anchor}__gt": TruncDate(muted)})

    def holds(at: datetime) -> Q:
        return foreseen(at) & (Q(**{muted: None}) | Q(**{f"{muted}__lte": at}))

    return Clause(
        code="released",
        holds=holds,
        foreseen=foreseen,
        is_dated=True,
        value=muted,
        resource="code-memberships",
        record=f"{membership}pk",
    )


def columns(*, anchor: Any, company: str, membership: str, **more: Any) -> dict[str, Any]:
    """The planner's columns of what hangs on a membership; `company` and `membership` are paths with their end."""
    return {
        "subject_id": "pk",
        "anchor_on": anchor,
        "organisation_id": f"{company}organisation_id",
        "membership_id": f"{membership}pk",
        "representative_id": f"{membership}representative_id",
        "zone": f"{company}organisation__zone",
        "opens_at": f"{membership}reminders_muted_until",
        "country": f"{company}organisation__country_id",
        **more,
    }


REPORT_DUE = Source(
    subject_type="report_obligation",
    rows=ReportObligation.objects.order_by(),
    columns=columns(anchor="due_on", company="company__", membership="membership__"),
    company="company",
    seen=seen_by("company"),
    clauses=(
        Clause(
            code="owed",
            # Set together; the day has the index.
            holds=lambda at: Q(fulfilled_at=None, fulfilled_on=None),
            held=lambda at: Q(fulfilled_at=None, fulfilled_on=None) | Q(fulfilled_at__gt=at),
            then=lambda at: Case(When(fulfilled_at__gt=at, then=Value(None)), default=F("fulfilled_on")),
            value="fulfilled_on",
            resource="companies",
            record="company_id",
        ),
        in_states("membership__", MembershipState.ACTIVE),
        released("membership__", "due_on"),
    ),
    link="report",
    notice_before=NoticeKind.REPORT_DUE,
    notice_after=NoticeKind.REPORT_OVERDUE,
)

JOINING = Source(
    subject_type="membership",
    rows=with_joining(CodeMembership.objects.order_by()),
    columns=columns(anchor="approved_on", company="company__", membership=""),
    company="company",
    seen=seen_by("company"),
    clauses=(
        in_states("", MembershipState.APPROVED),
        Clause(
            code="unpaid_or_unsigned",
            holds=lambda at: Q(has_settled_fee=False) | Q(has_signed=False),
            value="has_settled_fee",
            resource="code-memberships",
            record="pk",
        ),
        released("", "approved_on"),
    ),
    link="joining",
    notice_before=NoticeKind.JOINING,
    notice_after=NoticeKind.JOINING,
)

FEE_DUE = Source(
    subject_type="invoice",
    rows=Invoice.objects.order_by(),
    columns=columns(anchor="due_on", company="membership__company__", membership="membership__"),
    company="membership__company",
    seen=seen_by("membership__company"),
    clauses=(
        Clause(
            code="unsettled",
            holds=lambda at: Q(state__in=("open", "part_paid")),
            value="state",
            resource="invoices",
            record="pk",
        ),
        # The first invoice of who joins is the other rule's: nothing is said twice.
        in_states("membership__", MembershipState.ACTIVE),
        released("membership__", "due_on"),
    ),
    link="fees",
    notice_before=NoticeKind.FEE_DUE,
    notice_after=NoticeKind.FEE_OVERDUE,
)

ACTION_DUE = Source(
    subject_type="plan_action",
    rows=PlanAction.objects.order_by(),
    columns=columns(anchor="due_on", company="membership__company__", membership="membership__", site_id="site_id"),
    company="membership__company",
    seen=seen_by("membership__company"),
    clauses=(
        Clause(
            code="open",
            holds=lambda at: Q(state="open"),
            value="state",
            resource="plan-actions",
            record="pk",
        ),
        in_states("membership__", MembershipState.APPROVED, MembershipState.ACTIVE),
        released("membership__", "due_on"),
    ),
    link="plan",
    notice_before=NoticeKind.ACTION_DUE,
    notice_after=NoticeKind.ACTION_DUE,
)
