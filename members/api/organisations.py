"""Organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.bodies import Tags, Zone
from members.api.filters import NameSearch, with_shown_note
from members.countries.models import Country
from members.organisations import actions
from members.organisations.models import (
    Identifier,
    NameKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    ParentageKind,
)
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Many, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

FURTHER_KINDS = [choice for choice in NameKind.choices if choice[0] != NameKind.OFFICIAL]


class OrganisationNameRow(RowSerializer):
    """A name under which the organisation is or was known."""

    text = serializers.CharField()
    kind = serializers.ChoiceField(NameKind.choices)
    language = serializers.CharField(help_text="BCP 47 tag; empty when not known.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class IdentifierRow(RowSerializer):
    """A code by which others know the organisation."""

    scheme = serializers.CharField()
    value = serializers.CharField()


class OrganisationRow(RowSerializer):
    """An organisation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name()
    zone = serializers.CharField(help_text="IANA zone of its legal days.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags.")
    website = serializers.CharField()
    names = Many(
        OrganisationNameRow,
        lambda scope, on: OrganisationName.objects.current(),
        by="organisation_id",
        order=("text", "pk"),
    )
    identifiers = Many(
        IdentifierRow, lambda scope, on: Identifier.objects.all(), by="organisation_id", order=("scheme", "value", "pk")
    )
    is_listed = serializers.BooleanField(help_text="False: counted, never shown to the public.")
    is_demo = serializers.BooleanField(help_text="Fictional, for showing the register.")
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()
    note = serializers.CharField(source="shown_note", help_text="For the secretariat and auditors; else empty.")
    created_at = serializers.DateTimeField()


class OrganisationFilters(RowFilters):
    """Filters of organisations."""

    q = NameSearch()
    country = AnyOf("country_id", help_text="ISO code.")
    region = AnyOf("country__region_id", help_text="Code of the region of its country.")
    kind = AnyOf("kind", choices=OrganisationKind, help_text="What sort of body it is.")

    class Meta:
        model = Organisation
        fields: list[str] = []


class OrganisationBody(Body):
    """A new organisation."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(OrganisationKind.choices)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    zone = Zone(required=False)
    languages = Tags(required=False)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_listed = serializers.BooleanField(required=False)
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OrganisationPatch(Body):
    """What the secretariat may change; the name changes by `rename`."""

    kind = serializers.ChoiceField(OrganisationKind.choices, required=False)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    zone = Zone(required=False)
    languages = Tags(required=False)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_listed = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OrganisationProfilePatch(Body):
    """What an organisation changes in its own record."""

    languages = Tags(required=False)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)


class RenameBody(Body):
    """A new official name from a day on."""

    name = serializers.CharField(max_length=200)
    effective_on = Day()


class FurtherNameBody(Body):
    """A former name, an acronym or an alias."""

    text = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(FURTHER_KINDS)
    language = serializers.CharField(max_length=20, required=False, allow_blank=True)


class IdentifierBody(Body):
    """A code by which others know the organisation."""

    scheme = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)
    value = serializers.CharField(max_length=100)


class ParentBody(Body):
    """The parent from a day on; null ends the present one the day before."""

    parent = RelatedId(  # type: ignore[assignment]
        lambda scope: Organisation.objects.visible_to(scope), allow_null=True
    )
    kind = serializers.ChoiceField(ParentageKind.choices, required=False)
    valid_from = Day(required=False, allow_null=True)


class OrganisationViews(ListRows, ReadRow, ResourceViews):
    """Organisations: members of the network, partners of its groups, companies, authorities."""

    resource = "organisations"
    tag = "Network"
    row = OrganisationRow
    filters = OrganisationFilters
    orderings = {"name": "name", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_shown_note(Organisation.objects.visible_to(scope), scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        seen = Organisation.objects.visible_to(scope)
        return seen.own_of(scope) if self.action == "profile" else seen

    @command(
        body=OrganisationBody,
        summary="Register an organisation.",
        example={"name": "Réseau Fictif", "kind": "ngo", "country": "BE", "languages": ["fr", "nl"]},
    )
    def create(self, call: Call) -> Any:
        return actions.register(**call.data, actor=call.scope, at=call.at)

    @command(
        body=OrganisationPatch,
        if_match="optional",
        summary="Change an organisation.",
        example={"is_listed": False},
    )
    def update(self, call: Call) -> Any:
        return actions.update(
            organisation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        method="patch",
        body=OrganisationProfilePatch,
        if_match="optional",
        summary="Change one's own record.",
        example={"website": "https://www.reseau-fictif.example/", "languages": ["fr"]},
    )
    def profile(self, call: Call) -> Any:
        return self.update(call)

    @command(
        detail=True,
        body=RenameBody,
        if_match="optional",
        summary="Give a new official name from a day on.",
        example={"name": "Réseau Fictif International", "effective_on": "2027-01-01"},
    )
    def rename(self, call: Call) -> Any:
        return actions.rename(
            organisation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        status=201,
        body=FurtherNameBody,
        summary="Add a former name, an acronym or an alias.",
        example={"text": "RF", "kind": "acronym"},
    )
    def names(self, call: Call) -> Any:
        actions.add_name(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        status=201,
        body=IdentifierBody,
        summary="Add an identifier.",
        example={"scheme": "lei", "value": "00000000000000000098"},
    )
    def identifiers(self, call: Call) -> Any:
        actions.add_identifier(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        body=ParentBody,
        summary="Set or end the parent from a day on; a ring is refused.",
        example={"parent": None, "kind": "owned", "valid_from": "2027-01-01"},
    )
    def parent(self, call: Call) -> Any:
        actions.set_parent(child_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid
