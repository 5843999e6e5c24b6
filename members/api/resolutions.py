"""Resolutions of assemblies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api import assemblies_bodies as bodies
from members.assemblies.actions import resolutions
from members.assemblies.models import AssemblyKind, Resolution, ResolutionResult
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer, Translated
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class ResolutionRow(RowSerializer):
    """A resolution, in the reader's language and in all of them."""

    id = serializers.UUIDField()
    assembly = Ref("assemblies", "assembly_id", "assembly__title")
    organisation = refs.organisation("assembly__organisation", help_text="Whose assembly it was.")
    number = serializers.IntegerField(allow_null=True)
    title = Translated("titles")
    text = Translated("texts", help_text="Null where the register holds none.")
    titles = serializers.DictField(child=serializers.CharField(), help_text="BCP 47 tag → title.")
    texts = serializers.DictField(child=serializers.CharField(), help_text="BCP 47 tag → text.")
    result = serializers.ChoiceField(
        ResolutionResult.choices, allow_blank=True, help_text="Empty while it is not voted on."
    )
    votes_for = serializers.IntegerField(allow_null=True, help_text="Null where nobody counted.")
    votes_against = serializers.IntegerField(allow_null=True)
    abstentions = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()


class ResolutionFilters(RowFilters):
    """Filters of resolutions."""

    assembly = AnyOf("assembly_id", kind=forms.UUIDField(), help_text="Id of the assembly.")
    kind = AnyOf("assembly__kind", choices=AssemblyKind, help_text="Of the network's assemblies or of a member's.")
    organisation = AnyOf("assembly__organisation_id", kind=forms.UUIDField(), help_text="Whose assembly it was.")
    result = AnyOf("result", choices=ResolutionResult, help_text="What became of it.")

    class Meta:
        model = Resolution
        fields: list[str] = []


class ResolutionViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """What assemblies decided. The public reads what the network's assemblies adopted."""

    resource = "resolutions"
    tag = "Network"
    row = ResolutionRow
    filters = ResolutionFilters
    orderings = {"assembly": "assembly__starts_earliest", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Resolution.objects.visible_to(scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Resolution.objects.kept_by(scope)

    @command(
        body=bodies.ResolutionBody,
        summary="Add a resolution to an assembly.",
        example={
            "assembly": "01936f5e-0000-7000-8000-000000000001",
            "number": 3,
            "titles": {"en": "Fictional resolution", "fr": "Résolution fictive"},
            "result": "adopted",
            "votes_for": 12,
            "votes_against": 1,
            "abstentions": 1,
        },
    )
    def create(self, call: Call) -> Any:
        return resolutions.table(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.ResolutionPatch,
        if_match="required",
        summary="Change a resolution: its wording, its result, its votes.",
        example={"result": "withdrawn"},
    )
    def update(self, call: Call) -> Any:
        return resolutions.update(
            resolution_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
