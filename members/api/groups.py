"""Groups and who is in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api import network_bodies as bodies
from members.api.changes import ChangesOfOrganisationRows
from members.api.filters import CountryIs, NameSearch, Uncertain, with_shown_note
from members.network.actions import groups
from members.network.lifecycle import GroupRole
from members.network.models import Group, GroupParticipation
from members.scope import Role, Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.statements import KeptStatements
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command
from registry.kernel.errors import Forbidden

NOTE_HELP = "For the secretariat and auditors; else empty."


class GroupRow(RowSerializer):
    """A named group of organisations."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name()
    partner_count = serializers.IntegerField(
        help_text="Coordinator and partners that a sure source proves for the day; supporters left out."
    )
    uncertain_partner_count = serializers.IntegerField(help_text="Further ones that are not proven for the day.")
    source = serializers.CharField()  # type: ignore[assignment]


class GroupFilters(RowFilters):
    """Filters of groups."""

    code = AnyOf("code", help_text="Code of the group, such as stop-group.")
    country = CountryIs("country_id")

    class Meta:
        model = Group
        fields: list[str] = []


class GroupViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Groups that work together, such as the STOP Group of Belgium. Kept by the secretariat and their coordinator."""

    resource = "groups"
    model = Group
    tag = "Network"
    row = GroupRow
    filters = GroupFilters
    orderings = {"name": "name", "code": "code"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Group.objects.visible_to(scope).with_partners(on=on)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Group.objects.kept_by(scope)

    @command(
        body=bodies.GroupBody,
        summary="Add a group.",
        errors=(409,),
        example={"code": "groupe-fictif", "name": "Groupe Fictif (DEMO)", "country": "BE"},
    )
    def create(self, call: Call) -> Any:
        return groups.create_group(**call.data, actor=call.scope, at=call.at)

    @command(body=bodies.GroupPatch, if_match="optional", summary="Change a group.", example={"name": "Groupe Fictif"})
    def update(self, call: Call) -> Any:
        return groups.update_group(
            group_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )


class GroupParticipationRow(RowSerializer):
    """An organisation in a group."""

    id = serializers.UUIDField()
    group = Ref("groups", "group_id", "group__name")
    organisation = refs.organisation()
    organisation_kind = serializers.CharField(source="organisation.kind")
    role = serializers.ChoiceField(GroupRole.choices, help_text="Supporters are no partners.")
    valid_from = serializers.DateField(allow_null=True, help_text="Null when not known.")
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")
    proven_from = serializers.DateField(allow_null=True, help_text="A source proves it from this day on.")
    is_uncertain = serializers.BooleanField(
        help_text="No sure source proves it for the day: such rows come with `uncertain` only."
    )
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text=NOTE_HELP)


class GroupParticipationFilters(RowFilters):
    """Filters of participations."""

    q = NameSearch("organisation")
    group = AnyOf("group_id", kind=forms.UUIDField(), help_text="Id of the group.")
    group_code = AnyOf("group__code", help_text="Code of the group, such as stop-group.")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    role = AnyOf("role", choices=GroupRole, help_text="Role in the group.")
    uncertain = Uncertain()

    class Meta:
        model = GroupParticipation
        fields: list[str] = []


class GroupParticipationViews(ChangesOfOrganisationRows, ExportRows, KeptStatements, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Who is in a group as of a day. The public sees partners; supporters are shown to the group itself."""

    resource = "group-participations"
    model = GroupParticipation
    tag = "Network"
    row = GroupParticipationRow
    filters = GroupParticipationFilters
    orderings = {"organisation": "organisation__name", "role": "role"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = GroupParticipation.objects.visible_to(scope).current().with_certainty(on=on)
        return with_shown_note(rows.on(on) if self.action in {"list", "export"} else rows, scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return GroupParticipation.objects.current().kept_by(scope)

    @command(
        body=bodies.GroupParticipationBody,
        summary="Let an organisation into a group, in one role for a time.",
        errors=(403, 409),
        example={
            "group": "01936f5e-0000-7000-8000-000000000001",
            "organisation": "01936f5e-0000-7000-8000-000000000002",
            "role": "partner",
            "valid_from": "2026-12-01",
        },
    )
    def create(self, call: Call) -> Any:
        """Who coordinates a group is the secretariat's to say."""
        if call.data["role"] == GroupRole.COORDINATOR and not call.scope.wears(Role.SECRETARIAT):
            raise Forbidden("Who coordinates a group is the secretariat's to say.", code="secretariat_decides")
        return groups.join_group(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.GroupParticipationPatch,
        if_match="required",
        summary="Put right the first day in a group, or what is said of the source.",
        errors=(409,),
        example={"valid_from": "2014-01-01", "source": "https://group.example/about"},
    )
    def update(self, call: Call) -> Any:
        return groups.correct(
            participation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.EndParticipationBody,
        if_match="required",
        summary="Decide an organisation's last day in a group.",
        errors=(409,),
        example={"valid_until": "2026-12-31"},
    )
    def end(self, call: Call) -> Any:
        """A change of role is an end and a new participation from the day after."""
        return groups.leave_group(
            participation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
