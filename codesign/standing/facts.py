"""The facts behind one company's standing, loaded for explaining it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from codesign.companies.models import CodeMembership, Company
from codesign.fees.models import Invoice, InvoiceState, Waiver
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report, ReportObligation
from codesign.standing.figures import members_on, target_share
from codesign.standing.rules import FeeFact, ReportFact, TrainingFact, Verdict, verdict
from codesign.training.figures import with_training_share
from codesign.training.models import StatusTile


def standing_of(company_id: UUID, *, on: date) -> Verdict | None:
    """The standing of one company on `on`, explained; None when it was no member that day. Six queries."""
    membership = members_on(on).filter(company=company_id).order_by("-member_since", "-pk").first()
    if membership is None:
        return None
    return verdict(
        fees=fees_of(membership, on=on),
        reports=reports_of(membership, on=on),
        training=training_of(company_id, on=on),
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
            number=invoice.number,
            year=invoice.year,
            amount_eur=invoice.amount_eur,
            due_on=invoice.due_on,
            settled_on=min((day for day in (invoice.paid_on, invoice.waived_on) if day), default=None),
        )
        for invoice in invoices
    ]


def reports_of(membership: CodeMembership, *, on: date) -> list[ReportFact]:
    """Years owed by `on`, and those whose report was returned."""
    returned = dict(
        Report.objects.filter(company=membership.company_id, state=ReportState.RETURNED)
        .order_by("pk")
        .values_list("reporting_year__year", "answer_due_on")
    )
    owed = ReportObligation.objects.owed(on).filter(membership=membership)
    return [
        ReportFact(
            year=year, due_on=due_on, lapses_on=lapses_on, handed_in_on=handed_in, answer_due_on=returned.get(year)
        )
        for year, due_on, lapses_on, handed_in in owed.order_by("due_on", "pk").values_list(
            "reporting_year__year", "due_on", "lapses_on", "fulfilled_on"
        )
    ]


def training_of(company_id: UUID, *, on: date) -> TrainingFact:
    """Coverage of the whole company on `on`. Three queries."""
    counted = with_training_share(Company.objects.filter(pk=company_id), on=on)
    trained, staff = counted.values_list("training_valid", "training_denominator").get()
    return TrainingFact(
        is_rostered=StatusTile.objects.on(on).filter(company=company_id).exists(),
        trained=trained,
        staff=staff,
        target_share=target_share(on),
    )
