"""What moves when a country changes hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.companies.querysets import CodeMembershipQuerySet
from codesign.criteria.models import PlanAction, PlanActionState
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report
from members.people.models import Contact, ContactRole

LISTED = 1000


@dataclass(frozen=True)
class Desk:
    """Who is written to for a representative: how many officers, and the address that mails answer to; "" without."""

    officer_count: int
    sender: str


@dataclass(frozen=True)
class Moving:
    """What goes from one hand to the other; `companies` are the first thousand, (id, name)."""

    company_count: int
    companies: list[tuple[UUID, str]]
    open_action_count: int
    done_action_count: int
    report_count: int
    application_count: int
    former_desk: Desk
    successor_desk: Desk


def led(*, country_id: str, organisation_id: UUID | None) -> CodeMembershipQuerySet:
    """Open memberships of a country that an organisation leads; None: the secretariat does."""
    return CodeMembership.objects.open().filter(
        company__organisation__country=country_id, representative=organisation_id
    )


def moving(*, country_id: str, former_id: UUID | None, successor_id: UUID | None, on: date) -> Moving:
    """What would move between two organisations, None: the secretariat. Seven queries at most."""
    memberships = led(country_id=country_id, organisation_id=former_id)
    waiting = Q(state__in=(MembershipState.SUBMITTED, MembershipState.PLAN_SUBMITTED))
    counted = memberships.aggregate(all=Count("pk"), waiting=Count("pk", filter=waiting))
    companies = memberships.order_by("company__organisation__name", "pk")
    actions = PlanAction.objects.filter(membership__in=memberships.values("pk")).aggregate(
        open=Count("pk", filter=Q(state=PlanActionState.OPEN)), done=Count("pk", filter=Q(state=PlanActionState.DONE))
    )
    reports = Report.objects.filter(membership__in=memberships.values("pk"), state=ReportState.SUBMITTED)
    return Moving(
        company_count=counted["all"],
        companies=list(companies.values_list("company_id", "company__organisation__name")[:LISTED]),
        open_action_count=actions["open"],
        done_action_count=actions["done"],
        report_count=reports.count(),
        application_count=counted["waiting"],
        former_desk=_desk(former_id, on),
        successor_desk=_desk(successor_id, on),
    )


def _desk(organisation_id: UUID | None, on: date) -> Desk:
    """As the mails have it: the first live officer, of the secretariat where there is no representative."""
    secretariat = Q(role=ContactRole.SECRETARIAT)
    own = Q(role=ContactRole.LCR_OFFICER, organisation=organisation_id) if organisation_id else secretariat
    live = Contact.objects.live(on).order_by("valid_from", "pk")
    addresses = list(live.filter(own).values_list("email", flat=True))
    sender = addresses[0] if addresses else live.filter(secretariat).values_list("email", flat=True).first()
    return Desk(len(addresses), sender or "")
