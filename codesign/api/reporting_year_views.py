"""Reporting years, questionnaires and extensions over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes

from codesign.api import questionnaire_bodies as bodies_of_versions
from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_rows as shown
from codesign.reporting import actions, versions
from codesign.reporting.json_schema import schema_of
from codesign.reporting.models import Extension, Questionnaire, QuestionnaireState, ReportingYear
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import context_of, in_language
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

TAG = "Reporting"
_NAMES = dict.fromkeys(("en", "fr", "nl", "de", "es"), "Policy")
EXAMPLE_VERSION = {
    "version": 3,
    "names": _NAMES,
    "sections": [
        {
            "code": "criterion-1",
            "criterion_number": 1,
            "names": _NAMES,
            "questions": [{"code": "has_policy", "kind": "yes_no", "names": _NAMES, "is_required": True}],
        }
    ],
}
YEAR = forms.IntegerField(min_value=1900, max_value=2199)


class ReportingYearFilters(RowFilters):
    """Filters of reporting years."""

    year = AnyOf("year", kind=YEAR, help_text="The year that is reported on.")

    class Meta:
        model = ReportingYear
        fields: list[str] = []


class ReportingYearViews(ListRows, ReadRow, ResourceViews):
    """The calendar of reporting: from when, until when, by which questionnaire."""

    resource = "reporting-years"
    tag = TAG
    row = shown.ReportingYearRow
    filters = ReportingYearFilters
    orderings = {"year": "year"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ReportingYear.objects.visible_to(scope)

    @command(
        body=bodies.ReportingYearBody,
        status=201,
        summary="Open a reporting year",
        errors=(409,),
        example={"year": 2026},
    )
    def create(self, call: Call) -> ReportingYear:
        """Freezes the newest published questionnaire for it and writes who owes a report; again adds what lacks."""
        return actions.open_year(**call.data, actor=call.scope, at=call.at)


class QuestionnaireFilters(RowFilters):
    """Filters of questionnaires."""

    state = AnyOf("state", choices=QuestionnaireState, help_text="Draft or published.")

    class Meta:
        model = Questionnaire
        fields: list[str] = []


class QuestionnaireViews(ListRows, ReadRow, ResourceViews):
    """Versions of the questionnaire; one that a year uses is frozen."""

    resource = "questionnaires"
    tag = TAG
    row = shown.QuestionnaireRow
    filters = QuestionnaireFilters
    orderings = {"version": "version"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Questionnaire.objects.visible_to(scope)

    @query(detail=True, answer=OpenApiTypes.OBJECT, summary="Read a questionnaire as JSON Schema")
    def json_schema(self, call: Call) -> dict[str, Any]:
        """For a company's own system, to check before it sends. Wording in the language of Accept-Language."""
        row = self.rows(call.scope, on=call.on).get(pk=call.id)
        language = context_of(call.scope, call.on).language
        questions = list(row.questions.in_order())
        texts = {question.code: in_language(question.names, language) or "" for question in questions}
        return schema_of(questions, version=row.version, texts=texts)

    @command(
        body=bodies_of_versions.QuestionnaireBody,
        status=201,
        summary="Make a version of the questionnaire",
        errors=(409,),
        example=EXAMPLE_VERSION,
    )
    def create(self, call: Call) -> Questionnaire:
        """As a draft. Sent again it replaces the draft; a version that a year uses is frozen."""
        return actions.load_questionnaire(content=_plain(call.data), actor=call.scope, at=call.at)

    @command(detail=True, summary="Let years use a version of the questionnaire", errors=(409,))
    def publish(self, call: Call) -> Questionnaire:
        """The newest published version is the one that the next year is opened with."""
        version = self.rows(call.scope, on=call.on).values_list("version", flat=True).get(pk=call.id)
        return actions.publish_questionnaire(version=version, actor=call.scope, at=call.at)

    @query(detail=True, answer=shown.PreviewedSectionAnswer, answer_many=True, summary="Preview a questionnaire")
    def preview(self, call: Call) -> list[dict[str, Any]]:
        """As a company would read it, in the language of Accept-Language; drafts too, for the secretariat."""
        row = self.rows(call.scope, on=call.on).get(pk=call.id)
        language = context_of(call.scope, call.on).language
        return versions.preview(row, row.questions.in_order(), language=language)

    @query(
        detail=True,
        params=bodies_of_versions.AgainstParams,
        answer=shown.VersionDiffAnswer,
        summary="Compare two versions of the questionnaire",
    )
    def diff(self, call: Call) -> dict[str, Any]:
        """Which questions are new, gone or changed, and which indicators would end."""
        row = self.rows(call.scope, on=call.on).get(pk=call.id)
        before = Questionnaire.objects.visible_to(call.scope).get(pk=call.data["against_id"])
        return versions.difference(before.questions.in_order(), row.questions.in_order())


def _plain(value: Any) -> Any:
    """What a serializer read, as the plain values that a file would hold."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


class ExtensionFilters(RowFilters):
    """Filters of extensions."""

    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of a company.")
    country = AnyOf("country_id", help_text="ISO code.")

    class Meta:
        model = Extension
        fields: list[str] = []


class ExtensionViews(ListRows, ReadRow, ResourceViews):
    """More time for a year's report; every deadline that reads it moves with it."""

    resource = "extensions"
    tag = TAG
    row = shown.ExtensionRow
    filters = ExtensionFilters
    orderings = {"granted_at": "granted_at", "until": "until"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Extension.objects.visible_to(scope)

    @command(
        body=bodies.ExtensionBody,
        status=201,
        summary="Give more time",
        errors=(403,),
        example={
            "reporting_year": "01890a5d-ac96-774b-bcce-b302099a8057",
            "country": "BE",
            "until": "2027-04-30",
            "reason": "Floods",
        },
    )
    def create(self, call: Call) -> Extension:
        """For a company (its representative or the secretariat), a country or everyone (the secretariat)."""
        return actions.extend(**call.data, actor=call.scope, at=call.at)

    @command(detail=True, if_match="required", summary="Take an extension back", errors=(403, 409))
    def revoke(self, call: Call) -> Extension:
        """Due days are read anew from the extensions that are left."""
        return actions.revoke(extension_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True, body=bodies.ReasonCodeBody, summary="Redact an extension", example={"reason": "names_a_person"}
    )
    def redact(self, call: Call) -> Extension:
        """Its reason goes for good, from stored replies and restores too; its days stay."""
        return actions.redact_extension(
            extension_id=call.uuid, reason_code=call.data["reason"], actor=call.scope, at=call.at
        )
