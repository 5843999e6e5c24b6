"""Groups and who is in them: created, changed, joined, left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.network.lifecycle import GroupRole
from members.network.models import Group, GroupParticipation
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

EDITABLE = frozenset({"name", "country_id", "source", "note"})
CORRECTABLE = frozenset({"valid_from", "source", "confidence", "note"})


@transaction.atomic
def create_group(
    *,
    code: str,
    name: str,
    country_id: str | None = None,
    source: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Group:
    """Add a group under a code that is its own. Raises Refused `group_exists`."""
    if Group.objects.filter(code=code).exists():
        raise Refused("There is a group of this code.", code="group_exists")
    group = Group.objects.create(code=code, name=name, country_id=country_id, source=source, note=note, created_at=at)
    record("groups.create", group, actor=actor, at=at, changes={"code": [None, code], "name": [None, name]})
    return group


@transaction.atomic
def update_group(
    *, group_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Group:
    """Change name, country or source; the code stays, others may have written it down. Raises Stale."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    group = _group(group_id)
    if expected_version is not None and group.version != expected_version:
        raise Stale("The group has changed since you read it.")
    changes = {name: [getattr(group, name), new] for name, new in fields.items() if getattr(group, name) != new}
    if not changes:
        return group
    rows = Group.objects.filter(pk=group.pk, version=group.version)
    if not rows.update(**{name: new for name, (_, new) in changes.items()}, version=F("version") + 1):
        raise Stale("The group has changed since you read it.")
    group.refresh_from_db()
    record("groups.update", group, actor=actor, at=at, changes=changes)
    return group


@transaction.atomic
def join_group(
    *,
    group_id: UUID,
    organisation_id: UUID,
    role: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> GroupParticipation:
    """Record an organisation's role in a group; dates None when no source says them, or while it lasts.

    Raises Refused: `participation_exists` when it has a role on one of these days already,
    `coordinator_exists` when another coordinates then; Invalid.
    """
    group = _check_place(group_id, organisation_id, role, valid_from, valid_until)
    participation = GroupParticipation.objects.create(
        group=group,
        organisation_id=organisation_id,
        role=GroupRole(role),
        valid_from=valid_from,
        valid_until=valid_until,
        # Entered without a first day, it is known from the day on which somebody said so.
        proven_from=valid_from or min(at.date(), valid_until or at.date()),
        source=source,
        confidence=confidence,
        note=note,
        recorded_at=at,
    )
    changes: dict[str, list[Any]] = {
        "group": [None, group_id],
        "organisation": [None, organisation_id],
        "role": [None, role],
    }
    record("group-participations.create", participation, actor=actor, at=at, changes=changes)
    return participation


@transaction.atomic
def correct(
    *, participation_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> GroupParticipation:
    """Put right the first day or what is said of the source; the log keeps what stood there. Raises as `join_group`."""
    if unknown := fields.keys() - CORRECTABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    row = _participation(participation_id, expected_version)
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return row
    if "valid_from" in changed:
        start = changed["valid_from"]
        _check_place(row.group_id, row.organisation_id, row.role, start, row.valid_until, but=row)
        changed["proven_from"] = start or min(row.recorded_at.date(), row.valid_until or row.recorded_at.date())
    return _write("update", row, changed, actor=actor, at=at)


@transaction.atomic
def leave_group(
    *, participation_id: UUID, valid_until: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> GroupParticipation:
    """Decide the last day in the group. Raises Refused `already_ended`, Invalid, Stale."""
    row = _participation(participation_id, expected_version)
    if row.valid_until is not None:
        raise Refused("The participation has an end already.", code="already_ended")
    if row.valid_from is not None and valid_until < row.valid_from:
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    return _write("end", row, {"valid_until": valid_until}, actor=actor, at=at)


def _check_place(
    group_id: UUID,
    organisation_id: UUID,
    role: str,
    start: date | None,
    end: date | None,
    but: GroupParticipation | None = None,
) -> Group:
    """The group, locked: two officers enter the same organisation one after the other. Raises Invalid, Refused."""
    if start is not None and end is not None and end < start:
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    group = _group(group_id)
    others = GroupParticipation.objects.filter(group=group).sharing_a_day(start, end)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.filter(organisation_id=organisation_id).exists():
        raise Refused("The organisation is in the group on one of these days already.", code="participation_exists")
    if role == GroupRole.COORDINATOR and others.filter(role=role).exists():
        raise Refused("Another organisation coordinates the group on one of these days.", code="coordinator_exists")
    return group


def _participation(participation_id: UUID, version: int | None) -> GroupParticipation:
    row = GroupParticipation.objects.current().select_for_update().filter(pk=participation_id).first()
    if row is None:
        raise NotFound("There is no such participation.")
    if version is not None and row.version != version:
        raise Stale("The participation has changed since you read it.")
    return row


def _write(
    verb: str, row: GroupParticipation, fields: dict[str, Any], *, actor: Actor, at: datetime
) -> GroupParticipation:
    """Compare and set, then record."""
    changes = {name: [getattr(row, name), value] for name, value in fields.items()}
    rows = GroupParticipation.objects.filter(pk=row.pk, version=row.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The participation has changed since you read it.")
    row.refresh_from_db()
    record(f"group-participations.{verb}", row, actor=actor, at=at, changes=changes)
    return row


def _group(group_id: UUID) -> Group:
    group = Group.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound("There is no such group.")
    return group
