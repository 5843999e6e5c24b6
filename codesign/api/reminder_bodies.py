"""What is sent about reminders: drafts of rules, assumptions, periods, questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from codesign.companies.models import CodeMembership, Company, CompanyCategory
from codesign.reminders.forecasting import GROUPS
from codesign.reminders.models import ReminderClass, ReminderKind, ReminderRule
from codesign.standing.rules import Standing
from members.countries.models import Country
from members.people.models import ContactLanguage, ContactRole
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

MOST_STEPS, MOST_MEMBERSHIPS, MOST_ASSUMPTIONS = 40, 1000, 50
HOURS: dict[str, Any] = {"min_value": 0, "max_value": 23, "required": False}


class StepBody(Body):
    """One step of a rule to one role."""

    offset_days = serializers.IntegerField(min_value=-400, max_value=400, help_text="Before the anchor when negative.")
    contact_role = serializers.ChoiceField(ContactRole.choices)
    repeat_days = serializers.IntegerField(min_value=1, max_value=366, required=False, allow_null=True)
    repeat_times = serializers.IntegerField(min_value=0, max_value=60, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("repeat_days")) != bool(attrs.get("repeat_times")):
            raise serializers.ValidationError(
                {"repeat_times": "Say both how often and how far apart, or neither."}, code="repeats_half_said"
            )
        return attrs


class RuleFields(Body):
    """What a draft says besides its code and kind."""

    binding = serializers.ChoiceField(ReminderClass.choices, required=False)
    names = serializers.DictField(
        child=serializers.CharField(max_length=200), allow_empty=False, help_text="Language → name."
    )
    categories = serializers.ListField(
        child=serializers.ChoiceField(CompanyCategory.choices), required=False, max_length=20
    )
    countries = serializers.ListField(
        child=serializers.RegexField(r"^[A-Z]{2}$"),
        required=False,
        max_length=250,
        help_text="Of the company; empty: all. In `country` the rule stands in for the one for everywhere.",
    )
    standings = serializers.ListField(
        child=serializers.ChoiceField(Standing.choices),
        required=False,
        max_length=len(Standing),
        help_text="Of the company, as last counted; empty: all.",
    )
    schemes = serializers.ListField(
        child=serializers.SlugField(max_length=20),
        required=False,
        max_length=20,
        help_text="Of memberships; empty: all.",
    )
    moves_off_weekends = serializers.BooleanField(required=False)
    hour = serializers.IntegerField(**HOURS)
    quiet_from = serializers.IntegerField(**HOURS)
    quiet_until = serializers.IntegerField(**HOURS)
    late_days = serializers.IntegerField(min_value=0, max_value=400, required=False, allow_null=True)
    is_urgent = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(min_value=1, max_value=9, required=False)
    cap_per_run = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    effective_from = Day(help_text="Today or later when it is published: a rule does not back-fill.")
    steps = serializers.ListField(child=StepBody(), allow_empty=False, max_length=MOST_STEPS)

    def validate_names(self, names: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(names) - set(ContactLanguage.values)):
            raise serializers.ValidationError(f"No such language: {', '.join(unknown)[:100]}.", code="unknown_language")
        return names

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        said = [(step["offset_days"], step["contact_role"]) for step in steps]
        if len(set(said)) < len(said):
            raise serializers.ValidationError("A step is said once for each role.", code="repeated_step")
        return steps


class RuleBody(RuleFields):
    """A draft: the next version of its code."""

    code = serializers.SlugField(max_length=40)
    kind = serializers.ChoiceField(ReminderKind.choices)
    country = RelatedCode(
        lambda scope: Country.objects.all(), required=False, allow_null=True, help_text="In whose place it stands."
    )


class RuleChanges(RuleFields):
    """What of a draft is to be otherwise."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False


class RetireBody(Body):
    """From when on a rule plans nothing."""

    on = Day(help_text="The first day on which it plans nothing; today or later.")


class PauseBody(Body):
    """Why everything stops."""

    reason = serializers.CharField(max_length=200)


class ReleaseBody(Body):
    """Which muted memberships begin to be reminded."""

    memberships = serializers.ListField(
        child=RelatedId(lambda scope: CodeMembership.objects.visible_to(scope)),
        allow_empty=False,
        max_length=MOST_MEMBERSHIPS,
    )


class AssumptionBody(Body):
    """What if a company does what it owes on a day, has until another day, or is released."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    kind = serializers.ChoiceField(ReminderKind.choices, required=False, help_text="Of which rules; all when left out.")
    done_on = Day(required=False, help_text="It does what is asked for on that day.")
    due_on = Day(required=False, help_text="What is asked for has until that day; with `kind`.")
    released_on = Day(required=False, help_text="It is muted until that day, and no longer.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"done_on", "due_on", "released_on"} & set(attrs):
            raise serializers.ValidationError({"done_on": "Say what is assumed."}, code="required")
        if "due_on" in attrs and "kind" not in attrs:
            raise serializers.ValidationError({"kind": "Say which deadline moves."}, code="required")
        return attrs


class RehearsalBody(Body):
    """A draft of a rule, or assumptions, or both; and until when to look."""

    rule = RelatedId(lambda scope: ReminderRule.objects.visible_to(scope), required=False)
    assumptions = serializers.ListField(child=AssumptionBody(), required=False, max_length=MOST_ASSUMPTIONS)
    until = Day(required=False, help_text="Last day; 90 days ahead when left out, 400 at most.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("rule_id") and not attrs.get("assumptions"):
            raise serializers.ValidationError({"rule": "Give a draft, or an assumption."}, code="required")
        return attrs


class ForecastParams(Body):
    """The period of a forecast: whole days, UTC; from now on when `from` is left out."""

    # A word of Python: it can't be written as a name.
    locals()["from"] = Day(required=False, source="since", help_text="First day; now when left out.")
    to = Day(required=False, source="until", help_text="Last day; 90 days ahead when left out, 400 at most.")
    rule = serializers.CharField(max_length=40, required=False, help_text="Code of one rule; all when left out.")
    organisation = serializers.UUIDField(required=False, help_text="One organisation; all when left out.")
    group_by = serializers.ChoiceField(GROUPS, required=False, help_text="Count by this as well.")


class ExplainParams(Body):
    """Which rule and which subject to explain."""

    rule = serializers.CharField(max_length=40, help_text="Code of the rule.")
    subject = serializers.UUIDField(help_text="Id of the subject, such as a report obligation.")
    recipient = serializers.UUIDField(required=False, help_text="Id of one contact.")
    at = serializers.DateTimeField(required=False, help_text="As of this moment; now when left out.")

    def validate_at(self, at: datetime) -> datetime:
        if not 1900 <= at.year <= 2200:
            raise serializers.ValidationError("A moment lies between 1900 and 2200.", code="out_of_range")
        return at


class ExplainDayParams(Body):
    """Which rule and which day to explain."""

    rule = serializers.CharField(max_length=40, help_text="Code of the rule.")
    on = Day(help_text="The day, UTC.")
