"""Contact points of organisations: whom to write to, or to call, about what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.bodies import Zone
from members.api.filters import CountryIs
from members.organisations.models import Organisation
from members.people import actions
from members.people.models import Contact, ContactLanguage, ContactRole, Person
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class Phone(serializers.CharField):
    """A telephone number with its country, kept as E.164: `+32 2 555 01 00` becomes `+3225550100`."""

    default_error_messages = {"bad_number": "A number starts with + and the country, then 6 to 14 digits."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "With the country, such as +32 2 555 01 00.")
        super().__init__(max_length=40, **options)

    def to_internal_value(self, data: Any) -> str:
        number = re.sub(r"[ ().-]", "", super().to_internal_value(data))
        if number and not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
            self.fail("bad_number")
        return number


class ContactRow(RowSerializer):
    """An address or a number that holds a role for an organisation."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    person = Ref(
        "people", "shown_person_id", "shown_person_name", allow_null=True, help_text="Whose it is; null for a desk."
    )
    role = serializers.ChoiceField(ContactRole.choices)
    email = serializers.CharField(help_text="Empty where only a number is known.")
    phone = serializers.CharField(help_text="E.164; empty where only an address is known.")
    language = serializers.ChoiceField(ContactLanguage.choices)
    zone = serializers.CharField(help_text="IANA zone of the recipient's hours.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")
    on_hold_since = serializers.DateTimeField(allow_null=True, help_text="Since a hard bounce; nothing is sent there.")
    created_at = serializers.DateTimeField()


class ContactFilters(RowFilters):
    """Filters of contacts."""

    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    person = AnyOf("shown_person_id", kind=forms.UUIDField(), help_text="Id of the person.")
    role = AnyOf("role", choices=ContactRole, help_text="What the contact is written to about.")
    country = CountryIs("organisation__country_id", help_text="ISO code of the organisation's country.")

    class Meta:
        model = Contact
        fields: list[str] = []


class ContactBody(Body):
    """A new holder of a role."""

    organisation = RelatedId(lambda scope: Organisation.objects.reached_by(scope))
    person = RelatedId(
        lambda scope: Person.objects.visible_to(scope),
        required=False,
        allow_null=True,
        help_text="Who holds a role in the organisation; left out for a desk.",
    )
    role = serializers.ChoiceField(ContactRole.choices)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)
    valid_from = Day(required=False)


class ContactPatch(Body):
    """Another address, number, language or zone of the same holder."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)


class EndContactBody(Body):
    """The last day on which the address holds the role."""

    valid_until = Day()


class ContactViews(ListRows, ReadRow, ResourceViews):
    """Who is written to about what: a person's address or number, or a desk's. Never public."""

    resource = "contacts"
    tag = "Network"
    row = ContactRow
    filters = ContactFilters
    orderings = {"created_at": "created_at", "role": "role"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = Contact.objects.visible_to(scope).with_shown_person(scope)
        return rows.on(on) if self.action == "list" else rows

    @command(
        body=ContactBody,
        summary="Let an address or a number hold a role.",
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
        summary="Change address, number, language or zone.",
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
