"""Memberships of the network, groups with their participants, published sizes."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.filters import Flag, NameSearch, with_shown_note
from members.network.lifecycle import GroupRole
from members.network.models import (
    Group,
    GroupParticipation,
    NetworkMembership,
    NetworkMembershipKind,
    NetworkMembershipState,
    PublishedSize,
)
from members.scope import Scope
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews

NOTE_HELP = "For the secretariat and auditors; else empty."


class NetworkMembershipRow(RowSerializer):
    """An organisation in the network, as its source has it."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    country = serializers.CharField(source="organisation.country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name("organisation__country")
    region = refs.region()
    kind = serializers.ChoiceField(NetworkMembershipKind.choices)
    state = serializers.ChoiceField(NetworkMembershipState.choices)
    since = serializers.CharField(help_text="YYYY, YYYY-MM or YYYY-MM-DD; empty when not known.")
    since_basis = serializers.CharField(help_text="What happened on that date.")
    valid_from = serializers.DateField(allow_null=True, help_text="Not a member before; null when not known.")
    valid_until = serializers.DateField(allow_null=True)
    proven_from = serializers.DateField(help_text="A source proves it from this day on.")
    is_uncertain = serializers.BooleanField(help_text="No source names it as a member, or none proves it for the day.")
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text=NOTE_HELP)


class NetworkMembershipFilters(RowFilters):
    """Filters of memberships."""

    q = NameSearch("organisation")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    country = AnyOf("organisation__country_id", help_text="ISO code.")
    region = AnyOf("region_id", help_text="Code of the region.")
    kind = AnyOf("kind", choices=NetworkMembershipKind, help_text="Member group or affiliate.")
    state = AnyOf("state", choices=NetworkMembershipState, help_text="How far the register vouches for it.")
    confidence = AnyOf("confidence", help_text="How sure the source is.")
    is_uncertain = Flag("is_uncertain", help_text="Doubtful ones, or all others.")

    class Meta:
        model = NetworkMembership
        fields: list[str] = []


class NetworkMembershipViews(ListRows, ReadRow, ResourceViews):
    """Who is in the network: the list as of a day, each row with its source and how sure it is."""

    resource = "network-memberships"
    tag = "Network"
    row = NetworkMembershipRow
    filters = NetworkMembershipFilters
    orderings = {"organisation": "organisation__name", "region": "region_id", "proven_from": "proven_from"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = NetworkMembership.objects.visible_to(scope).current().with_certainty(on=on)
        return with_shown_note(rows.on(on) if self.action == "list" else rows, scope)


class GroupRow(RowSerializer):
    """A named group of organisations."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name()
    partner_count = serializers.IntegerField(help_text="Coordinator and partners on the day; supporters left out.")
    source = serializers.CharField()  # type: ignore[assignment]


class GroupFilters(RowFilters):
    """Filters of groups."""

    code = AnyOf("code", help_text="Code of the group, such as stop-group.")
    country = AnyOf("country_id", help_text="ISO code.")

    class Meta:
        model = Group
        fields: list[str] = []


class GroupViews(ListRows, ReadRow, ResourceViews):
    """Groups that work together, such as the STOP Group of Belgium."""

    resource = "groups"
    tag = "Network"
    row = GroupRow
    filters = GroupFilters
    orderings = {"name": "name", "code": "code"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Group.objects.visible_to(scope).with_partners(on=on)


class GroupParticipationRow(RowSerializer):
    """An organisation in a group."""

    id = serializers.UUIDField()
    group = Ref("groups", "group_id", "group__name")
    organisation = refs.organisation()
    organisation_kind = serializers.CharField(source="organisation.kind")
    role = serializers.ChoiceField(GroupRole.choices, help_text="Supporters are no partners.")
    valid_from = serializers.DateField(allow_null=True, help_text="Null when not known.")
    valid_until = serializers.DateField(allow_null=True)
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

    class Meta:
        model = GroupParticipation
        fields: list[str] = []


class GroupParticipationViews(ListRows, ReadRow, ResourceViews):
    """Who is in a group as of a day. The public sees partners; supporters are shown to the group itself."""

    resource = "group-participations"
    tag = "Network"
    row = GroupParticipationRow
    filters = GroupParticipationFilters
    orderings = {"organisation": "organisation__name", "role": "role"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = GroupParticipation.objects.visible_to(scope).current()
        return with_shown_note(rows.on(on) if self.action == "list" else rows, scope)


class PublishedSizeRow(RowSerializer):
    """A count that somebody published."""

    id = serializers.UUIDField()
    scheme = serializers.CharField()
    position = serializers.IntegerField(help_text="Place in the list, in order of time.")
    date = serializers.CharField(source="date_text", help_text="As the source has it.")
    members = serializers.IntegerField(allow_null=True)
    countries = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField(help_text="What was counted.")
    source = serializers.CharField()  # type: ignore[assignment]


class PublishedSizeFilters(RowFilters):
    """Filters of published counts."""

    scheme = AnyOf("scheme", help_text="Whose size: ECPAT or The Code.")

    class Meta:
        model = PublishedSize
        fields: list[str] = []


class PublishedSizeViews(ListRows, ReadRow, ResourceViews):
    """How large the network was said to be, by whom: never figures of this register, and they contradict."""

    resource = "published-sizes"
    tag = "Network"
    row = PublishedSizeRow
    filters = PublishedSizeFilters
    orderings = {"position": "position"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return PublishedSize.objects.visible_to(scope)
