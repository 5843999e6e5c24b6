"""The regional committee: seats of the regions, and the organisations elected to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api import assemblies_bodies as bodies
from members.api.filters import with_shown_note
from members.assemblies.actions import committee
from members.assemblies.models import CommitteeRole, CommitteeSeats, CommitteeTerm
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

NOTE_HELP = "For the secretariat and auditors; else empty."


class CommitteeSeatsRow(RowSerializer):
    """The seats of a region."""

    id = serializers.UUIDField()
    region = refs.region()
    seat_count = serializers.IntegerField()
    held_count = serializers.IntegerField(help_text="Holders on the day.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text=NOTE_HELP)


class CommitteeSeatsFilters(RowFilters):
    """Filters of seats."""

    region = AnyOf("region_id", help_text="Code of the region.")

    class Meta:
        model = CommitteeSeats
        fields: list[str] = []


class CommitteeSeatsViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """How many seats of the committee each region has on a day, and how many are held."""

    resource = "committee-seats"
    tag = "Network"
    row = CommitteeSeatsRow
    filters = CommitteeSeatsFilters
    orderings = {"region": "region_id"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = CommitteeSeats.objects.visible_to(scope).current().with_held(on=on)
        return with_shown_note(rows.on(on) if self.action in {"list", "export"} else rows, scope)

    @command(
        body=bodies.CommitteeSeatsBody,
        summary="Set the number of seats of a region from a day on.",
        example={"region": "europe", "seat_count": 2, "valid_from": "2027-01-01"},
    )
    def create(self, call: Call) -> Any:
        return committee.set_seats(**call.data, actor=call.scope, at=call.at)


class CommitteeTermRow(RowSerializer):
    """An organisation that holds a seat for a term."""

    id = serializers.UUIDField()
    region = refs.region()
    organisation = refs.organisation()
    role = serializers.ChoiceField(CommitteeRole.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="Last day; null while none is set.")
    elected_at = Ref("assemblies", "elected_at_id", "elected_at__title", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text=NOTE_HELP)
    created_at = serializers.DateTimeField()


class CommitteeTermFilters(RowFilters):
    """Filters of terms."""

    region = AnyOf("region_id", help_text="Code of the region.")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    role = AnyOf("role", choices=CommitteeRole, help_text="Role in the committee.")
    elected_at = AnyOf("elected_at_id", kind=forms.UUIDField(), help_text="Id of the assembly that elected it.")

    class Meta:
        model = CommitteeTerm
        fields: list[str] = []


class CommitteeTermViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """Who holds a seat on a day: organisations, never persons."""

    resource = "committee-terms"
    tag = "Network"
    row = CommitteeTermRow
    filters = CommitteeTermFilters
    orderings = {"region": "region_id", "starts_on": "starts_on", "organisation": "organisation__name"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = CommitteeTerm.objects.visible_to(scope)
        return with_shown_note(rows.on(on) if self.action in {"list", "export"} else rows, scope)

    @command(
        body=bodies.CommitteeTermBody,
        summary="Give an organisation a seat of its region for a term.",
        example={
            "region": "europe",
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "starts_on": "2027-01-01",
            "ends_on": "2029-12-31",
        },
        errors=(409,),
    )
    def create(self, call: Call) -> Any:
        return committee.elect(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=bodies.EndCommitteeTermBody,
        if_match="required",
        summary="Decide a term's last day.",
        example={"ends_on": "2027-12-31"},
    )
    def end(self, call: Call) -> Any:
        return committee.end_term(
            term_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
