"""What is sent to reporting."""

from __future__ import annotations

import base64
import io
from typing import Any

from rest_framework import serializers

from codesign.companies.models import Company
from codesign.reporting.lifecycle import ReportPart
from codesign.reporting.models import ReportingYear
from members.countries.models import Country
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId
from registry.kernel.api.documents import DocumentFile
from registry.kernel.documents.rules import checked

CODE = r"^[a-z][a-z0-9_]*$"


class ReportingYearBody(Body):
    """A year to open."""

    year = serializers.IntegerField(min_value=1900, max_value=2199)


class ExtensionBody(Body):
    """More time: for `company`, for `country`, or for everyone when both are left out."""

    reporting_year = RelatedId(lambda scope: ReportingYear.objects.visible_to(scope))
    company = RelatedId(lambda scope: Company.objects.visible_to(scope), required=False)
    country = RelatedCode(lambda scope: Country.objects.all(), required=False)
    until = Day()
    reason = serializers.CharField(max_length=500)


class ReportBody(Body):
    """A report to begin."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    year = serializers.IntegerField(min_value=1900, max_value=2199, help_text="The year that it is about.")
    by_site = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text="Whether each site has a return of its own; left out: where they lie in several countries.",
    )


class SectionBody(Body):
    """Answers of one section; what is left out stays as it is."""

    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        allow_empty=False,
        help_text=(
            "Question code → value; null clears an answer: unknown, never zero. In a report by site, what sites "
            "answer is a table: site id → value."
        ),
    )
    comments = serializers.DictField(
        child=serializers.CharField(max_length=1000),
        required=False,
        help_text="Question code → why the figure is far from last year's.",
    )


class ReturnBody(Body):
    """What to look at again."""

    comments = serializers.DictField(
        child=serializers.CharField(max_length=1000), allow_empty=False, help_text="Question code → comment."
    )


class ReportCorrectionBody(Body):
    """Why an accepted report is taken up again."""

    reason = serializers.CharField(max_length=500)


class PublicityBody(Body):
    """Which answers the public may read once the report is published."""

    questions = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=300, help_text="Codes of questions; empty: none."
    )


class ReportFileBody(Body):
    """A file that an answer will name: by a form, or as JSON with its content in base64."""

    file = DocumentFile(required=False)
    name = serializers.CharField(max_length=150, required=False, help_text="Of a file sent as JSON, with its ending.")
    content = serializers.CharField(required=False, help_text="Of a file sent as JSON: base64.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The file as an `Upload`, whichever way it came."""
        if ("file" in attrs) == ("content" in attrs):
            raise serializers.ValidationError({"file": "Send a file by a form, or name and content."}, "one_file")
        if "file" in attrs:
            return {"file": attrs["file"]}
        try:
            content = base64.b64decode(attrs["content"], validate=True)
        except ValueError as error:
            raise serializers.ValidationError({"content": "This is not base64."}, "malformed_base64") from error
        name = attrs.get("name", "")
        return {"file": checked(io.BytesIO(content), name=name, size_bytes=len(content), pointer="/content")}


class RedactBody(Body):
    """A part of a report is taken away for good, from every copy."""

    part = serializers.ChoiceField(ReportPart.choices, default=ReportPart.QUESTION.value)
    question = serializers.CharField(max_length=60, required=False, help_text="Its code, where `part` is `question`.")
    reason = serializers.RegexField(CODE, max_length=40, help_text="Reason code: lower case and underscores.")


class ReasonCodeBody(Body):
    """Why something is emptied; a code, for words could tell again what must go."""

    reason = serializers.RegexField(CODE, max_length=40, help_text="Reason code: lower case and underscores.")


class ReopenBody(Body):
    """What the site is to look at again; may be empty."""

    comments = serializers.DictField(
        child=serializers.CharField(max_length=1000), required=False, help_text="Question code → comment."
    )


class SliceReturnBody(ReturnBody):
    """What to look at again, and at which sites of the slice."""

    sites = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=1000, help_text="Left out: all of the slice."
    )


class ReturnLinkBody(Body):
    """A link to one site's return."""

    holder = serializers.CharField(max_length=100, help_text="A function, such as front office; never a name.")
    days = serializers.IntegerField(min_value=1, max_value=120, help_text="How long it opens.")
