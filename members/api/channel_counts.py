"""Yearly counts of the reports that channels received."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members.api import channel_bodies as bodies
from members.api.filters import CountryIs
from members.channels import actions
from members.channels.models import ChannelCount
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Computed, Ref, RowSerializer
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class ChannelCountRow(RowSerializer):
    """A figure that was published: how many reports a channel received in a year."""

    id = serializers.UUIDField()
    channel = Ref("reporting-channels", "channel_id", "channel__name")
    country = serializers.CharField(source="channel.country_id", allow_null=True, help_text="ISO code of the channel.")
    year = serializers.IntegerField()
    value = serializers.IntegerField()
    definition = serializers.CharField(
        help_text="What was counted: channels count differently, so nothing is added up."
    )
    as_of = Computed(
        ("year",), lambda row: date(row[0], 12, 31), serializers.DateField(), help_text="Last day of the year."
    )
    source = serializers.CharField()  # type: ignore[assignment]


class ChannelCountFilters(RowFilters):
    """Filters of counts."""

    channel = AnyOf("channel_id", kind=forms.UUIDField(), help_text="Id of the channel.")
    country = CountryIs("channel__country_id", help_text="ISO code of the channel.")
    year = AnyOf("year", kind=forms.IntegerField(min_value=1990, max_value=2200), help_text="Year that was counted.")

    class Meta:
        model = ChannelCount
        fields: list[str] = []


class ChannelCountViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """How many reports channels received, by year, with what was counted and the source. Never a case."""

    resource = "channel-counts"
    model = ChannelCount
    tag = "Reporting channels"
    row = ChannelCountRow
    filters = ChannelCountFilters
    orderings = {"year": "year", "channel": "channel__name"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return ChannelCount.objects.visible_to(scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return ChannelCount.objects.kept_by(scope)

    @command(
        body=bodies.ChannelCountBody,
        summary="Record how many reports a channel received in a year.",
        errors=(409,),
        example={
            "channel": "01936f5e-0000-7000-8000-000000000001",
            "year": 2018,
            "value": 1728,
            "definition": "Reports received in the year about images online.",
            "source": "https://hotline.example/yearly-report-2018",
        },
    )
    def create(self, call: Call) -> Any:
        return actions.record_count(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.ChannelCountPatch,
        if_match="required",
        summary="Put a count right.",
        example={"value": 1728, "source": "https://hotline.example/yearly-report-2018"},
    )
    def update(self, call: Call) -> Any:
        return actions.correct_count(
            count_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
