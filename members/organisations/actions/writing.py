"""How a row of an organisation is read for a change and written back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from members.organisations.models import Organisation
from registry.kernel.errors import Invalid, NotFound, Stale


def expected(organisation_id: UUID, version: int | None) -> Organisation:
    """The organisation in the version that the caller read (any when None). Raises NotFound, Stale."""
    organisation = Organisation.objects.standing().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    if version is not None and organisation.version != version:
        raise Stale("The organisation has changed since you read it.")
    return organisation


def write(organisation: Organisation, fields: dict[str, Any]) -> None:
    """Compare and set: the row as it was read, or Stale."""
    rows = Organisation.objects.filter(pk=organisation.pk, version=organisation.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The organisation has changed since you read it.")
    organisation.refresh_from_db()


def check_period(valid_from: date | None, valid_until: date | None) -> None:
    """Refuse an end before its start. Raises Invalid."""
    if valid_from and valid_until and valid_until < valid_from:
        raise Invalid.at("/valid_until", "end_before_start", "It ends before it begins.")
