"""The public directory: who is in the network, who stands behind I say STOP!, and where to report. No login."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.http import HttpResponseBase
from django.utils.translation import get_language
from rest_framework import serializers

from members.channels.models import ReportingChannel
from members.countries.reference import REGIONS, codes
from members.network.models import GroupParticipation, NetworkMembership
from members.scope import PUBLIC_HAT, Scope
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import respond
from registry.kernel.api.rows import API_PREFIX, in_language
from registry.kernel.api.views import ResourceViews, query

KEPT_SECONDS = 300
POINTS = Path(__file__).resolve().parents[1] / "data" / "country_points.csv"


class DirectoryKind(TextChoices):
    """What an entry of the directory is."""

    MEMBER_GROUP = "member_group"
    STOP_PARTNER = "stop_partner"
    REPORTING_CHANNEL = "reporting_channel"


@dataclass(frozen=True)
class Source:
    """One kind of entry: its rows and where each column of an entry stands in them."""

    resource: str
    key: str
    name: str
    country: str
    role: str
    contact: str
    languages: str

    @property
    def columns(self) -> tuple[str, ...]:
        country = (f"{self.country}_id", f"{self.country}__names", f"{self.country}__region_id")
        return (self.key, self.name, *country, self.role, self.contact, self.languages)


_OF_ORGANISATION = {
    "resource": "organisations",
    "key": "organisation_id",
    "name": "organisation__name",
    "country": "organisation__country",
    "contact": "organisation__website",
    "languages": "organisation__languages",
}
SOURCES: dict[DirectoryKind, Source] = {
    DirectoryKind.MEMBER_GROUP: Source(**_OF_ORGANISATION, role="kind_on"),
    DirectoryKind.STOP_PARTNER: Source(**_OF_ORGANISATION, role="role"),
    DirectoryKind.REPORTING_CHANNEL: Source(
        "reporting-channels", "pk", "name", "country", role="kind", contact="url", languages="languages"
    ),
}


def _rows(kind: DirectoryKind, on: date, *, uncertain: bool) -> QuerySet:
    """The rows of one kind that the public may see on that day."""
    public = Scope(day=on, hats=(PUBLIC_HAT,), label="public")
    if kind is DirectoryKind.MEMBER_GROUP:
        seen = NetworkMembership.objects.visible_to(public)
        return (seen.on(on) if uncertain else seen.certain(on=on)).with_standing(on=on)
    if kind is DirectoryKind.STOP_PARTNER:
        shown = GroupParticipation.objects.visible_to(public).filter(organisation__is_listed=True)
        return shown.on(on) if uncertain else shown.certain(on=on)
    return ReportingChannel.objects.visible_to(public).open_on(on)


class Code(serializers.CharField):
    """A code of a short list; one that is not in it is refused, because an empty answer would look like one."""

    default_error_messages = {
        "unknown_country": "There is no country of this ISO code.",
        "unknown_region": "There is no region of this code.",
    }

    def __init__(self, known: Callable[[], frozenset[str]], fault: str) -> None:
        self.known, self.fault = known, fault
        super().__init__(max_length=40)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        code = text.upper() if len(text) == 2 else text
        if code not in self.known():
            self.fail(self.fault)
        return code


class DirectoryParameters(Body):
    """Which entries, as of which day."""

    kind = serializers.ListField(
        child=serializers.ChoiceField(DirectoryKind.choices),
        max_length=3,
        required=False,
        help_text="Which kinds of entry; all when left out.",
    )
    country = serializers.ListField(
        child=Code(codes, "unknown_country"), max_length=250, required=False, help_text="ISO codes."
    )
    region = serializers.ListField(
        child=Code(lambda: frozenset(REGIONS), "unknown_region"),
        max_length=10,
        required=False,
        help_text="Codes of regions.",
    )
    uncertain = serializers.BooleanField(default=False, help_text="Add those that are not proven for the day.")
    valid_on = Day(required=False, help_text="As of this day; today when left out.")


class DirectoryEntryAnswer(serializers.Serializer):
    """A member group, a partner or a channel."""

    kind = serializers.ChoiceField(DirectoryKind.choices)
    id = serializers.UUIDField()
    url = serializers.CharField(help_text="Where to read the row.")
    name = serializers.CharField()
    country = serializers.CharField(allow_null=True, help_text="ISO code; null: everywhere, or not known.")
    country_name = serializers.CharField(allow_null=True)
    region = serializers.CharField(allow_null=True, help_text="Code of the region of the country.")
    role = serializers.CharField(help_text="Kind of membership, role in the group, or kind of channel.")
    contact = serializers.CharField(help_text="Website or number; empty when not known.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags; empty: not known.")


class DirectoryAnswer(serializers.Serializer):
    """The directory on a day. `counted` includes organisations that are not listed for their safety."""

    as_of = serializers.DateField()
    counted = serializers.IntegerField()
    listed = serializers.IntegerField()
    entries = DirectoryEntryAnswer(many=True)


class PointAnswer(serializers.Serializer):
    """A GeoJSON point: a large city of the country, not an address."""

    type = serializers.CharField()
    coordinates = serializers.ListField(child=serializers.FloatField(), help_text="Longitude, latitude.")


class FeatureAnswer(serializers.Serializer):
    """A GeoJSON feature: one entry at a point of its country."""

    type = serializers.CharField()
    geometry = PointAnswer(allow_null=True, help_text="Null for what is not in one country.")
    properties = DirectoryEntryAnswer()


class FeaturesAnswer(serializers.Serializer):
    """A GeoJSON feature collection."""

    type = serializers.CharField()
    features = FeatureAnswer(many=True)


@lru_cache(maxsize=1)
def points() -> dict[str, tuple[float, float]]:
    """Longitude and latitude by country code. Source: the tz database (each row names its own)."""
    with POINTS.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: (float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(file)}


def entries(call: Call) -> list[dict[str, Any]]:
    """The entries asked for, by kind, country and name. One query for each kind."""
    asked = call.data
    language = (get_language() or "en").split("-")[0]
    found = [
        _entry(kind, values, language)
        for kind in DirectoryKind
        if kind in (asked.get("kind") or DirectoryKind)
        for values in _values(kind, asked, on=_day(call))
    ]
    return sorted(found, key=lambda entry: (entry["kind"], entry["country"] or "", entry["name"], str(entry["id"])))


def _day(call: Call) -> date:
    return call.data.get("valid_on") or call.on


def _values(kind: DirectoryKind, asked: dict[str, Any], *, on: date) -> Iterable[tuple[Any, ...]]:
    source, rows = SOURCES[kind], _rows(kind, on, uncertain=asked["uncertain"])
    if asked.get("country"):
        rows = rows.filter(**{f"{source.country}__in": asked["country"]})
    if asked.get("region"):
        rows = rows.filter(**{f"{source.country}__region__in": asked["region"]})
    return rows.values_list(*source.columns)


def _entry(kind: DirectoryKind, values: tuple[Any, ...], language: str) -> dict[str, Any]:
    key, name, country, names, region, role, contact, languages = values
    return {
        "kind": kind.value,
        "id": key,
        "url": f"{API_PREFIX}{SOURCES[kind].resource}/{key}/",
        "name": name,
        "country": country,
        "country_name": in_language(names, language),
        "region": region,
        "role": role,
        "contact": contact,
        "languages": languages,
    }


def _counted(call: Call) -> int:
    """How many the entries would be if none were hidden."""
    asked, day = call.data, _day(call)
    members = NetworkMembership.objects.on(day) if asked["uncertain"] else NetworkMembership.objects.certain(on=day)
    hidden = members.filter(organisation__is_listed=False)
    if DirectoryKind.MEMBER_GROUP not in (asked.get("kind") or DirectoryKind):
        return 0
    for parameter, path in (("country", "organisation__country__in"), ("region", "organisation__country__region__in")):
        if asked.get(parameter):
            hidden = hidden.filter(**{path: asked[parameter]})
    return hidden.count()


class DirectoryViews(ResourceViews):
    """The public directory, by country and region, as JSON, GeoJSON or CSV."""

    resource = "directory"
    tag = "Network"

    @query(
        path="",
        params=DirectoryParameters,
        answer=DirectoryAnswer,
        public_seconds=KEPT_SECONDS,
        summary="Read the public directory.",
    )
    def entries(self, call: Call) -> dict[str, Any]:
        """Member groups, partners of I say STOP! and reporting channels as of a day."""
        found = entries(call)
        counted = len(found) + _counted(call)
        return {"as_of": _day(call), "counted": counted, "listed": len(found), "entries": found}

    @query(
        params=DirectoryParameters,
        answer=FeaturesAnswer,
        public_seconds=KEPT_SECONDS,
        summary="Read the public directory as GeoJSON.",
    )
    def geojson(self, call: Call) -> dict[str, Any]:
        """Each entry at a point of its country, never at an address."""
        features = []
        for entry in entries(call):
            point = points().get(entry["country"] or "")
            geometry = {"type": "Point", "coordinates": point} if point else None
            features.append({"type": "Feature", "geometry": geometry, "properties": entry})
        return {"type": "FeatureCollection", "features": features}

    @query(
        path="csv",
        params=DirectoryParameters,
        media_type="text/csv",
        public_seconds=KEPT_SECONDS,
        summary="Read the public directory as CSV.",
    )
    def as_csv(self, call: Call) -> HttpResponseBase:
        """One line an entry, for a spreadsheet."""
        columns = list(DirectoryEntryAnswer().fields)
        return respond(entries(call), columns, "csv", name="directory")
