"""What the mails say of their subjects: read for a whole batch, one query a kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from codesign.companies.models import CodeMembership, Site
from codesign.criteria.models import PlanAction
from codesign.fees.figures import with_joining
from codesign.fees.models import Invoice
from codesign.reminders.models import Occurrence, ReminderClass, ReminderKind, ReminderRule
from codesign.reminders.sources.base import MonthOf
from codesign.reminders.sources.network import work_on
from codesign.reporting.models import ReportObligation
from codesign.training.kinds import TrainingStatus
from codesign.training.models import StatusTile
from members.agreements.models import Agreement, AgreementParty
from members.people.models import Contact, ContactRole

Subject = tuple[UUID, date]


@dataclass
class Facts:
    """`said` of each occurrence's subject and anchor, and the `officers` who answer: by representative, None: else.

    `optional`: codes of the rules that a reader may opt out of.
    """

    said: dict[tuple[str, Subject], dict[str, Any]] = field(default_factory=dict)
    officers: dict[UUID | None, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    def of(self, occurrence: Occurrence) -> dict[str, Any]:
        """What its template is told besides the occurrence itself."""
        subject = (occurrence.subject_id, occurrence.anchor_on)
        return self.said.get((occurrence.kind, subject)) or self.said.get((occurrence.kind, (subject[0], date.min)), {})

    def officer_of(self, occurrence: Occurrence) -> str:
        """The address of the responsible officer: the representative's, else the secretariat's; "" without any."""
        represented_by = occurrence.membership.representative_id if occurrence.membership else None
        return self.officers.get(represented_by) or self.officers.get(None, "")


def facts_of(occurrences: Iterable[Occurrence], *, at: datetime) -> Facts:
    """All that the mails of these occurrences say."""
    by_kind: dict[str, set[Subject]] = defaultdict(set)
    representatives: set[UUID] = set()
    for row in occurrences:
        by_kind[row.kind].add((row.subject_id, row.anchor_on))
        if row.membership is not None and row.membership.representative_id:
            representatives.add(row.membership.representative_id)
    if not by_kind:
        return Facts()
    found = Facts(officers=_officers(representatives, at=at), optional=_optional())
    for kind, subjects in by_kind.items():
        for subject, said in _READERS[kind](subjects, at).items():
            found.said[kind, subject] = said
    return found


def _optional() -> frozenset[str]:
    rules = ReminderRule.objects.published().filter(binding=ReminderClass.OPTIONAL)
    return frozenset(rules.values_list("code", flat=True))


def _officers(representatives: set[UUID], *, at: datetime) -> dict[UUID | None, str]:
    live = Contact.objects.live(at.date()).order_by("valid_from", "pk")
    found: dict[UUID | None, str] = {}
    own = live.filter(role=ContactRole.LCR_OFFICER, organisation__in=representatives)
    for organisation, email in own.values_list("organisation_id", "email"):
        found.setdefault(organisation, email)
    desk = live.filter(role=ContactRole.SECRETARIAT).values_list("email", flat=True).first()
    return {**found, **({None: desk} if desk else {})}


def _keyed(rows: Any, **named: str) -> dict[Subject, dict[str, Any]]:
    """Columns of rows by their key, under the names that the templates use."""
    found = {}
    for key, *values in rows.values_list("pk", *named.values()):
        found[key, date.min] = dict(zip(named, values, strict=True))
    return found


def _reports(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    rows = ReportObligation.objects.filter(pk__in=_keys(subjects))
    return _keyed(rows, year="reporting_year__year")


def _joining(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    rows = with_joining(CodeMembership.objects.filter(pk__in=_keys(subjects)))
    return _keyed(rows, is_paid="has_settled_fee", is_signed="has_signed")


def _fees(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    rows = Invoice.objects.filter(pk__in=_keys(subjects))
    return _keyed(rows, number="number", amount="amount_eur", year="year")


def _actions(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    return _keyed(PlanAction.objects.filter(pk__in=_keys(subjects)), title="title", site="site__name")


def _sites(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    return _keyed(Site.objects.filter(pk__in=_keys(subjects)), site="name")


def _lapsing(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    """How many people lapse in the month, at how many sites: counts alone, as the company itself sees them."""
    rows = StatusTile.objects.order_by().filter(
        status=TrainingStatus.LAPSED, company__memberships__in=_keys(subjects), first_day__gte=min(_days(subjects))
    )
    counted = rows.annotate(month=MonthOf("first_day")).values("company__memberships", "month")
    found = {}
    for row in counted.annotate(people=Count("pk"), sites=Count("site", distinct=True)):
        key = row["company__memberships"], row["month"]
        found[key] = {"people": row["people"], "sites": row["sites"]}
    return found


def _parties(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    return _keyed(AgreementParty.objects.filter(pk__in=_keys(subjects)), title="agreement__title")


def _agreements(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    return _keyed(Agreement.objects.filter(pk__in=_keys(subjects)), title="title")


def _week(subjects: set[Subject], at: datetime) -> dict[Subject, dict[str, Any]]:
    """The counts of what needs a person; a few representatives at most."""
    return {(key, date.min): {"work": work_on(key, at=at)} for key in _keys(subjects)}


def _keys(subjects: set[Subject]) -> set[UUID]:
    return {key for key, _ in subjects}


def _days(subjects: set[Subject]) -> set[date]:
    return {day for _, day in subjects}


_READERS: dict[str, Callable[[set[Subject], datetime], dict[Subject, dict[str, Any]]]] = {
    ReminderKind.REPORT_DUE: _reports,
    ReminderKind.JOINING: _joining,
    ReminderKind.FEE_DUE: _fees,
    ReminderKind.ACTION_DUE: _actions,
    ReminderKind.TRAINING_LAPSING: _lapsing,
    ReminderKind.SITE_BELOW_TARGET: _sites,
    ReminderKind.AGREEMENT_ENDING: _parties,
    ReminderKind.AGREEMENT_WATCH: _agreements,
    ReminderKind.LCR_DIGEST: _week,
}
