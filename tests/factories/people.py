"""Contacts for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from members.people.models import Contact, ContactRole
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
