"""Companies and sites under or near the target over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from rest_framework import serializers

from codesign.api.training_outlook import is_own
from codesign.companies.models import Company
from codesign.training import figures
from codesign.training.kinds import Trend, WatchGroup, WatchState
from codesign.training.watch import Watched, watched
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import API_PREFIX, ReferenceSerializer
from registry.kernel.api.views import query
from registry.kernel.errors import Invalid

MAX_ROWS = 1000


class WatchParams(Body):
    """Which companies or sites."""

    by = serializers.ChoiceField(
        WatchGroup.choices, required=False, default=WatchGroup.COMPANY, help_text="What stands in a line."
    )
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="ISO code of the sites' country.")
    company = RelatedId(
        lambda scope: Company.objects.visible_to(scope), required=False, help_text="Only sites of this company."
    )
    state = serializers.ListField(
        child=serializers.ChoiceField(WatchState.choices),
        required=False,
        max_length=3,
        help_text="May be repeated; under and near the target by default.",
    )
    trend = serializers.ChoiceField(Trend.choices, required=False, help_text="Against a quarter before.")
    margin = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=1, required=False, help_text="Near: less above it; 0.05."
    )
    limit = serializers.IntegerField(min_value=1, max_value=MAX_ROWS, required=False, help_text="100 by default.")
    offset = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, help_text="Lines left out.")
    valid_on = Day(required=False, help_text="The day; today by default.")


class WatchedRow(serializers.Serializer):
    """One company (its sites that you may count) or site."""

    group = ReferenceSerializer()
    state = serializers.ChoiceField(WatchState.choices)
    trend = serializers.ChoiceField(Trend.choices)
    share = serializers.DecimalField(max_digits=3, decimal_places=2)
    share_before = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="91 days before."
    )
    share_ahead = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="In 91 days, if nobody is trained."
    )
    people_missing = serializers.IntegerField(help_text="Valid trainings that it takes to the target.")
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    unknown = serializers.IntegerField()
    coverage_url = serializers.CharField(help_text="The same figure with everything that it counts.")


class WatchAnswer(serializers.Serializer):
    """Who needs a call, the most people missing first."""

    valid_on = serializers.DateField()
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2)
    count = serializers.IntegerField(help_text="Of all that the filters let through.")
    results = WatchedRow(many=True)


class Watch:
    """Adds `watch` to the figures of training."""

    @query(
        params=WatchParams, answer=WatchAnswer, summary="Companies and sites under or near the target.", errors=(400,)
    )
    def watch(self, call: Call) -> dict[str, Any]:
        """With the trend over a quarter; from outside without groups under five people."""
        data = call.data
        target = figures.target_on(call.on)
        if target is None:
            raise Invalid.at("?valid_on", "out_of_range", "No rule is in effect on that day.")
        company, country = data.get("company_id"), data.get("country")
        own = is_own(call.scope, company)
        if data["by"] == WatchGroup.SITE and not own and company is None and country is None:
            raise Invalid.at("?by", "required", "Say which company or country to list sites of.")
        rows = watched(
            call.scope,
            on=call.on,
            by=data["by"],
            target=target,
            margin=data.get("margin", Decimal("0.05")),
            is_own=own,
            company=company,
            country=country,
        )
        states = data.get("state") or {WatchState.UNDER, WatchState.NEAR}
        chosen = [row for row in rows if row.state in states and data.get("trend", row.trend) == row.trend]
        first = data.get("offset", 0)
        return {
            "valid_on": call.on,
            "target_share": target.share,
            "count": len(chosen),
            "results": [_row(row, call, country) for row in chosen[first : first + data.get("limit", 100)]],
        }


def _row(row: Watched, call: Call, country: str | None) -> dict[str, Any]:
    figure, by = row.figure, call.data["by"]
    key = str(figure.key)
    resource = "sites" if by == WatchGroup.SITE else "companies"
    asked = {by: key, "valid_on": call.on.isoformat()} | ({"country": country} if country else {})
    return {
        "group": {"id": key, "url": f"{API_PREFIX}{resource}/{key}/", "display": figure.name},
        "state": row.state,
        "trend": row.trend,
        "share": figure.share,
        "share_before": row.share_before,
        "share_ahead": row.share_ahead,
        "people_missing": row.people_missing,
        "numerator": figure.valid,
        "denominator": figure.denominator,
        "unknown": figure.unknown,
        "coverage_url": f"{API_PREFIX}training/coverage/?{urlencode(asked)}",
    }
