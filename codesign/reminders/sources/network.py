"""What is told to bodies of the network: an agreement that ends, and a representative's week."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.reminders.models import Occurrence
from codesign.reminders.sources.base import Clause, Source
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report
from codesign.standing.figures import missing_reports, unsettled_invoices
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


def _work(representative: Any, at: datetime) -> dict[str, QuerySet]:
    """What needs a person at a representative, by what it is; each its own rows."""
    active = {"membership__state": MembershipState.ACTIVE, "membership__representative": representative}
    applying = (MembershipState.SUBMITTED, MembershipState.PLAN_SUBMITTED)
    return {
        "applications": CodeMembership.objects.filter(representative=representative, state__in=applying),
        "reports_to_review": Report.objects.filter(
            state=ReportState.SUBMITTED, membership__representative=representative
        ),
        "reports_overdue": missing_reports(at.date()).filter(**active),
        "fees_overdue": unsettled_invoices(at.date()).filter(**active),
        "nobody_to_write_to": Occurrence.objects.unreachable().filter(**active),
    }


def work_on(representative: UUID, *, at: datetime) -> dict[str, int]:
    """How much of each kind needs a person at one representative; a query each."""
    return {name: count for name, rows in _work(representative, at).items() if (count := rows.count())}


def _has_work(at: datetime) -> Q:
    found = Q()
    for rows in _work(OuterRef("pk"), at).values():
        found |= Q(Exists(rows))
    return found


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
    ),
    weekly=True,
    link="worklist",
)
