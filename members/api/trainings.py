"""Professional trainings that members gave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.bodies import RelatedIds
from members.api.filters import CountryIs, with_shown_note
from members.api.initiatives import KEEPERS, READERS
from members.api.published import (
    MAX_PARTS,
    ONLY_STAFF,
    PARTIAL_HELP,
    Audiences,
    ForAudiences,
    InLanguages,
    Languages,
    Named,
    Organisations,
    Partial,
    Values,
    Years,
    nameable,
    own_or_any,
)
from members.countries.models import Country
from members.initiatives.actions import trainings as actions
from members.initiatives.lifecycle import Audience
from members.initiatives.models import Initiative, TrainingAudience, TrainingGiven, TrainingLanguage, TrainingPartner
from members.scope import Scope
from registry.kernel.api.bodies import Body, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import Many, Ref, RowSerializer
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

TRAINING_GIVEN_RIGHTS: dict[str, frozenset[str]] = {
    "trainings-given.list": READERS,
    "trainings-given.read": READERS,
    "trainings-given.export": READERS,
    "trainings-given.create": KEEPERS,
    "trainings-given.update": KEEPERS,
    "trainings-given.destroy": KEEPERS,
}


class TrainingPartnerRow(RowSerializer):
    """An organisation with which, or for whose people, a training was given."""

    organisation = refs.organisation()


class TrainingGivenRow(RowSerializer):
    """A professional training; who came is a count, never a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    given_by = Ref(
        "organisations", "shown_giver_id", "shown_giver_name", allow_null=True, help_text="Null where no source says."
    )
    initiative = Ref("initiatives", "initiative_id", "initiative__names", allow_null=True)
    held_on = serializers.CharField(help_text=PARTIAL_HELP)
    place = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name()
    attendance = serializers.IntegerField(allow_null=True, help_text="People; null when nobody counted.")
    partners = Many(
        TrainingPartnerRow,
        lambda scope, on: TrainingPartner.objects.visible_to(scope),
        by="training_id",
        order=("organisation__name", "pk"),
    )
    audiences = Values(
        lambda scope, on: TrainingAudience.objects.all(),
        "audience",
        serializers.ChoiceField(Audience.choices),
        by="training_id",
    )
    languages = Values(
        lambda scope, on: TrainingLanguage.objects.all(), "language", serializers.CharField(), by="training_id"
    )
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()
    note = serializers.CharField(source="shown_note", help_text=ONLY_STAFF)
    created_at = serializers.DateTimeField()


class TrainingGivenFilters(RowFilters):
    """Filters of trainings."""

    q = TextSearch("search_key", help_text="Words of title or place; accents and case are forgiven.")
    given_by = AnyOf("shown_giver_id", kind=forms.UUIDField(), help_text="Id of the organisation that gave it.")
    partner = Organisations(
        lambda scope: TrainingPartner.objects.visible_to(scope), "training_id", help_text="Id of a partner."
    )
    initiative = AnyOf("initiative_id", kind=forms.UUIDField(), help_text="Id of the initiative that it belongs to.")
    country = CountryIs("country_id")
    confidence = AnyOf("confidence", help_text="How sure the source is.")
    audience = ForAudiences("audiences__audience")
    language = InLanguages("languages__language")
    year = Years()

    class Meta:
        model = TrainingGiven
        fields: list[str] = []


class TrainingGivenPatch(Body):
    """What can be changed; a list replaces the one before."""

    title = serializers.CharField(max_length=200, required=False)
    given_by = Named(required=False, allow_null=True, help_text="Who gave it; null where no source says.")
    initiative = RelatedId(lambda scope: Initiative.objects.visible_to(scope), required=False, allow_null=True)
    held_on = Partial()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    attendance = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=1_000_000, help_text="People; null when nobody counted."
    )
    partners = RelatedIds(nameable, required=False, max_length=MAX_PARTS, help_text="Ids.")
    audiences = Audiences()
    languages = Languages()
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TrainingGivenBody(TrainingGivenPatch):
    """A new training. A member group or partner gave it itself."""

    title = serializers.CharField(max_length=200)


class TrainingGivenViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Professional trainings that members gave: to lawyers, guardians, police, hotel staff and others.

    Everybody reads. The secretariat keeps all, a member group or STOP partner those that it gave.
    """

    resource = "trainings-given"
    model = TrainingGiven
    tag = "Initiatives"
    row = TrainingGivenRow
    filters = TrainingGivenFilters
    orderings = {"title": "title", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_shown_note(TrainingGiven.objects.visible_to(scope).with_shown_giver(scope), scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return TrainingGiven.objects.kept_by(scope)

    @command(
        body=TrainingGivenBody,
        summary="Record a training.",
        example={
            "title": "Recognising victims among minors",
            "given_by": "01936f5e-0000-7000-8000-000000000001",
            "held_on": "2026-05-18",
            "place": "Brussels",
            "country": "BE",
            "audiences": ["lawyer"],
            "languages": ["fr"],
            "attendance": 25,
        },
    )
    def create(self, call: Call) -> Any:
        return actions.add(**call.data, own=own_or_any(call.scope), actor=call.scope, at=call.at)

    @command(
        body=TrainingGivenPatch,
        if_match="optional",
        summary="Change a training; a list replaces the one before.",
        example={"attendance": 27},
    )
    def update(self, call: Call) -> Any:
        return actions.update(
            training_id=call.uuid,
            expected_version=call.version,
            own=own_or_any(call.scope),
            **call.data,
            actor=call.scope,
            at=call.at,
        )

    @command(if_match="optional", summary="Take out a training that should not be there.")
    def destroy(self, call: Call) -> Any:
        actions.remove(training_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)


def add_to(router: Router) -> None:
    """Put the resource on the register's router."""
    router.add(TrainingGivenViews)
