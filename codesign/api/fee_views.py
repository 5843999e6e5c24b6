"""Fees over HTTP: companies that pay less, membership years, invoices and credit notes."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import get_language

from codesign.api import fee_bodies as bodies
from codesign.api import fee_rows as shown
from codesign.companies.models import CodeMembership
from codesign.fees import actions
from codesign.fees.figures import owing, with_paid
from codesign.fees.models import CompanyReduction, CreditNote, FeeYear, Invoice, InvoiceState
from codesign.fees.printed import credit_note_pdf, invoice_pdf
from codesign.standing import actions as joining
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.pdf import MEDIA_TYPE

TAG = "Fees"
MAX_WAITING = 1000


def printed_in(call: Call) -> str:
    """The language in which a document is asked for."""
    return call.data.get("language") or get_language() or "en"


class InvoiceFilters(RowFilters):
    """Filters of invoices."""

    number = AnyOf("number", help_text="Number of the invoice.")
    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    year = AnyOf("year", kind=forms.IntegerField(min_value=1900, max_value=2200), help_text="Year of the fee.")
    state = AnyOf("state", choices=InvoiceState, help_text="How much of it is paid.")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt", help_text="Due before this day.")

    class Meta:
        model = Invoice
        fields: list[str] = []


class CompanyReductionFilters(RowFilters):
    """Filters of reductions."""

    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    code = AnyOf("code", help_text="Code of the association.")

    class Meta:
        model = CompanyReduction
        fields: list[str] = []


class CompanyReductionViews(ListRows, ReadRow, ResourceViews):
    """Companies that pay less because they belong to a partner association."""

    resource = "company-reductions"
    tag = TAG
    row = shown.CompanyReductionRow
    filters = CompanyReductionFilters
    orderings = {"valid_from": "valid_from"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return CompanyReduction.objects.visible_to(scope)

    @command(
        body=bodies.CompanyReductionBody,
        summary="Let a company pay less",
        errors=(403, 409),
        example={"company": "0193a000-0000-7000-8000-000000000001", "code": "pata", "valid_from": "2026-01-01"},
    )
    def create(self, call: Call) -> CompanyReduction:
        """Counts for invoices that are issued from then on."""
        return actions.grant_reduction(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        if_match="optional",
        body=bodies.EndBody,
        summary="End a reduction",
        errors=(409,),
        example={"last_day": "2026-12-31"},
    )
    def end(self, call: Call) -> CompanyReduction:
        """Invoices that are out stay as they are."""
        return actions.end_reduction(
            reduction_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )


class FeeYearViews(ListRows, ReadRow, ResourceViews):
    """Membership years. From a year's day on, each member without an invoice or waiver gets its invoice by itself."""

    resource = "fee-years"
    tag = TAG
    row = shown.FeeYearRow
    orderings = {"year": "year"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return FeeYear.objects.all()

    @command(
        body=bodies.FeeYearBody,
        summary="Open a membership year",
        errors=(409,),
        example={"year": 2027, "invoices_on": "2026-12-01"},
    )
    def create(self, call: Call) -> FeeYear:
        """The years after it open by themselves, with the same distances."""
        return actions.open_year(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        path="raise",
        answer=shown.RaisedAnswer,
        summary="Raise the invoices that are due in a year",
        errors=(409,),
    )
    def raise_due(self, call: Call) -> dict[str, int]:
        """What the clock does every hour; once more raises none."""
        raised = actions.raise_invoices(year_id=call.uuid, actor=call.scope, at=call.at)
        return {"raised": raised, "waiting": owing(FeeYear.objects.get(pk=call.id)).count()}

    @query(
        detail=True,
        answer=shown.WaitingMemberRow,
        answer_many=True,
        summary="List the members that have no invoice for a year",
    )
    def waiting(self, call: Call) -> list[dict[str, Any]]:
        """The first 1,000 that the caller sees. They wait for a confirmed revenue band, or for the year's day."""
        seen = CodeMembership.objects.visible_to(call.scope)
        rows = owing(FeeYear.objects.get(pk=call.id)).filter(pk__in=seen.values("pk"))
        plan = shown.WaitingMemberRow.plan(context=context_of(call.scope, call.on))
        return plan.shaped(plan.raw(rows.order_by("number", "pk")[:MAX_WAITING]))


class InvoiceViews(ListRows, ReadRow, ResourceViews):
    """Invoices with what was paid on them and taken back."""

    resource = "invoices"
    tag = TAG
    row = shown.InvoiceRow
    filters = InvoiceFilters
    orderings = {"number": "number", "due_on": "due_on", "issued_on": "issued_on"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_paid(Invoice.objects.visible_to(scope))

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Invoice.objects.visible_to(scope)

    @command(
        body=bodies.InvoiceBody,
        summary="Issue the invoice of a year",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003", "year": 2027},
    )
    def create(self, call: Call) -> Invoice:
        """By the band that the company confirmed; the yearly run does it for all."""
        return joining.issue_fee(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        if_match="optional",
        body=bodies.CreditBody,
        summary="Take back a part of an invoice, or all of it",
        errors=(403, 409),
        example={"amount_eur": "75.00", "reason": "reduction_forgotten"},
    )
    def credit(self, call: Call) -> Any:
        """Makes a credit note. An invoice that is taken back whole is cancelled, and the year may be asked for anew."""
        data = dict(call.data)
        joining.take_back(
            invoice_id=call.uuid,
            reason_code=data.pop("reason"),
            **data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )
        return call.uuid

    @query(detail=True, params=bodies.LanguageParams, media_type=MEDIA_TYPE, summary="Print an invoice")
    def pdf(self, call: Call) -> HttpResponseBase:
        """As it stands: what was received and taken back, and how to pay the rest."""
        number = Invoice.objects.values_list("number", flat=True).get(pk=call.id)
        return pdf_answer(invoice_pdf(call.uuid, language=printed_in(call)), name=number)


class CreditNoteFilters(RowFilters):
    """Filters of credit notes."""

    invoice = AnyOf("invoice_id", kind=forms.UUIDField(), help_text="Id of the invoice.")

    class Meta:
        model = CreditNote
        fields: list[str] = []


class CreditNoteViews(ListRows, ReadRow, ResourceViews):
    """Credit notes. Never edited."""

    resource = "credit-notes"
    tag = TAG
    row = shown.CreditNoteRow
    filters = CreditNoteFilters
    orderings = {"number": "number"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return CreditNote.objects.visible_to(scope)

    @query(detail=True, params=bodies.LanguageParams, media_type=MEDIA_TYPE, summary="Print a credit note")
    def pdf(self, call: Call) -> HttpResponseBase:
        """With the invoice that it takes back from."""
        number = CreditNote.objects.values_list("number", flat=True).get(pk=call.id)
        return pdf_answer(credit_note_pdf(call.uuid, language=printed_in(call)), name=number)
