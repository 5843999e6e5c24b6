"""Waivers and signatures over HTTP: beside payments, what makes an approved company a member."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from codesign.api import standing_bodies as bodies
from codesign.api import standing_rows as shown
from codesign.companies.models import CodeMembership
from codesign.fees.models import CodeAgreement, Waiver
from codesign.standing import actions
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class WaiverViews(ListRows, ReadRow, ResourceViews):
    """Fees that were let off."""

    resource = "waivers"
    tag = "Fees"
    row = shown.WaiverRow
    orderings = {"granted_on": "granted_on"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Waiver.objects.filter(membership__in=CodeMembership.objects.visible_to(scope))

    @command(
        body=bodies.WaiverBody,
        summary="Let a year's fee off",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003", "year": 2026, "reason": "pilot_country"},
    )
    def create(self, call: Call) -> Waiver:
        """Counts as payment of that year."""
        data = dict(call.data)
        return actions.record_waiver(reason_code=data.pop("reason"), **data, actor=call.scope, at=call.at)


class CodeAgreementFilters(RowFilters):
    """Filters of Code agreements."""

    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")

    class Meta:
        model = CodeAgreement
        fields: list[str] = []


class CodeAgreementViews(ListRows, ReadRow, ResourceViews):
    """Code agreements: sent, signed by the company, signed by the representative."""

    resource = "code-agreements"
    tag = "Memberships"
    row = shown.CodeAgreementRow
    filters = CodeAgreementFilters
    orderings = {"sent_on": "sent_on"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return CodeAgreement.objects.visible_to(scope)

    @command(
        detail=True,
        if_match="required",
        body=bodies.SignBody,
        summary="Sign for one side",
        errors=(403, 409, 412, 428),
        example={"side": "company", "role": "director", "signed_on": "2026-11-22"},
    )
    def sign(self, call: Call) -> CodeAgreement:
        """The second signature makes a company that has paid a member."""
        return actions.sign_agreement(
            agreement_id=call.id, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
