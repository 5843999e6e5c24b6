"""Who is registered for which assembly."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.filters import CountryIs, NameSearch
from members.assemblies.models import AssemblyParticipation
from members.scope import Scope
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews


class AssemblyParticipationRow(RowSerializer):
    """An organisation registered for an assembly."""

    id = serializers.UUIDField()
    assembly = Ref("assemblies", "assembly_id", "assembly__title")
    organisation = refs.organisation()
    country = serializers.CharField(source="organisation.country_id", allow_null=True, help_text="ISO code.")
    registered_at = serializers.DateTimeField()


class AssemblyParticipationFilters(RowFilters):
    """Filters of registrations."""

    q = NameSearch("organisation")
    assembly = AnyOf("assembly_id", kind=forms.UUIDField(), help_text="Id of the assembly.")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    country = CountryIs("organisation__country_id")

    class Meta:
        model = AssemblyParticipation
        fields: list[str] = []


class AssemblyParticipationViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """Who is registered for which assembly: the own organisation, and who was there beside it."""

    resource = "assembly-participations"
    tag = "Network"
    row = AssemblyParticipationRow
    filters = AssemblyParticipationFilters
    orderings = {"organisation": "organisation__name", "registered_at": "registered_at"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return AssemblyParticipation.objects.visible_to(scope)
