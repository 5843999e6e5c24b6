"""People: the roles that they hold and how they are reached. Never public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from rest_framework import serializers

from members import refs
from members.api.bodies import Zone
from members.organisations.models import Organisation
from members.people.actions import erasing, people
from members.people.models import Contact, ContactLanguage, ContactRole, HeldRole, Person, PersonRole
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import Many, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

KEEPERS = frozenset({Role.SECRETARIAT, Role.COMPANY_EDITOR, Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER})
# Erasing is the own organisation's: a representative's reach in its countries does not go that far.
OWN_ROLES = (*COMPANY_ROLES, Role.MEMBER_GROUP, Role.STOP_PARTNER, Role.LCR)
PEOPLE_RIGHTS: dict[str, frozenset[str]] = {
    "people.list": KEEPERS | {Role.COMPANY_VIEWER},
    "people.read": KEEPERS | {Role.COMPANY_VIEWER},
    "people.counts": KEEPERS | {Role.COMPANY_VIEWER},
    "people.create": KEEPERS,
    "people.update": KEEPERS,
    "people.roles": KEEPERS,
    "people.leave": KEEPERS,
    "people.erase": KEEPERS,
}


class PersonRoleRow(RowSerializer):
    """A role in an organisation for a time."""

    organisation = refs.organisation()
    role = serializers.ChoiceField(HeldRole.choices)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")


class ContactPointRow(RowSerializer):
    """A point at which the person is reached."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    role = serializers.ChoiceField(ContactRole.choices)
    email = serializers.CharField()
    phone = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")


class PersonRow(RowSerializer):
    """Somebody who holds roles, with those roles and contact points that the caller keeps."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.ChoiceField(ContactLanguage.choices)
    zone = serializers.CharField(help_text="IANA zone of the person's hours.")
    roles = Many(
        PersonRoleRow,
        lambda scope, on: PersonRole.objects.visible_to(scope),
        by="person_id",
        order=("valid_from", "pk"),
    )
    contacts = Many(
        ContactPointRow,
        lambda scope, on: Contact.objects.visible_to(scope),
        by="person_id",
        order=("valid_from", "pk"),
    )
    created_at = serializers.DateTimeField()


class ByRole(AnyOf):
    """People by a column of those of their roles that the caller may see."""

    def filter(self, queryset: QuerySet, value: list[Any]) -> QuerySet:
        if not value:
            return queryset
        roles = PersonRole.objects.visible_to(_scope(self))
        return queryset.holding(roles.filter(**{f"{self.field_name}__in": value}))  # type: ignore[attr-defined]


def _scope(filter_: AnyOf) -> Scope:
    return filter_.parent.request.parser_context["view"].scope


class PersonFilters(RowFilters):
    """Filters of people."""

    q = TextSearch("search_key", help_text="Words of the name; accents and case are forgiven.")
    organisation = ByRole("organisation_id", kind=forms.UUIDField(), help_text="Id of an organisation of theirs.")
    country = ByRole("organisation__country_id", help_text="ISO code of an organisation of theirs.")
    role = ByRole("role", choices=HeldRole, help_text="A role that they hold or held.")
    language = AnyOf("language", choices=ContactLanguage, help_text="Language in which they are written to.")

    class Meta:
        model = Person
        fields: list[str] = []


class PersonBody(Body):
    """A new person with a first role."""

    name = serializers.CharField(max_length=200)
    organisation = RelatedId(lambda scope: Organisation.objects.reached_by(scope))
    role = serializers.ChoiceField(HeldRole.choices)
    valid_from = Day(required=False)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)


class PersonPatch(Body):
    """Another name, language or zone."""

    name = serializers.CharField(max_length=200, required=False)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)
    zone = Zone(required=False)


class PersonRoleBody(Body):
    """A further role."""

    organisation = RelatedId(lambda scope: Organisation.objects.reached_by(scope))
    role = serializers.ChoiceField(HeldRole.choices)
    valid_from = Day(required=False)


class LeaveOrganisationBody(Body):
    """The last day in an organisation."""

    organisation = RelatedId(lambda scope: Organisation.objects.reached_by(scope))
    valid_until = Day()


class RoleCountsParameters(Body):
    """The day asked about."""

    valid_on = Day(required=False, help_text="As of this day; today when left out.")


class RoleCountAnswer(serializers.Serializer):
    """How often one role is held."""

    role = serializers.ChoiceField(HeldRole.choices)
    count = serializers.IntegerField()


class RoleCountsAnswer(serializers.Serializer):
    """Roles held on a day in the organisations whose people the caller keeps."""

    on = serializers.DateField()
    total = serializers.IntegerField(help_text="Roles, not people; those of people erased since are counted.")
    roles = RoleCountAnswer(many=True)


class ErasedAnswer(serializers.Serializer):
    """What an erasure took away."""

    id = serializers.UUIDField()
    erased_at = serializers.DateTimeField()
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="Rows emptied, by kind.")
    roles_kept = serializers.IntegerField(help_text="Roles that go on counting, without the person.")
    stored_answers = serializers.IntegerField(help_text="Answers kept for retries that were emptied.")


class PersonViews(ListRows, ReadRow, ResourceViews):
    """People of an organisation, kept by itself, by its representative and by the secretariat. Never public.

    The list holds whoever has a role on the day. Who has gone to another organisation is seen there.
    """

    resource = "people"
    tag = "Network"
    row = PersonRow
    filters = PersonFilters
    orderings = {"name": "search_key", "created_at": "created_at"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        seen = Person.objects.visible_to(scope)
        return seen.holding(PersonRole.objects.visible_to(scope).on(on)) if self.action == "list" else seen

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Person.objects.own_of(scope, *OWN_ROLES) if self.action == "erase" else self.rows(scope, on=on)

    @command(
        body=PersonBody,
        summary="Enter a person with a first role.",
        example={
            "name": "Camille Fictif",
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "role": "reporting_officer",
            "language": "fr",
        },
    )
    def create(self, call: Call) -> Any:
        return people.add(**call.data, actor=call.scope, at=call.at)

    @command(
        body=PersonPatch, if_match="optional", summary="Change name, language or zone.", example={"language": "nl"}
    )
    def update(self, call: Call) -> Any:
        return people.update(person_id=call.uuid, **self._change(call))

    @command(
        detail=True,
        status=201,
        body=PersonRoleBody,
        if_match="optional",
        summary="Give a further role.",
        example={"organisation": "01936f5e-0000-7000-8000-000000000001", "role": "trainer", "valid_from": "2027-01-01"},
    )
    def roles(self, call: Call) -> Any:
        return people.give_role(person_id=call.uuid, **self._change(call))

    @command(
        detail=True,
        body=LeaveOrganisationBody,
        if_match="optional",
        summary="End all roles and contact points in an organisation: nothing is sent there after that day.",
        example={"organisation": "01936f5e-0000-7000-8000-000000000001", "valid_until": "2026-12-31"},
    )
    def leave(self, call: Call) -> Any:
        return people.leave(person_id=call.uuid, **self._change(call))

    @command(
        detail=True,
        answer=ErasedAnswer,
        if_match="optional",
        summary="Erase a person everywhere, for good; counts stay.",
    )
    def erase(self, call: Call) -> Any:
        """Takes away name, addresses, log-in and invitations, also from stored answers; roles end and still count.

        There is no way back. A backup that is restored later is erased again.
        """
        scope = call.scope
        within = None if scope.wears(Role.SECRETARIAT) else scope.organisations(*OWN_ROLES)
        erased = erasing.erase(
            person_id=call.uuid, within=within, expected_version=call.version, actor=scope, at=call.at
        )
        return {
            "id": erased.person_id,
            "erased_at": erased.erased_at,
            "rows": erased.rows,
            "roles_kept": erased.roles_kept,
            "stored_answers": erased.stored_answers,
        }

    @query(
        params=RoleCountsParameters,
        answer=RoleCountsAnswer,
        summary="Count roles held on a day, those of erased people included.",
    )
    def counts(self, call: Call) -> Any:
        held = PersonRole.objects.visible_to(call.scope).on(call.on)
        counted = held.order_by("role").values("role").annotate(count=Count("pk"))
        roles = [{"role": row["role"], "count": row["count"]} for row in counted]
        return {"on": call.on, "total": sum(row["count"] for row in roles), "roles": roles}

    @staticmethod
    def _change(call: Call) -> dict[str, Any]:
        return {"expected_version": call.version, **call.data, "actor": call.scope, "at": call.at}


def add_to(router: Router) -> None:
    """Put the resource on the register's router."""
    router.add(PersonViews)
