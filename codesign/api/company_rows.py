"""What is shown of companies, sites, memberships, decisions and the public register."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from codesign.api.recognition_rows import PublicAwardRow
from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CompanyCategory, NodeKind, RevenueBand, SiteKind
from codesign.companies.register import PublicStatus
from codesign.criteria.rules import CriterionState, states_in
from codesign.recognition.models import Award
from codesign.reporting.lifecycle import ReportState
from codesign.standing.rules import Standing
from codesign.training.rules import cut_share
from registry.kernel.api.rows import Computed, Many, Ref, RowSerializer


class CriterionProgressSerializer(serializers.Serializer):
    """How far one criterion is."""

    number = serializers.IntegerField(min_value=1, max_value=6)
    state = serializers.ChoiceField(CriterionState.choices)


def criteria_field() -> Computed:
    """The six criteria by the plan: met only when every action on it is verified."""
    return Computed(
        ("criteria_letters",),
        lambda row: states_in(row[0]),
        CriterionProgressSerializer(many=True),
        help_text="By the plan alone: `met` when every action on the criterion is verified.",
    )


class LatestReportSerializer(serializers.Serializer):
    """The newest year on which a company has begun to report."""

    id = serializers.UUIDField()
    year = serializers.IntegerField()
    state = serializers.ChoiceField(ReportState.choices, help_text="As it is now.")
    due_on = serializers.DateField(allow_null=True, help_text="With extensions; null where the year was not owed.")


class TrainingShareSerializer(serializers.Serializer):
    """How many of those who should hold a valid training do."""

    value = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="0 to 1, cut; null without anybody to count."
    )
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()


def _latest_report(row: tuple[Any, ...]) -> dict[str, Any] | None:
    key, year, state, due_on = row
    return None if key is None else {"id": key, "year": year, "state": state, "due_on": due_on}


def _training_share(row: tuple[Any, ...]) -> dict[str, Any]:
    valid, denominator = row
    return {"value": cut_share(valid, denominator), "numerator": valid, "denominator": denominator}


class CompanyRow(RowSerializer):
    """A company with the membership that stands for it and its figures on the day."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="organisation.name")
    organisation = Ref("organisations", "pk", "organisation__name")
    country = serializers.CharField(source="organisation.country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices)
    node = serializers.ChoiceField(NodeKind.choices, help_text="What it is in the tree of its group.")
    is_demo = serializers.BooleanField(source="organisation.is_demo", help_text="Fictional, for showing.")
    is_profile_public = serializers.BooleanField()
    offers_residential_care = serializers.BooleanField()
    revenue_band = serializers.ChoiceField(RevenueBand.choices, allow_blank=True)
    revenue_band_confirmed_on = serializers.DateField(allow_null=True)
    membership_id = serializers.UUIDField(source="current.id", allow_null=True)
    state = serializers.ChoiceField(MembershipState.choices, source="current_state", allow_null=True)
    number = serializers.CharField(source="current.number", allow_null=True)
    member_since = serializers.DateField(source="current.member_since", allow_null=True)
    representative = Ref("organisations", "current_representative_id", "current__representative__name", allow_null=True)
    criteria = criteria_field()
    standing = serializers.ChoiceField(
        Standing.choices, allow_null=True, help_text="The gravest finding on the day; null for one that was no member."
    )
    latest_report = Computed(
        ("latest_report_id", "latest_report_year", "latest_report_state", "latest_report_due_on"),
        _latest_report,
        LatestReportSerializer(allow_null=True),
        allow_null=True,
        help_text="Of the newest year that it has begun; null before the first.",
    )
    training = Computed(
        ("training_valid", "training_denominator"),
        _training_share,
        TrainingShareSerializer(),
        help_text="Staff with a valid training ÷ staff in scope on the day.",
    )
    site_count = serializers.IntegerField(help_text="Sites open on the day.")
    staff_count = serializers.IntegerField(allow_null=True, help_text="Their staff; null when no site gave a count.")
    counted_site_count = serializers.IntegerField(help_text="Sites whose staff is in `staff_count`.")


class SiteRow(RowSerializer):
    """A place where a company's people work."""

    id = serializers.UUIDField()
    company = Ref("companies", "owner_id", "owner_name", help_text="Whose it was on the day.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(SiteKind.choices)
    country = serializers.CharField(source="country_id")
    zone = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True, help_text="The last day that it was open.")
    owned_since = serializers.DateField(
        allow_null=True, help_text="First day under its present company; null: always, as far as known."
    )
    staff_count = serializers.IntegerField(allow_null=True, help_text="Head count on the day; null when unknown.")


class HeadCountRow(RowSerializer):
    """How many people worked at a site in a period."""

    id = serializers.UUIDField()
    staff_count = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="When another count took its place.")


class DecisionRow(RowSerializer):
    """One move of one membership."""

    id = serializers.UUIDField()
    membership = Ref("code-memberships", "membership_id", "membership__company__organisation__name")
    company = Ref("companies", "membership__company_id", "membership__company__organisation__name")
    move = serializers.ChoiceField(Move.choices)
    from_state = serializers.ChoiceField(MembershipState.choices)
    to_state = serializers.ChoiceField(MembershipState.choices)
    effective_on = serializers.DateField()
    reason_code = serializers.CharField()
    text = serializers.CharField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="actor_label", help_text="Role and organisation.")
    facts = serializers.DictField(help_text="What was known when it was taken: ids, days, counts.")
    overturns_id = serializers.UUIDField(allow_null=True, help_text="The decision that this one undoes.")


class MemberRow(RowSerializer):
    """A member as everybody may know it: decided facts alone."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="company.organisation.name")
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices, source="company.category")
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(PublicStatus.choices, source="public_status")
    member_since = serializers.DateField()
    suspended_since = serializers.DateField(allow_null=True)
    former_since = serializers.DateField(allow_null=True)
    website = Computed(
        ("company__is_profile_public", "company__organisation__website"),
        lambda row: row[1] if row[0] else "",
        serializers.CharField(),
        help_text="Empty when the member hides its profile.",
    )
    top_member_year = serializers.IntegerField(
        allow_null=True, help_text="Newest year for which it is Top Member; null for none."
    )
    awards = Many(
        PublicAwardRow, lambda scope, on: Award.objects.public_on(on), by="membership_id", order=("-year", "pk")
    )
    is_demo = serializers.BooleanField(source="company.organisation.is_demo", help_text="Fictional, for showing.")
