"""People, their roles and contact points for tests. Nobody here exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from members.people.models import Contact, ContactRole, HeldRole, Person, PersonRole
from registry.kernel.text import search_key
from tests.factories.organisations import make_organisation

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def make_contact(**overrides: Any) -> Contact:
    """A reporting officer in post since January 2026."""
    if not {"organisation", "organisation_id"} & set(overrides):
        overrides["organisation"] = make_organisation()
    defaults: dict[str, Any] = {
        "role": ContactRole.REPORTING_OFFICER,
        "email": f"officer{next(_numbers)}@reseau-fictif.example",
        "language": "fr",
        "zone": "Europe/Brussels",
        "valid_from": date(2026, 1, 1),
        "created_at": AT,
    }
    return Contact.objects.create(**{**defaults, **overrides})


def make_person(*, organisation: Any = None, role: str = HeldRole.REPORTING_OFFICER, **overrides: Any) -> Person:
    """A person in post since January 2026 in an organisation, a new one unless told."""
    name = overrides.pop("name", f"Camille Fictif {next(_numbers)}")
    defaults: dict[str, Any] = {"language": "fr", "zone": "Europe/Brussels", "created_at": AT}
    person = Person.objects.create(name=name, search_key=search_key(name), **{**defaults, **overrides})
    make_held_role(person=person, organisation=organisation or make_organisation(), role=role)
    return person


def make_held_role(**overrides: Any) -> PersonRole:
    """A role held since January 2026."""
    defaults: dict[str, Any] = {
        "role": HeldRole.REPORTING_OFFICER,
        "valid_from": date(2026, 1, 1),
        "created_at": AT,
    }
    return PersonRole.objects.create(**{**defaults, **overrides})
