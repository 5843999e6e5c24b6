"""How a row that carries a version is changed: compare, set, write the audit event."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import models

from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Stale

Row = TypeVar("Row", bound=models.Model)


def legal_day(at: datetime, zone: str) -> date:
    """The day that `at` falls on in `zone`; UTC when the zone is not known."""
    return at.astimezone(ZoneInfo(zone or "UTC")).date()


def change(
    row: Row, *, action: str, actor: Actor, at: datetime, expected_version: int | None = None, **fields: Any
) -> Row:
    """Set `fields` if the row still has the version that was read, and record what changed.

    `expected_version` is what the caller saw; None trusts the row as loaded. Fields that already hold
    their value are left out; without any left, nothing is written. Raises Stale. Call it in a transaction.
    """
    seen = row.version if expected_version is None else expected_version  # type: ignore[attr-defined]
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    rows = type(row)._default_manager.filter(pk=row.pk, version=seen)
    if not (rows.update(**changed, version=seen + 1) if changed else rows.exists()):
        raise Stale("The row has changed since you read it.")
    if changed:
        before = {name: getattr(row, name) for name in changed}
        for name, value in {**changed, "version": seen + 1}.items():
            setattr(row, name, value)
        record(action, row, actor=actor, at=at, changes={name: [before[name], changed[name]] for name in changed})
    return row
