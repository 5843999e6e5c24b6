"""The answer to: what would this requirement do?"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from codesign.training.kinds import StaffRole, TrainingStatus
from codesign.training.previews import CompanyEffect, Preview, RoleEffect
from registry.kernel.api.rows import API_PREFIX, ReferenceSerializer


class StatusCounts(serializers.Serializer):
    """People by where they stand."""

    valid = serializers.IntegerField()
    in_grace = serializers.IntegerField()
    lapsed = serializers.IntegerField()
    never_trained = serializers.IntegerField()


class LapsingMonth(serializers.Serializer):
    """Whose training the rule would end in a month while the present rules would not."""

    month = serializers.DateField(help_text="Its first day.")
    people = serializers.IntegerField()


class RoleEffectAnswer(serializers.Serializer):
    """People of one role whom the rule would be for."""

    role = serializers.ChoiceField(StaffRole.choices)
    people = serializers.IntegerField()
    before = StatusCounts(help_text="On the first day, by the present rules.")
    after = StatusCounts(help_text="On the first day, by this one.")
    lapsing = LapsingMonth(many=True)


class CompanyEffectAnswer(serializers.Serializer):
    """A company that would drop under target."""

    company = ReferenceSerializer()
    share_before = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    share_after = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)


class PreviewAnswer(serializers.Serializer):
    """What a requirement would do from its first day on."""

    effective_from = serializers.DateField()
    people = serializers.IntegerField(help_text="Whom it would be for, on its first day.")
    companies = serializers.IntegerField(help_text="Where they work.")
    target_before = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    target_after = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    by_role = RoleEffectAnswer(many=True)
    companies_dropping = serializers.IntegerField(help_text="That would fall under target.")
    companies_rising = serializers.IntegerField(help_text="That would no longer be under it.")
    dropping = CompanyEffectAnswer(many=True, help_text="The first thousand, the largest first.")


def preview_answer(found: Preview) -> dict[str, Any]:
    """The preview as it is answered."""
    return {
        "effective_from": found.on,
        "people": sum(sum(effect.after.values()) for effect in found.roles),
        "companies": found.companies,
        "target_before": found.target_before.share if found.target_before else None,
        "target_after": found.target_after.share if found.target_after else None,
        "by_role": [_role(effect) for effect in found.roles],
        "companies_dropping": found.dropping_count,
        "companies_rising": found.rising_count,
        "dropping": [_company(effect) for effect in found.dropping],
    }


def _role(effect: RoleEffect) -> dict[str, Any]:
    return {
        "role": effect.role,
        "people": sum(effect.after.values()),
        "before": {status.value: effect.before[status.value] for status in TrainingStatus},
        "after": {status.value: effect.after[status.value] for status in TrainingStatus},
        "lapsing": [{"month": month, "people": people} for month, people in sorted(effect.lapsing.items())],
    }


def _company(effect: CompanyEffect) -> dict[str, Any]:
    key = str(effect.company_id)
    return {
        "company": {"id": key, "url": f"{API_PREFIX}companies/{key}/", "display": effect.name},
        "share_before": effect.before.share,
        "share_after": effect.after.share,
    }
