"""What is told to bodies of the network: an agreement that ends, and a representative's week."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.reminders.models import Occurrence
from codesign.reminders.sources.base import Clause, Source
from codesign.standing.models import Side
from codesign.worklist.kinds import WorkKind
from codesign.worklist.sources import put_off
from codesign.worklist.weekly import snoozes_of, work_of
from members.agreements.lifecycle import RUNNING
from members.agreements.models import Agreement, AgreementParty
from members.organisations.models import Organisation
from members.scope import Role, Scope


def _ending(agreement: str) -> tuple[Clause, ...]:
    """Running, with a last day that is known: one that may end in a span of days is nobody's deadline."""
    state, last = f"{agreement}state", f"{agreement}ends_latest"
    record: dict[str, Any] = {"resource": "agreements", "record": f"{agreement}pk"}
    return (
        Clause(code="running", holds=lambda at: Q(**{f"{state}__in": RUNNING}), value=state, **record),
        Clause(
            code="ends",
            holds=lambda at: (
                Q(**{f"{agreement}is_open_ended": False, f"{agreement}ends_earliest": F(last)})
                & ~Q(**{f"{agreement}ends_on": ""})
            ),
            value=last,
            **record,
        ),
    )


def _party_seen(scope: Scope) -> Q:
    return ~Q(pk__in=()) if scope.wears(Role.SECRETARIAT) else Q(organisation__in=scope.organisations())


def _secretariat_alone(scope: Scope) -> Q:
    return ~Q(pk__in=()) if scope.wears(Role.SECRETARIAT) else Q(pk__in=())


AGREEMENT_ENDING = Source(
    subject_type="agreement_party",
    rows=AgreementParty.objects.order_by(),
    columns={
        "subject_id": "pk",
        "anchor_on": "agreement__ends_latest",
        "organisation_id": "organisation_id",
        "zone": "organisation__zone",
    },
    seen=_party_seen,
    clauses=_ending("agreement__"),
    link="agreements",
    template="agreement",
)

AGREEMENT_WATCH = Source(
    subject_type="agreement",
    # Told once, though it has several parties: under the first of them.
    rows=Agreement.objects.order_by()
    .annotate(
        first_party_id=AgreementParty.objects.filter(agreement=OuterRef("pk"))
        .order_by("pk")
        .values("organisation_id")[:1]
    )
    .exclude(first_party_id=None),
    columns={
        "subject_id": "pk",
        "anchor_on": "ends_latest",
        "organisation_id": "first_party_id",
    },
    seen=_secretariat_alone,
    clauses=_ending(""),
    link="agreements",
)


# What the mail calls each kind of work.
_NAMES = {
    WorkKind.PLAN_TO_DECIDE: "applications",
    WorkKind.PLAN_WANTED: "plans_wanted",
    WorkKind.REPORT_TO_REVIEW: "reports_to_review",
    WorkKind.REPORT_LATE: "reports_overdue",
    WorkKind.FEE_OVERDUE: "fees_overdue",
}


def _work(representative: Any, at: datetime) -> dict[str, QuerySet]:
    """What needs a person at a representative, by what it is: what their list shows, and mails without a reader."""
    found = {_NAMES[kind]: rows for kind, rows in work_of(representative, on=at.date()).items()}
    active = {"membership__state": MembershipState.ACTIVE, "membership__representative": representative}
    gone = put_off(WorkKind.CONTACT_GONE, side=Side.REPRESENTATIVE, on=at.date(), subject="membership")
    return {**found, "nobody_to_write_to": Occurrence.objects.unreachable().filter(~gone, **active)}


def work_on(representative: UUID, *, at: datetime) -> dict[str, int]:
    """How much of each kind needs a person at one representative; a query each."""
    return {name: count for name, rows in _work(representative, at).items() if (count := rows.count())}


def _has_work(at: datetime) -> Q:
    found = Q()
    for rows in _work(OuterRef("pk"), at).values():
        found |= Q(Exists(rows))
    return found


def _is_awake(at: datetime) -> Q:
    """Something is left to tell, or nothing was put off."""
    return _has_work(at) | ~Q(Exists(snoozes_of(OuterRef(OuterRef("pk")), on=at.date())))


def _snoozed_until(at: datetime) -> Subquery:
    return Subquery(snoozes_of(OuterRef(OuterRef("pk")), on=at.date()).values("until")[:1])


def _wakes_on(representative: UUID, at: datetime) -> set[date]:
    return set(snoozes_of(representative, on=at.date()).values_list("until", flat=True))


def _represents(at: datetime) -> Q:
    return Q(Exists(CodeMembership.objects.open().filter(representative=OuterRef("pk"))))


LCR_DIGEST = Source(
    subject_type="representative",
    rows=Organisation.objects.order_by(),
    columns={
        "subject_id": "pk",
        "organisation_id": "pk",
        "representative_id": "pk",
        "zone": "zone",
    },
    seen=lambda scope: ~Q(pk__in=()) if scope.wears(Role.SECRETARIAT) else Q(pk__in=scope.organisations(Role.LCR)),
    clauses=(
        Clause(code="represents", holds=_represents, value="name", resource="organisations", record="pk"),
        Clause(code="has_work", holds=_has_work, resource="worklist"),
        # The plan asks for work that is awake already; this says until when the rest was put off.
        Clause(code="awake", holds=_is_awake, foreseen=lambda at: Q(), then=_snoozed_until, resource="worklist"),
    ),
    weekly=True,
    turns_on=_wakes_on,
    link="worklist",
)
