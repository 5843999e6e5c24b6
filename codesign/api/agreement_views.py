"""Code agreements over HTTP: sent, signed, printed, and the signed paper kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase

from codesign.api import standing_bodies as bodies
from codesign.api import standing_rows as shown
from codesign.api.fee_bodies import LanguageParams
from codesign.api.fee_views import printed_in
from codesign.fees import actions as fees
from codesign.fees.models import CodeAgreement
from codesign.fees.printed import agreement_pdf
from codesign.standing import actions
from registry.kernel.api.calls import Call
from registry.kernel.api.documents import DOWNLOAD, download
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.uploads import TakesFiles
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import NotFound
from registry.kernel.pdf import MEDIA_TYPE


class CodeAgreementFilters(RowFilters):
    """Filters of Code agreements."""

    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")

    class Meta:
        model = CodeAgreement
        fields: list[str] = []


class CodeAgreementViews(TakesFiles, ListRows, ReadRow, ResourceViews):
    """Code agreements: sent, signed by the company and by the representative. Signing again keeps the former ones."""

    resource = "code-agreements"
    tag = "Memberships"
    row = shown.CodeAgreementRow
    filters = CodeAgreementFilters
    orderings = {"sent_on": "sent_on"}
    dated = False
    uploading = frozenset({"keep_document"})

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return CodeAgreement.objects.visible_to(scope)

    @command(
        body=bodies.CodeAgreementBody,
        summary="Send an agreement for signature",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003"},
    )
    def create(self, call: Call) -> CodeAgreement:
        """For the first time or again: the one in force stays so until both have signed the new one."""
        return actions.renew_agreement(**call.data, actor=call.scope, at=call.at)

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

    @query(detail=True, params=LanguageParams, media_type=MEDIA_TYPE, summary="Print an agreement", errors=(404,))
    def pdf(self, call: Call) -> HttpResponseBase:
        """The text of its version with the signatures so far; 404 for a version whose text the register lacks."""
        return pdf_answer(agreement_pdf(call.uuid, language=printed_in(call)), name=f"agreement-{call.id}")

    @command(
        detail=True,
        path="document",
        if_match="optional",
        body=bodies.PaperBody,
        summary="Keep the signed paper",
        errors=(409, 413, 415),
        example={"link": "https://signing.example/papers/17"},
    )
    def keep_document(self, call: Call) -> CodeAgreement:
        """A form with the file, or JSON with a link. The type is told by the content."""
        return fees.keep_document(
            agreement_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @query(detail=True, path="document", media_type=DOWNLOAD, summary="Download the signed paper", errors=(404,))
    def document(self, call: Call) -> HttpResponseBase:
        """Always as an attachment, in the type that its content was found to be."""
        found = CodeAgreement.objects.select_related("document").get(pk=call.id).document
        if found is None:
            raise NotFound("There is no paper.", code="no_document")
        return download(found)

    @command(
        detail=True,
        method="delete",
        path="document",
        if_match="optional",
        summary="Remove the signed paper",
        errors=(409,),
    )
    def remove_document(self, call: Call) -> CodeAgreement:
        """Its content goes for good; another may be kept."""
        return fees.remove_document(agreement_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)
