"""What is sent about training."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from codesign.api.fee_bodies import LanguageParams
from codesign.companies.models import Company, Site
from codesign.training.kinds import CorrectionReason, CourseKind, CourseProvider, CoverageCut, Employment, StaffRole
from codesign.training.models import Course
from members.countries.models import Country
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
# Whoever shifts a column puts a name where a role belongs: no message repeats what was sent.
_QUIET: dict[str, Any] = {"invalid_choice": _("This is not one of the values that this field takes.")}


class StaffItem(Body):
    """One person as a roster has them. Ids are looked up for the whole list at once."""

    reference = serializers.CharField(max_length=200, help_text="The company's own number or code; never a name.")
    site = serializers.UUIDField()
    role = serializers.ChoiceField(StaffRole.choices, error_messages=_QUIET)
    employment = serializers.ChoiceField(Employment.choices, required=False, error_messages=_QUIET)
    language = serializers.RegexField(LANGUAGE_TAG, max_length=10, required=False, allow_blank=True)
    hired_on = Day()
    left_on = Day(required=False, allow_null=True, help_text="Last day at work. Not sent: as it is. Null: still there.")
    since = Day(required=False, help_text="From when a new site, role or employment counts; today by default.")


class NumberBody(Body):
    """So many people of one site and role, to be numbered."""

    site = RelatedId(lambda scope: Site.objects.visible_to(scope))
    role = serializers.ChoiceField(StaffRole.choices)
    count = serializers.IntegerField(min_value=1, max_value=500)
    hired_on = Day()
    employment = serializers.ChoiceField(Employment.choices, required=False)
    language = serializers.RegexField(LANGUAGE_TAG, max_length=10, required=False, allow_blank=True)


class TickListParams(LanguageParams):
    """Whose people, and for which course."""

    site = RelatedId(lambda scope: Site.objects.visible_to(scope), help_text="The site whose people are listed.")
    course = RelatedId(
        lambda scope: Course.objects.visible_to(scope), required=False, help_text="Printed on top; else a line to fill."
    )


class CompletionItem(Body):
    """One person completed one course on one day."""

    reference = serializers.CharField(max_length=200, help_text="Employee reference.")
    course = serializers.CharField(max_length=60, help_text="Code of the course.")
    completed_on = Day()
    company = serializers.UUIDField(required=False, help_text="Needed only by a caller that has several.")


class TransferBody(Body):
    """Another site of the same company."""

    site = serializers.UUIDField()
    since = Day()
    role = serializers.ChoiceField(StaffRole.choices, required=False, error_messages=_QUIET)


class LeaveBody(Body):
    """The end of an employment."""

    left_on = Day(help_text="The last day at work.")


class CorrectionBody(Body):
    """Why a completion is superseded, and what stands in its place: nothing without a day or a course."""

    reason = serializers.ChoiceField(CorrectionReason.choices)
    completed_on = Day(required=False)
    course = RelatedId(lambda scope: Course.objects.visible_to(scope), required=False)


class Names(serializers.DictField):
    """A text in one or several languages."""

    child = serializers.CharField(max_length=200)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        names = super().to_internal_value(data)
        if not names or not set(names) <= {"en", "fr", "nl", "de", "es"}:
            raise serializers.ValidationError(_("Texts in one or more of en, fr, nl, de, es."), "bad_languages")
        return names


class CoursePatch(Body):
    """What may change of a course; kind and code stay, as completions rest on them."""

    names = Names()
    provider = serializers.ChoiceField(CourseProvider.choices)
    languages = serializers.ListField(child=serializers.RegexField(LANGUAGE_TAG, max_length=10), max_length=100)
    duration_minutes = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True)
    audiences = serializers.ListField(child=serializers.ChoiceField(StaffRole.choices), max_length=20)
    edition = serializers.CharField(max_length=20, allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class CourseBody(Body):
    """A new course."""

    code = serializers.RegexField(r"^[a-z0-9][a-z0-9._-]*$", max_length=60)
    names = Names()
    kind = serializers.ChoiceField(CourseKind.choices)
    provider = serializers.ChoiceField(CourseProvider.choices)
    company = RelatedId(
        lambda scope: Company.objects.visible_to(scope), required=False, help_text="Not sent: for everyone."
    )
    languages = serializers.ListField(
        child=serializers.RegexField(LANGUAGE_TAG, max_length=10), max_length=100, required=False
    )
    duration_minutes = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    audiences = serializers.ListField(
        child=serializers.ChoiceField(StaffRole.choices),
        max_length=20,
        required=False,
        help_text="Not sent: all roles.",
    )
    edition = serializers.CharField(max_length=20, required=False, allow_blank=True)


class HeadCountSessionBody(Body):
    """A session of which only the number of heads is known."""

    site = RelatedId(lambda scope: Site.objects.visible_to(scope))
    course = RelatedId(lambda scope: Course.objects.visible_to(scope))
    held_on = Day()
    attendance = serializers.IntegerField(min_value=1, max_value=100_000)


class RequirementBody(Body):
    """A draft of a rule. What is not sent has the register's default."""

    role = serializers.ChoiceField(StaffRole.choices, required=False, allow_blank=True)
    country = RelatedCode(lambda scope: Country.objects.all(), required=False)
    validity_months = serializers.IntegerField(min_value=1, max_value=240, required=False)
    refresher_months = serializers.IntegerField(min_value=0, max_value=240, required=False)
    grace_days = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    seasonal_grace_days = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    yearly_window = serializers.BooleanField(required=False)
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2, min_value=0, max_value=1, required=False)
    grace_flag_share = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=1, required=False
    )
    effective_from = Day()


class RequirementPatch(RequirementBody):
    """What changes of a draft."""

    effective_from = Day(required=False)


class CoverageParams(Body):
    """What coverage is asked for."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope), required=False, help_text="Only this company.")
    site = RelatedId(lambda scope: Site.objects.visible_to(scope), required=False, help_text="Only this site.")
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="ISO code of the sites' country.")
    role = serializers.ChoiceField(StaffRole.choices, required=False, help_text="Only staff of this role.")
    by = serializers.ChoiceField(CoverageCut.choices, required=False, help_text="Cut into groups by this.")
    valid_on = Day(required=False, help_text="The day; today by default.")
