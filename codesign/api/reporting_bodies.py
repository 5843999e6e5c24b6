"""What is sent to reporting."""

from __future__ import annotations

from rest_framework import serializers

from codesign.companies.models import Company
from codesign.reporting.models import ReportingYear
from members.countries.models import Country
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId


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
