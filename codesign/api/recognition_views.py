"""Certificates and awards over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from rest_framework.exceptions import Throttled

from codesign.api import recognition_rows as shown
from codesign.api.certificate_checks import page_url, status_as_typed, wait_of
from codesign.api.fee_bodies import LanguageParams
from codesign.api.fee_views import printed_in
from codesign.companies.models import CodeMembership
from codesign.recognition import actions
from codesign.recognition.figures import due_for_certificate, with_status
from codesign.recognition.models import Award, AwardKind, Certificate, RecognitionRule
from codesign.recognition.printed import certificate_pdf
from codesign.recognition.rules import CertificateStatus
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.pdf import MEDIA_TYPE

_YEARS = forms.IntegerField(min_value=1900, max_value=2200)


class CertificateFilters(RowFilters):
    """Filters of certificates."""

    number = AnyOf("number", help_text="Number of the certificate, as printed.")
    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    country = AnyOf("membership__company__organisation__country_id", help_text="ISO 3166-1 alpha-2 code.")
    year = AnyOf("year", kind=_YEARS, help_text="Year of the certificate.")
    status = AnyOf("status", choices=CertificateStatus, help_text="What the public check says on the day.")

    class Meta:
        model = Certificate
        fields: list[str] = []


class CertificateViews(ListRows, ReadRow, ResourceViews):
    """Yearly certificates of members. What one says was true when it was issued; its status is of the day asked."""

    resource = "certificates"
    tag = "Recognition"
    row = shown.CertificateRow
    filters = CertificateFilters
    orderings = {"issued_on": "issued_on", "year": "year"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_status(Certificate.objects.visible_to(scope), on=on)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Certificate.objects.visible_to(scope)

    @command(
        body=shown.CertificateBody,
        summary="Issue a certificate",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003", "year": 2026},
    )
    def create(self, call: Call) -> Certificate:
        """For a member with the year's fee settled, both signatures and no lapsed report; 409 names what is missing."""
        return actions.issue_certificate(**call.data, actor=call.scope, at=call.at)

    @command(
        path="issue-due",
        body=shown.YearBody,
        answer=shown.IssuedCertificatesAnswer,
        summary="Issue all certificates that are due",
        example={"year": 2026},
    )
    def issue_due(self, call: Call) -> dict[str, Any]:
        """At most 200 at once, in the caller's countries. `?dry_run=true` says how many."""
        issued = actions.issue_due(**call.data, actor=call.scope, at=call.at)
        asked = call.data.get("year") or call.on.year
        seen = CodeMembership.objects.visible_to(call.scope).values("pk")
        due = due_for_certificate(year=asked, on=call.on).filter(pk__in=seen)
        return {"issued": len(issued), "certificates": [row.pk for row in issued], "due": due.count()}

    @command(
        detail=True,
        if_match="optional",
        body=shown.WithdrawBody,
        summary="Withdraw a certificate",
        errors=(403, 409),
        example={"reason": "issued_in_error"},
    )
    def withdraw(self, call: Call) -> Certificate:
        """From today on the public check says so, and nothing else; another may be issued for the year."""
        data = dict(call.data)
        return actions.withdraw_certificate(
            certificate_id=call.uuid,
            reason_code=data.pop("reason"),
            **data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )

    @query(detail=True, params=LanguageParams, media_type=MEDIA_TYPE, summary="Print a certificate", errors=(409,))
    def pdf(self, call: Call) -> HttpResponseBase:
        """With a code to scan, which leads to the public check."""
        number = Certificate.objects.values_list("number", flat=True).get(pk=call.id)
        content = certificate_pdf(call.uuid, check_url=page_url(number), language=printed_in(call))
        return pdf_answer(content, name=f"certificate-{number}")

    @query(
        path="check/<str:number>",
        answer=shown.CertificateCheckAnswer,
        summary="Check a certificate by its number",
        errors=(404, 429),
    )
    def check(self, call: Call) -> dict[str, Any]:
        """Valid, lapsed or withdrawn on this day, and nothing else. Thirty checks a minute for each address."""
        if (wait := wait_of(call.request)) is not None:
            raise Throttled(wait)
        _, status = status_as_typed(str(call.url["number"]), on=call.on)
        if status is None:
            raise Http404
        return {"status": status}


class AwardFilters(RowFilters):
    """Filters of awards."""

    kind = AnyOf("kind", choices=AwardKind, help_text="What is awarded.")
    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    year = AnyOf("year", kind=_YEARS, help_text="Year of the award.")

    class Meta:
        model = Award
        fields: list[str] = []


class AwardViews(ListRows, ReadRow, ResourceViews):
    """Awards by year, with the criteria that each rested on. The public sees them in the register of members."""

    resource = "awards"
    tag = "Recognition"
    row = shown.AwardRow
    filters = AwardFilters
    orderings = {"given_on": "given_on", "year": "year"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Award.objects.visible_to(scope)

    @command(
        body=shown.AwardBody,
        summary="Make a member Top Member of a year",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003", "year": 2025},
    )
    def create(self, call: Call) -> Award:
        """All six criteria met and the year's report published; 409 names each that is not."""
        return actions.give_award(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        if_match="optional",
        body=shown.AwardWithdrawBody,
        summary="Withdraw an award",
        errors=(403, 409),
        example={"reason": "criteria_not_met", "was_in_error": True},
    )
    def withdraw(self, call: Call) -> Award:
        """From today on, or for all days when it was given in error."""
        data = dict(call.data)
        return actions.withdraw_award(
            award_id=call.uuid,
            reason_code=data.pop("reason"),
            **data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )


class RecognitionRuleViews(ListRows, ResourceViews):
    """The rules of recognition, the former and those to come too; of those that have begun the newest counts."""

    resource = "recognition-rules"
    tag = "Recognition"
    row = shown.RecognitionRuleRow
    orderings = {"effective_from": "effective_from"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return RecognitionRule.objects.all()

    @command(
        body=shown.RecognitionRuleBody,
        answer=shown.RecognitionRuleRow,
        status=201,
        summary="Publish a rule of recognition",
        example={"effective_from": "2027-01-01", "months_after": 3, "asks_report": True},
    )
    def create(self, call: Call) -> dict[str, Any]:
        """From a day on; certificates that are out stay as they are."""
        row = actions.publish_rule(**call.data, actor=call.scope, at=call.at)
        plan = shown.RecognitionRuleRow.plan(context=context_of(call.scope, call.on))
        return plan.shaped(plan.raw(RecognitionRule.objects.filter(pk=row.pk)))[0]
