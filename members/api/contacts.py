"""Role contacts of organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.bodies import Zone
from members.organisations.models import Organisation
from members.people import actions
from members.people.models import Contact, ContactLanguage, ContactRole
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class ContactRow(RowSerializer):
    """An address that holds a role for an organisation."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    role = serializers.ChoiceField(ContactRole.choices)
    email = serializers.EmailField()
    language = serializers.ChoiceField(ContactLanguage.choices)
    zone = serializers.CharField(help_text="IANA zone of the recipient's hours.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")
    on_hold_since = serializers.DateTimeField(allow_null=True, help_text="Since a hard bounce; nothing is sent there.")
    created_at = serializers.DateTimeField()


class ContactFilters(RowFilters):
    """Filters of contacts."""

    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    role = AnyOf("role", choices=ContactRole, help_text="What the contact is written to about.")
    country = AnyOf("organisation__country_id", help_text="ISO code of the organisation's country.")

    class Meta:
        model = Contact
        fields: list[str] = []


class ContactBody(Body):
    """A new holder of a role."""

    organisation = RelatedId(lambda scope: Organisation.objects.reached_by(scope))
    role = serializers.ChoiceField(ContactRole.choices)
    email = serializers.EmailField(max_length=254)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)
    valid_from = Day(required=False)


class ContactPatch(Body):
    """Another address, language or zone of the same holder."""

    email = serializers.EmailField(max_length=254, required=False)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)


class EndContactBody(Body):
    """The last day on which the address holds the role."""

    valid_until = Day()


class ContactViews(ListRows, ReadRow, ResourceViews):
    """Who is written to about what, by address and without names. Never public."""

    resource = "contacts"
    tag = "Network"
    row = ContactRow
    filters = ContactFilters
    orderings = {"created_at": "created_at", "role": "role"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = Contact.objects.visible_to(scope)
        return rows.on(on) if self.action == "list" else rows

    @command(
        body=ContactBody,
        summary="Let an address hold a role.",
        example={
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "role": "reporting_officer",
            "email": "reports@hotel-fictif.example",
            "language": "fr",
        },
    )
    def create(self, call: Call) -> Any:
        return actions.add(**call.data, actor=call.scope, at=call.at)

    @command(
        body=ContactPatch,
        if_match="optional",
        summary="Change address, language or zone.",
        example={"language": "nl"},
    )
    def update(self, call: Call) -> Any:
        return actions.update(
            contact_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=EndContactBody,
        if_match="optional",
        summary="End a contact: nothing is sent there after that day.",
        example={"valid_until": "2026-12-31"},
    )
    def end(self, call: Call) -> Any:
        return actions.end(
            contact_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )
