"""Reporting channels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.request import Request

from members import refs
from members.api import channel_bodies as bodies
from members.api.changes import ChangesOfOrganisationRows
from members.api.filters import CountryIs, Flag
from members.channels import actions
from members.channels.models import ReportingChannel
from members.channels.routing import Choice, find
from members.channels.rules import SENTENCES, ChannelAbout, ChannelKind, ChannelReason
from members.countries.models import Country
from members.scope import Scope
from registry.kernel.api.bodies import Body, RelatedCode
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.operations import Operation
from registry.kernel.api.rows import API_PREFIX, Ref, ReferenceSerializer, RowSerializer, in_language
from registry.kernel.api.statements import KeptStatements
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

# A corrected number reaches everybody within the hour; until then no server has to be asked twice.
KEPT_SECONDS = 3600


class ReportingChannelRow(RowSerializer):
    """A line, form or number that takes reports."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(ChannelKind.choices)
    about = serializers.ChoiceField(ChannelAbout.choices)
    country = serializers.CharField(
        source="country_id", allow_null=True, help_text="ISO code; null beyond one country."
    )
    country_name = refs.country_name()
    is_eu_wide = serializers.BooleanField(help_text="In the whole European Union.")
    contact = serializers.CharField(source="url", help_text="Web address, or a number as `tel:`.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags; empty: not known.")
    covers = serializers.CharField()
    what_it_takes = serializers.CharField(help_text="What a report needs.")
    handling = serializers.CharField(help_text="What becomes of a report.")
    organisation = Ref(
        "organisations",
        "shown_organisation_id",
        "shown_organisation_name",
        allow_null=True,
        help_text="Who runs it; null where it is not listed for its safety.",
    )
    linked_group = Ref("groups", "linked_group_id", "linked_group__name", allow_null=True)
    checked_on = serializers.DateField(allow_null=True, help_text="Last seen to work; null: not since it was entered.")
    is_stale = serializers.BooleanField(help_text="Nobody has checked it for six months: ranked below the router.")
    closed_on = serializers.DateField(allow_null=True, help_text="First day without reports; null while it takes them.")
    source = serializers.CharField()  # type: ignore[assignment]


class ReportingChannelFilters(RowFilters):
    """Filters of channels."""

    country = CountryIs("country_id")
    kind = AnyOf("kind", choices=ChannelKind, help_text="Who is at the other end.")
    about = AnyOf("about", choices=ChannelAbout, help_text="What is reported.")
    is_eu_wide = Flag("is_eu_wide", help_text="In the whole European Union, or all others.")
    is_stale = Flag("is_stale", help_text="Unchecked for six months, or all others.")

    class Meta:
        model = ReportingChannel
        fields: list[str] = []


class FindParameters(Body):
    """Where it happened, where the witness lives, and what it is about. Never what happened."""

    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), help_text="Where it happened: ISO code.")
    residence = RelatedCode(
        lambda scope: Country.objects.visible_to(scope), required=False, help_text="Where the witness lives: ISO code."
    )
    about = serializers.ChoiceField(ChannelAbout.choices, default=ChannelAbout.TRAVEL)


class ChannelChoiceAnswer(serializers.Serializer):
    """One channel to turn to, and why."""

    channel = ReferenceSerializer(allow_null=True, help_text="Null where only the local police can help.")
    kind = serializers.ChoiceField(ChannelKind.choices, allow_null=True)
    contact = serializers.CharField(allow_null=True, help_text="Web address, or a number as `tel:`.")
    what_it_takes = serializers.CharField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags; empty: not known.")
    checked_on = serializers.DateField(allow_null=True)
    is_stale = serializers.BooleanField(help_text="Nobody has checked it for six months.")
    reason = serializers.ChoiceField(ChannelReason.choices)
    reason_text = serializers.CharField(help_text="In the language of Accept-Language.")


class FoundChannelsAnswer(serializers.Serializer):
    """Channels for one report, in the order in which to try them."""

    country = serializers.CharField()
    residence = serializers.CharField(allow_null=True)
    about = serializers.ChoiceField(ChannelAbout.choices)
    choices = ChannelChoiceAnswer(many=True)


class ReportingChannelViews(ChangesOfOrganisationRows, ExportRows, KeptStatements, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Where a suspicion is reported. This register never takes one: no names, no text, no pictures."""

    resource = "reporting-channels"
    model = ReportingChannel
    tag = "Reporting channels"
    row = ReportingChannelRow
    filters = ReportingChannelFilters
    orderings = {"position": "position", "name": "name"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = ReportingChannel.objects.visible_to(scope).with_staleness(on=on).with_shown_organisation(scope)
        return rows.open_on(on) if self.action in {"list", "export"} else rows

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return ReportingChannel.objects.kept_by(scope)

    @command(
        body=bodies.ReportingChannelBody,
        summary="Add a channel.",
        errors=(409,),
        example={
            "name": "Ligne Fictive (DEMO)",
            "kind": "ngo_form",
            "about": "travel",
            "contact": "https://ligne-fictive.example/",
            "country": "BE",
            "languages": ["fr", "nl"],
        },
    )
    def create(self, call: Call) -> Any:
        """A representative adds those of its countries."""
        return actions.register(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.ReportingChannelPatch,
        if_match="optional",
        summary="Change a channel.",
        errors=(409,),
        example={"what_it_takes": "Who, where, when, what."},
    )
    def update(self, call: Call) -> Any:
        """That it was seen to work is recorded by `check`."""
        return actions.update(
            channel_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.ChannelCheckBody,
        if_match="optional",
        summary="Record that a channel was seen to work.",
        errors=(409,),
        example={"checked_on": "2026-11-20"},
    )
    def check(self, call: Call) -> Any:
        """Unchecked for six months, it is offered after the router."""
        return actions.check(
            channel_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.ChannelClosingBody,
        if_match="optional",
        summary="Offer a channel no more.",
        errors=(409,),
        example={"closed_on": "2026-12-31"},
    )
    def close(self, call: Call) -> Any:
        """From that day on nobody is led to it."""
        return actions.close(
            channel_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @query(
        params=FindParameters,
        answer=FoundChannelsAnswer,
        summary="Find the channels for a report: immediate danger first, the international router last.",
    )
    def find(self, call: Call) -> Any:
        """After the router come only channels that nobody has checked for six months. Kept nowhere, logged nowhere."""
        countries = Country.objects.in_bulk([call.data["country_id"], call.data.get("residence_id")])
        event, residence = countries[call.data["country_id"]], countries.get(call.data.get("residence_id"))
        about = ChannelAbout(call.data["about"])
        language = (get_language() or "en").split("-")[0]
        choices = find(event=event, residence=residence, about=about, on=call.on)
        return {
            "country": event.code,
            "residence": residence.code if residence else None,
            "about": about,
            "choices": [_shown(choice, language) for choice in choices],
        }

    def serve_query(self, operation: Operation, request: Request, **url: Any) -> HttpResponseBase:
        """The answer of `find` is the same for everybody: whoever stands between may keep it for an hour."""
        response = super().serve_query(operation, request, **url)
        if operation.name == "find":
            patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
            response["Vary"] = "Accept-Language"
            # Who asks was looked up for the right to ask alone; else the session's middleware adds `Vary: Cookie`.
            request._request.session.accessed = False
        return response


def _shown(choice: Choice, language: str) -> dict[str, Any]:
    channel = choice.channel
    reference = channel and {
        "id": str(channel.pk),
        "url": f"{API_PREFIX}reporting-channels/{channel.pk}/",
        "display": channel.name,
    }
    return {
        "channel": reference,
        "kind": channel.kind if channel else None,
        "contact": channel.url if channel else None,
        "what_it_takes": channel.what_it_takes if channel else None,
        "languages": channel.languages if channel else [],
        "checked_on": channel.checked_on if channel else None,
        "is_stale": choice.is_stale,
        "reason": choice.reason,
        "reason_text": in_language(SENTENCES[choice.reason], language),
    }
