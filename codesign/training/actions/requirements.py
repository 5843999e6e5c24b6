"""Requirements: drafted, published, and from then on frozen."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.training.actions import tiles
from codesign.training.models import Requirement, StaffMember
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

DEFAULTS = Path(__file__).resolve().parents[2] / "data" / "training_requirements.csv"
_KEY = ("scheme", "role", "country_id", "effective_from")
_NUMBERS = ("validity_months", "refresher_months", "grace_days", "seasonal_grace_days")
_SHARES = ("target_share", "grace_flag_share")


@transaction.atomic
def load_defaults(*, actor: Actor, at: datetime, path: Path = DEFAULTS) -> int:
    """Publish the rows of the defaults file that are not there yet; how many. Safe to run twice."""
    published = set(Requirement.objects.exclude(published_at=None).values_list(*_KEY))
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [_read(row) for row in csv.DictReader(lines)]
    fresh = [row for row in rows if tuple(row[name] for name in _KEY) not in published]
    for values in fresh:  # a handful of rows, each with its own event
        row = Requirement.objects.create(**values, published_at=at, created_at=at)
        record("training-requirements.publish", row, actor=actor, at=at)
    if fresh:
        _rebuild(StaffMember.objects.all())
    return len(fresh)


@transaction.atomic
def draft(*, actor: Actor, at: datetime, **values: Any) -> Requirement:
    """Draft a requirement; it counts for nothing until it is published."""
    row = Requirement.objects.create(**values, created_at=at)
    record("training-requirements.create", row, actor=actor, at=at)
    return row


@transaction.atomic
def change(
    *, requirement_id: UUID, expected_version: int | None, actor: Actor, at: datetime, **values: Any
) -> Requirement:
    """Change a draft. Raises Refused for a published one, Stale."""
    row = _locked(requirement_id, expected_version)
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if changes:
        for name, (_, value) in changes.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*changes, "version"])
        record("training-requirements.update", row, actor=actor, at=at, changes=changes)
    return row


@transaction.atomic
def publish(*, requirement_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> Requirement:
    """Let a draft count from its day on, which has not come yet: no figure of a past day ever changes.

    Raises Refused when it is published or another one counts from that day, Invalid for a day that has come.
    """
    row = _locked(requirement_id, expected_version)
    if row.effective_from <= at.date():
        raise Invalid.at("/effective_from", "in_past", "A rule counts from a day that has not come yet.")
    twin = Requirement.objects.exclude(published_at=None)
    if twin.filter(**{name: getattr(row, name) for name in _KEY}).exists():
        raise Refused("Another rule for the same people counts from that day.", code="already_recorded")
    row.published_at, row.version = at, row.version + 1
    row.save(update_fields=["published_at", "version"])
    record("training-requirements.publish", row, actor=actor, at=at, changes={"published_at": [None, at]})
    _rebuild(_concerned(row))
    return row


def _locked(requirement_id: UUID, expected_version: int | None) -> Requirement:
    row = Requirement.objects.select_for_update().filter(pk=requirement_id).first()
    if row is None:
        raise NotFound("There is no such requirement.")
    if expected_version is not None and row.version != expected_version:
        raise Stale("The requirement has changed since you read it.", details={"version": row.version})
    if row.published_at is not None:
        raise Refused("A published requirement is frozen; publish a newer one.", code="frozen")
    return row


def _concerned(row: Requirement) -> Any:
    """Who may stand in a post that the rule is for, on its first day or later."""
    people = StaffMember.objects.filter(tiles__last_day__gte=row.effective_from)
    if row.role:
        people = people.filter(tiles__role=row.role)
    return people.distinct()


def _rebuild(people: Any) -> None:
    rows = list(people.order_by("pk").values_list("pk", "company_id"))
    tiles.lock({company for _, company in rows})
    book = tiles.rulebook()
    for start in range(0, len(rows), tiles.CHUNK):
        tiles.rebuild(dict(rows[start : start + tiles.CHUNK]), book=book)


def _read(row: dict[str, str]) -> dict[str, Any]:
    """One row of the defaults file as values of the model."""
    return {
        "scheme": row["scheme"],
        "role": row["role"],
        "country_id": row["country"] or None,
        "effective_from": date.fromisoformat(row["effective_from"]),
        "yearly_window": row["yearly_window"] == "true",
        "source": row["source"],
        **{name: int(row[name]) for name in _NUMBERS},
        **{name: Decimal(row[name]) for name in _SHARES},
    }
