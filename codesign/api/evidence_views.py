"""Evidence of planned actions over HTTP: documents and links."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase
from rest_framework import serializers

from codesign.api.standing_bodies import CODE
from codesign.criteria import actions
from codesign.criteria.models import PlanAction, PlanEvidence
from members.scope import Scope
from registry.kernel.api.bodies import Body, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.documents import DOWNLOAD, DocumentAnswer, DocumentFile, download, shown
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Computed, Ref, RowSerializer
from registry.kernel.api.uploads import TakesFiles
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import NotFound

_DOCUMENT = ("document__name", "document__media_type", "document__size_bytes", "document__sha256")


class PlanEvidenceRow(RowSerializer):
    """What shows that an action was done. A redacted one keeps its row and says nothing."""

    id = serializers.UUIDField()
    action = Ref("plan-actions", "action_id", "action__title")
    company = Ref("companies", "action__membership__company_id", "action__membership__company__organisation__name")
    title = serializers.CharField()
    link = serializers.CharField(help_text="Empty where it is a document.")
    document = Computed(
        _DOCUMENT,
        shown,
        DocumentAnswer(allow_null=True),
        allow_null=True,
        help_text="Null where it is a link or was redacted; its content is at `file/`.",
    )
    added_at = serializers.DateTimeField()
    redacted_at = serializers.DateTimeField(allow_null=True)


class PlanEvidenceBody(Body):
    """A document (by a form) or a link."""

    action = RelatedId(lambda scope: PlanAction.objects.visible_to(scope))
    file = DocumentFile(required=False)
    link = serializers.URLField(max_length=500, required=False, help_text="https only; as JSON or by a form.")
    title = serializers.CharField(
        max_length=200, required=False, help_text="What it shows. Never about a case, never a person's name."
    )

    def validate_link(self, value: str) -> str:
        """A link that can be followed safely."""
        if not value.startswith("https://"):
            raise serializers.ValidationError("A link begins with https://.", code="https_only")
        return value


class RedactionBody(Body):
    """Why something is emptied; a code, for words could tell again what must go."""

    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class PlanEvidenceFilters(RowFilters):
    """Filters of evidence."""

    action = AnyOf("action_id", kind=forms.UUIDField(), help_text="Id of the action.")
    membership = AnyOf("action__membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("action__membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")

    class Meta:
        model = PlanEvidence
        fields: list[str] = []


class PlanEvidenceViews(TakesFiles, ListRows, ReadRow, ResourceViews):
    """Documents and links that show that planned actions were done."""

    resource = "plan-evidence"
    tag = "Plans"
    row = PlanEvidenceRow
    filters = PlanEvidenceFilters
    orderings = {"added_at": "added_at"}
    dated = False
    version_column = None
    uploading = frozenset({"create"})

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return PlanEvidence.objects.visible_to(scope)

    @command(
        body=PlanEvidenceBody,
        summary="Add evidence to an action",
        errors=(409, 413, 415),
        example={
            "action": "0190a5d0-0000-7000-8000-000000000003",
            "link": "https://hotel.example/child-protection-policy",
            "title": "Policy, as published",
        },
    )
    def create(self, call: Call) -> PlanEvidence:
        """A form with the file, or JSON with a link; until the action is verified. The type is told by the content."""
        data = dict(call.data)
        return actions.add_evidence(**data, actor=call.scope, at=call.at)

    @command(summary="Take evidence back", errors=(409,))
    def destroy(self, call: Call) -> None:
        """Only while the action is not verified; a document's content goes for good."""
        actions.remove_evidence(evidence_id=call.uuid, actor=call.scope, at=call.at)

    @query(detail=True, path="file", media_type=DOWNLOAD, summary="Download the document", errors=(404,))
    def file(self, call: Call) -> HttpResponseBase:
        """Always as an attachment, in the type that its content was found to be."""
        document = PlanEvidence.objects.select_related("document").get(pk=call.uuid).document
        if document is None:
            raise NotFound("It is a link, not a document.", code="no_document")
        return download(document)

    @command(detail=True, body=RedactionBody, summary="Redact evidence", example={"reason": "names_a_person"})
    def redact(self, call: Call) -> Any:
        """Content, link and title go for good, from stored answers and restores too; a tombstone stays."""
        return actions.redact_evidence(
            evidence_id=call.uuid, reason_code=call.data["reason"], actor=call.scope, at=call.at
        )
