"""The facts behind one company's standing, loaded for explaining it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from codesign.companies.models import SUPPORTERS, CodeMembership, Company
from codesign.fees.models import Invoice, InvoiceState, Waiver
from codesign.reporting import rules
from codesign.reporting.models import Report, ReportMove, ReportObligation
from codesign.standing.figures import members_on, target_share
from codesign.standing.rules import FeeFact, ReportFact, TrainingFact, Verdict, verdict
from codesign.training.figures import with_training_share
from codesign.training.forecasts import forecast
from codesign.training.models import StatusTile
from members.scope import Hat, Role, Scope
from registry.kernel.calendar import add_months

AHEAD_MONTHS = 24


def standing_of(company_id: UUID, *, on: date, looks_ahead: bool = True) -> Verdict | None:
    """The standing of one company on `on`, explained; None when it was no member that day. A dozen queries.

    `looks_ahead`: whether to work out on which day the training's answer turns, which goes through every day.
    """
    membership = members_on(on).filter(company=company_id).order_by("-member_since", "-pk").first()
    if membership is None:
        return None
    return verdict(
        fees=fees_of(membership, on=on),
        reports=reports_of(membership, on=on),
        training=training_of(company_id, on=on, looks_ahead=looks_ahead),
        on=on,
    )


def fees_of(membership: CodeMembership, *, on: date) -> list[FeeFact]:
    """Invoices that were out by `on`; cancelled ones never count."""
    waived = Waiver.objects.filter(membership=OuterRef("membership"), year=OuterRef("year"))
    invoices = (
        Invoice.objects.filter(membership=membership, issued_on__lte=on)
        .exclude(state=InvoiceState.CANCELLED)
        .annotate(waived_on=Subquery(waived.values("granted_on")[:1]))
        .order_by("due_on", "pk")
    )
    return [
        FeeFact(
            id=invoice.pk,
            number=invoice.number,
            year=invoice.year,
            amount_eur=invoice.amount_eur,
            due_on=invoice.due_on,
            settled_on=min((day for day in (invoice.paid_on, invoice.waived_on) if day), default=None),
        )
        for invoice in invoices
    ]


def reports_of(membership: CodeMembership, *, on: date) -> list[ReportFact]:
    """Years owed by `on`, and those whose report was returned then: its newest move by that day says so."""
    moves = ReportMove.objects.filter(report__company=membership.company_id, moved_on__lte=on)
    returned = dict(moves.order_by("version", "pk").values_list("report__reporting_year__year", "answer_due_on"))
    keys = dict(
        Report.objects.filter(company=membership.company_id).order_by("pk").values_list("reporting_year__year", "pk")
    )
    owed = ReportObligation.objects.owed(on).filter(membership=membership)
    known = [
        ReportFact(
            report_id=keys.get(year),
            year=year,
            due_on=due_on,
            lapses_on=lapses_on,
            handed_in_on=handed_in,
            answer_due_on=returned.get(year),
        )
        for year, due_on, lapses_on, handed_in in owed.order_by("due_on", "pk").values_list(
            "reporting_year__year", "due_on", "lapses_on", "fulfilled_on"
        )
    ]
    return [*known, *_expected(membership, on=on, known={fact.year for fact in known})]


def _expected(membership: CodeMembership, *, on: date, known: set[int]) -> list[ReportFact]:
    """The next report that will be owed if the member stays: of the present year, or of the past one not opened yet."""
    if membership.company.category in SUPPORTERS:
        return []
    for year in (on.year - 1, on.year, on.year + 1):
        due = rules.due_on(year)
        is_owed = membership.member_since is not None and membership.member_since <= rules.first_day_counted(year)
        if is_owed and year not in known and due >= on:
            lapses = rules.lapses_on(due, rules.LAPSE_DAYS)
            return [ReportFact(year=year, due_on=due, lapses_on=lapses, handed_in_on=None, is_expected=True)]
    return []


def training_of(company_id: UUID, *, on: date, looks_ahead: bool = False) -> TrainingFact:
    """Coverage of the whole company on `on`. Three queries, and six to look ahead."""
    counted = with_training_share(Company.objects.filter(pk=company_id), on=on)
    trained, staff = counted.values_list("training_valid", "training_denominator").get()
    is_rostered = StatusTile.objects.on(on).filter(company=company_id).exists()
    return TrainingFact(
        is_rostered=is_rostered,
        trained=trained,
        staff=staff,
        target_share=target_share(on),
        turns_on=_drops_on(company_id, on) if looks_ahead and is_rostered else None,
    )


def _drops_on(company_id: UUID, on: date) -> date | None:
    """The first day after `on`, within the longest validity, on which the share misses the target; None: never."""
    everything = Scope(label="standing", hats=(Hat(role=Role.SECRETARIAT),), day=on)
    ahead = forecast(everything, first=on, until=add_months(on, AHEAD_MONTHS), step="month", company=company_id)
    day = ahead.first_day_under
    return day if day is not None and day > on else None
