"""What is read about training."""

from __future__ import annotations

from rest_framework import serializers

from codesign.training.actions.items import ItemStatus
from codesign.training.kinds import (
    CompletionSource,
    CorrectionReason,
    CourseKind,
    CourseProvider,
    Employment,
    StaffRole,
    TrainingStatus,
)
from registry.kernel.api.rows import Ref, RowSerializer, Translated


class StaffRow(RowSerializer):
    """One person at work. From outside the company `reference`, `language` and `left_on` are null."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    reference = serializers.CharField(
        source="shown_reference", allow_null=True, help_text="The company's own; null for readers from outside."
    )
    site = Ref("sites", "day_site", "day_site_name", help_text="On the day asked about, else the last one.")
    country = serializers.CharField(source="day_country", help_text="Of the site.")
    role = serializers.ChoiceField(StaffRole.choices, source="day_role")
    employment = serializers.ChoiceField(Employment.choices, source="day_employment")
    language = serializers.CharField(source="shown_language", allow_null=True)
    hired_on = serializers.DateField()
    left_on = serializers.DateField(source="shown_left_on", allow_null=True)
    status = serializers.ChoiceField(
        TrainingStatus.choices, source="tile__status", allow_null=True, help_text="Null: not in scope on the day."
    )
    status_since = serializers.DateField(source="tile__first_day", allow_null=True)
    status_until = serializers.DateField(
        source="tile_until", allow_null=True, help_text="The last day of this status; null while none is known."
    )
    version = serializers.IntegerField()


class CompletionRow(RowSerializer):
    """One person completed one course on one day."""

    id = serializers.UUIDField()
    staff_member = Ref("staff", "staff_member_id", "staff_member__reference")
    course = Ref("courses", "course_id", "course__names")
    completed_on = serializers.DateField()
    source = serializers.ChoiceField(CompletionSource.choices)  # type: ignore[assignment]
    session = Ref("sessions", "session_id", "session__held_on", allow_null=True, help_text="Where it was ticked.")
    recorded_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="Null: it counts.")
    superseded_reason = serializers.ChoiceField(CorrectionReason.choices, allow_blank=True)
    corrects = Ref("completions", "corrects_id", "corrects__completed_on", allow_null=True)


class CourseRow(RowSerializer):
    """Something that staff can complete."""

    id = serializers.UUIDField()
    company = Ref(
        "companies", "company_id", "company__organisation__name", allow_null=True, help_text="Null: for everyone."
    )
    code = serializers.CharField()
    name = Translated("names")
    names = serializers.DictField(child=serializers.CharField())
    kind = serializers.ChoiceField(CourseKind.choices)
    provider = serializers.ChoiceField(CourseProvider.choices)
    languages = serializers.ListField(child=serializers.CharField())
    duration_minutes = serializers.IntegerField(allow_null=True)
    audiences = serializers.ListField(
        child=serializers.ChoiceField(StaffRole.choices), help_text="Roles at work that it is made for; empty: all."
    )
    edition = serializers.CharField(help_text="Of the material, as its makers count; may be empty.")
    version = serializers.IntegerField()


class HeadCountSessionRow(RowSerializer):
    """So many people attended, nobody knows who; in no person-based figure."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    site = Ref("sites", "site_id", "site__name")
    course = Ref("courses", "course_id", "course__names")
    held_on = serializers.DateField()
    attendance = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()


class RequirementRow(RowSerializer):
    """What a scheme asks from a day on."""

    id = serializers.UUIDField()
    scheme = serializers.CharField()
    role = serializers.ChoiceField(StaffRole.choices, allow_blank=True, help_text="Empty: everybody.")
    country = serializers.CharField(source="country_id", allow_null=True, help_text="Null: everywhere.")
    validity_months = serializers.IntegerField()
    refresher_months = serializers.IntegerField()
    grace_days = serializers.IntegerField()
    seasonal_grace_days = serializers.IntegerField()
    yearly_window = serializers.BooleanField()
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2)
    grace_flag_share = serializers.DecimalField(max_digits=3, decimal_places=2)
    effective_from = serializers.DateField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="Null: a draft that counts for nothing.")
    source = serializers.CharField()  # type: ignore[assignment]
    version = serializers.IntegerField()


class ItemFault(serializers.Serializer):
    """One thing wrong with one item. The message never repeats a refused value."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ItemAnswer(serializers.Serializer):
    """What became of one item of a list."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(ItemStatus.choices)
    id = serializers.UUIDField(allow_null=True)
    errors = ItemFault(many=True)  # type: ignore[assignment]


class NumberedAnswer(serializers.Serializer):
    """Somebody new and the number to write beside the name, on the hotel's own paper."""

    id = serializers.UUIDField()
    reference = serializers.CharField()


class CountAnswer(serializers.Serializer):
    """A count and the list of exactly what was counted."""

    value = serializers.IntegerField(allow_null=True)
    rows = serializers.CharField(allow_null=True, help_text="Null for readers of totals, and where suppressed.")


class CountedRows(serializers.Serializer):
    """Where the people behind each count are listed. Nobody is on a list who is unknown."""

    in_scope = serializers.CharField(allow_null=True)
    in_grace = serializers.CharField(allow_null=True)
    valid = serializers.CharField(allow_null=True)
    lapsed = serializers.CharField(allow_null=True)
    never_trained = serializers.CharField(allow_null=True)


class CoverageFigure(serializers.Serializer):
    """Coverage of one group on one day."""

    group = serializers.CharField(allow_null=True, help_text="Key of the group; null: all, or nobody's role.")
    display = serializers.CharField(allow_blank=True)
    value = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="Share, 0 to 1, cut to two places."
    )
    numerator = CountAnswer(help_text="Holding a valid completion.")
    denominator = CountAnswer(
        help_text="In scope without those in grace and untrained, and the unknown, who have no row."
    )
    in_scope = serializers.IntegerField(allow_null=True)
    in_grace = serializers.IntegerField(allow_null=True, help_text="In grace and untrained: in neither number.")
    lapsed = serializers.IntegerField(allow_null=True)
    never_trained = serializers.IntegerField(allow_null=True)
    unknown = serializers.IntegerField(
        allow_null=True, help_text="In the sites' head counts and on no roster; null where cut by role."
    )
    in_grace_share = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    is_grace_flagged = serializers.BooleanField()
    is_below_target = serializers.BooleanField(allow_null=True)
    rows = CountedRows(help_text="Null for readers of totals, and where suppressed.")
    suppressed = serializers.BooleanField(help_text="So few people that the counts would point at them.")


class CoverageAnswer(serializers.Serializer):
    """Coverage on a day."""

    definition = serializers.CharField()
    valid_on = serializers.DateField()
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    total = CoverageFigure()
    groups = CoverageFigure(many=True)
