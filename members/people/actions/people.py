"""People and the roles that they hold. Names and addresses are never written into the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest

from members.organisations.models import Organisation
from members.people.models import ContactLanguage, HeldRole, Person, PersonRole
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale
from registry.kernel.text import search_key

EDITABLE = frozenset({"name", "language", "zone"})
NOT_KEPT = "(not kept)"


@transaction.atomic
def add(
    *,
    name: str,
    organisation_id: UUID,
    role: str,
    valid_from: date | None = None,
    language: str = ContactLanguage.EN,
    zone: str = "",
    actor: Actor,
    at: datetime,
) -> Person:
    """Enter a person with a first role, from the day of `at` unless said; zone: the organisation's unless given."""
    organisation = _organisation(organisation_id)
    person = Person.objects.create(
        name=name,
        search_key=search_key(name),
        language=ContactLanguage(language),
        zone=zone or organisation.zone,
        created_at=at,
    )
    _hold(person, organisation_id, role, valid_from, at=at)
    record("people.create", person, actor=actor, at=at, changes=_role_changes(organisation_id, role))
    return person


@transaction.atomic
def update(
    *, person_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Person:
    """Change name, language or zone."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    person = expected(person_id, expected_version)
    changed = {name: value for name, value in fields.items() if getattr(person, name) != value}
    if not changed:
        return person
    changes = {name: [getattr(person, name), value] for name, value in changed.items()}
    if "name" in changed:
        changes["name"] = [NOT_KEPT, NOT_KEPT]
        changed["search_key"] = search_key(changed["name"])
    return _write("people.update", person, changed, changes, actor=actor, at=at)


@transaction.atomic
def give_role(
    *,
    person_id: UUID,
    organisation_id: UUID,
    role: str,
    valid_from: date | None = None,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Person:
    """Let the person hold a further role from a day on. Raises Refused (`role_held`)."""
    person = expected(person_id, expected_version)
    start = valid_from or at.date()
    if person.roles.unended(start).filter(organisation_id=organisation_id, role=role).exists():
        raise Refused("The person holds this role already.", code="role_held")
    _organisation(organisation_id)
    _hold(person, organisation_id, role, start, at=at)
    return _write("people.roles", person, {}, _role_changes(organisation_id, role), actor=actor, at=at)


@transaction.atomic
def leave(
    *,
    person_id: UUID,
    organisation_id: UUID,
    valid_until: date,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Person:
    """End every role and contact point of the person in an organisation: nothing is sent there after that day.

    What ends earlier already stays as it is. Raises Refused (`holds_no_role`), Invalid (`before_start`).
    """
    person = expected(person_id, expected_version)
    roles = person.roles.beyond(valid_until).filter(organisation_id=organisation_id)
    points = person.contacts.beyond(valid_until).filter(organisation_id=organisation_id)
    if not roles.exists() and not points.exists():
        raise Refused("The person holds no role in this organisation.", code="holds_no_role")
    if roles.filter(valid_from__gt=valid_until).exists():
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    # A point that was entered after the last day told of now has served already: it ends with its first day.
    points.filter(valid_from__gt=max(valid_until, at.date())).delete()
    last_day = Greatest(F("valid_from"), Value(valid_until, output_field=DateField()))
    ended = points.update(valid_until=last_day, version=F("version") + 1)
    changes = {
        "organisation": [organisation_id, None],
        "valid_until": [None, valid_until],
        "roles": [roles.update(valid_until=valid_until), 0],
        "contacts": [ended, 0],
    }
    return _write("people.leave", person, {}, changes, actor=actor, at=at)


def expected(person_id: UUID, version: int | None) -> Person:
    """The person, locked, in the version that the caller means."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    if version is not None and person.version != version:
        raise Stale("The person has changed since you read it.")
    return person


def holds_role_in(person_id: UUID, organisation_id: UUID, *, on: date) -> bool:
    """Whether the person holds any role there on that day or will later."""
    roles = PersonRole.objects.filter(person_id=person_id, organisation_id=organisation_id)
    return roles.unended(on).exists()


def _organisation(organisation_id: UUID) -> Organisation:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation


def _hold(person: Person, organisation_id: UUID, role: str, valid_from: date | None, *, at: datetime) -> None:
    PersonRole.objects.create(
        person=person,
        organisation_id=organisation_id,
        role=HeldRole(role),
        valid_from=valid_from or at.date(),
        created_at=at,
    )


def _role_changes(organisation_id: UUID, role: str) -> dict[str, list[Any]]:
    return {"organisation": [None, organisation_id], "role": [None, role]}


def _write(
    action: str, person: Person, fields: dict[str, Any], changes: dict[str, Any], *, actor: Actor, at: datetime
) -> Person:
    """Compare and set, then record."""
    rows = Person.objects.filter(pk=person.pk, version=person.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The person has changed since you read it.")
    person.refresh_from_db()
    record(action, person, actor=actor, at=at, changes=changes)
    return person
