"""Questions about people, their roles and their contact points. Who sees them is said here alone."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, UUIDField

from members.scope import COMPANY_ROLES, Role, Scope

KEEPERS = (*COMPANY_ROLES, Role.MEMBER_GROUP, Role.STOP_PARTNER, Role.LCR)


def _kept(scope: Scope) -> Q:
    """Rows of the caller's own organisations, and for a representative those of its countries."""
    return Q(organisation_id__in=scope.organisations(*KEEPERS)) | Q(organisation__country_id__in=scope.countries)


class _PeriodQuerySet(models.QuerySet):
    """Rows with a first day and, once it is known, a last one."""

    def visible_to(self, scope: Scope) -> Self:
        """Own ones; the Local Code Representative those of its countries; the secretariat all. Never public."""
        return self.all() if scope.wears(Role.SECRETARIAT) else self.filter(_kept(scope))

    def on(self, day: date) -> Self:
        """Rows whose period holds that day."""
        return self.unended(day).filter(valid_from__lte=day)

    def unended(self, day: date) -> Self:
        """Rows that hold on that day or will later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))

    def beyond(self, day: date) -> Self:
        """Rows that would last longer than that day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day))


class PersonRoleQuerySet(_PeriodQuerySet):
    """Questions about roles held."""

    def of_people(self) -> Self:
        """Roles whose person was not erased."""
        return self.filter(person__isnull=False)

    def by_person(self) -> Self:
        """Roles of the outer row's person."""
        return self.filter(person_id=OuterRef("pk"))


class PersonQuerySet(models.QuerySet):
    """Questions about people."""

    def visible_to(self, scope: Scope) -> Self:
        """Those who hold a role where the caller keeps people, or held one there and hold none anywhere now.

        Who has moved on to another organisation is that one's affair.
        """
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        here = self._roles().visible_to(scope)
        return self._of(here, scope.day)

    def own_of(self, scope: Scope, *roles: Role) -> Self:
        """The same, for the caller's own organisations under `roles` alone; the secretariat all."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        return self._of(self._roles().filter(organisation_id__in=scope.organisations(*roles)), scope.day)

    def _of(self, here: PersonRoleQuerySet, day: date) -> Self:
        unended = self._roles().unended(day).by_person()
        return self.filter(Exists(here.unended(day).by_person()) | (Exists(here.by_person()) & ~Exists(unended)))

    def holding(self, roles: PersonRoleQuerySet) -> Self:
        """Those who hold any of `roles`."""
        return self.filter(Exists(roles.by_person()))

    def _roles(self) -> PersonRoleQuerySet:
        return self.model._meta.get_field("roles").related_model.objects


class ContactQuerySet(_PeriodQuerySet):
    """Questions about contact points."""

    def live(self, on: date) -> Self:
        """Contacts that can be written to on that day: an address, in its period and not on hold."""
        return self.on(on).filter(on_hold_since=None).exclude(email="")

    def with_shown_person(self, scope: Scope) -> Self:
        """Add `shown_person_id` and `shown_person_name`: null for a desk, and for a person hidden from the caller."""
        if scope.wears(Role.SECRETARIAT):
            return self.annotate(shown_person_id=F("person_id"), shown_person_name=F("person__name"))
        people = self.model._meta.get_field("person").related_model.objects.visible_to(scope)
        seen = people.filter(pk=OuterRef("person_id"))
        return self.annotate(
            shown_person_id=Subquery(seen.values("pk"), output_field=UUIDField()),
            shown_person_name=Subquery(seen.values("name"), output_field=CharField()),
        )

    def at_addresses(self, emails: set[str], *, within: frozenset[UUID] | None) -> Self:
        """Contact points of desks with one of these addresses; `within` those organisations, None: in all."""
        same = Q(pk__in=())
        for email in sorted(emails):
            same |= Q(email__iexact=email)
        rows = self.filter(same, person=None)
        return rows if within is None else rows.filter(organisation_id__in=within)
