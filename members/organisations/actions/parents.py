"""Say who belongs to whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from members.organisations.actions.writing import expected, write
from members.organisations.models import Organisation, Parentage, ParentageKind
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Refused


class ParentRing(Refused):
    """The parent belongs, however indirectly, to the child."""

    default_code = "parent_ring"


@transaction.atomic
def set_parent(
    *,
    child_id: UUID,
    parent_id: UUID | None,
    kind: str = ParentageKind.OWNED,
    valid_from: date | None = None,
    actor: Actor,
    at: datetime,
) -> Parentage | None:
    """From a day on `child` belongs to `parent`; the open parent of that kind ends the day before.

    `parent_id` None only ends it; `valid_from` None means since ever. Raises ParentRing, Refused.
    """
    Parentage.objects.lock_all()
    child = expected(child_id, None)
    # A chain whose links touch the period on different days is refused too: rare, and never wrong by much.
    if parent_id and parent_id in Organisation.objects.tree_between([child_id], valid_from, None):
        fault = Fault("/parent", "parent_ring", "The parent belongs to the child already.")
        raise ParentRing(fault.message, faults=(fault,))
    before = _end_parent(child_id, ParentageKind(kind), valid_from, at=at)
    changes = {f"parent_{kind}": [before, parent_id]}
    write(child, {})
    record("organisations.set_parent", child, actor=actor, at=at, changes=changes)
    if parent_id is None:
        return None
    return Parentage.objects.create(
        child_id=child_id, parent_id=parent_id, kind=kind, valid_from=valid_from, recorded_at=at
    )


def _end_parent(child_id: UUID, kind: ParentageKind, start: date | None, *, at: datetime) -> UUID | None:
    """Let the open parent of a kind end before `start`: superseded by a copy that ends. Its id, or None."""
    held = Parentage.objects.current().filter(child_id=child_id, kind=kind)
    link = held.filter(valid_until=None).first()
    blocking = held.exclude(valid_until=None)
    if start is not None:
        blocking = blocking.filter(valid_until__gte=start)
    if blocking.exists() or (link and (start is None or (link.valid_from and link.valid_from >= start))):
        raise Refused("It has a parent of this kind in that period.", code="parent_overlaps")
    if link is None:
        return None
    Parentage.objects.filter(pk=link.pk).update(superseded_at=at)
    Parentage.objects.create(
        child_id=child_id,
        parent_id=link.parent_id,
        kind=kind,
        valid_from=link.valid_from,
        valid_until=start - timedelta(days=1) if start else None,
        recorded_at=at,
    )
    return link.parent_id
