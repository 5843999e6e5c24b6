"""Forget references: 24 months after leaving, on request, and again after a restore. What was counted stays counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from codesign.training.actions import tiles
from codesign.training.models import StaffMember
from codesign.training.querysets import StaffQuerySet, own_rows
from codesign.training.rules import MONTHS_KEPT
from members.people import erasure, ledger, remains
from members.people.erasure import Place
from members.people.models import ErasureLedger
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.calendar import add_months
from registry.kernel.errors import NotFound, Refused

CHUNK = 100
# Of higher capabilities that hold copies of references: each takes the people and their references.
_COPIES: list[Callable[[Sequence[UUID], Collection[str]], None]] = []


def register_copies(forget: Callable[[Sequence[UUID], Collection[str]], None]) -> None:
    """Name who forgets copies of references; once, when the program starts."""
    _COPIES.append(forget)


def forget_leavers(*, on: date, at: datetime) -> int:
    """Erase the references of all who left more than 24 months before `on`; how many. A transaction a chunk."""
    gone = StaffMember.objects.exclude(reference_key=None).filter(left_on__lt=add_months(on, -MONTHS_KEPT))
    count = 0
    while keys := list(gone.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            _forget(keys, at=at)
        count += len(keys)
    return count


@transaction.atomic
def erase(*, staff_id: UUID, actor: Scope, at: datetime) -> StaffMember:
    """Erase the reference of somebody who left and asks for it. Raises NotFound, Refused (`still_employed`)."""
    row = StaffMember.objects.filter(own_rows(actor, company="company", site="site"), pk=staff_id).first()
    if row is None:
        raise NotFound("There is no such person for you.")
    tiles.lock([row.company_id])
    if row.left_on is None or row.left_on > at.date():
        raise Refused(
            "Whoever works here is counted by the reference: record the last day first.", code="still_employed"
        )
    if row.reference_key is not None:
        _forget([row.pk], at=at)
        record("staff.erase", row, actor=actor, at=at)
    row.refresh_from_db()
    return row


def _forget(keys: Sequence[UUID], *, at: datetime) -> None:
    """Empty the rows and what was copied from them, and leave a tombstone for each."""
    references = STAFF.texts(keys)
    _blank(keys, at)
    for forget in _COPIES:
        forget(keys, references)
    remains.redact_events(keys, references)
    remains.drop_answers([*map(str, keys), *(f'"{reference}"' for reference in references)])
    tombstones = erasure.remember(((STAFF.name, key) for key in keys), at=at)
    transaction.on_commit(partial(_settle, tombstones), robust=True)


def _settle(tombstones: Collection[ErasureLedger]) -> None:
    """After the commit: the ledger's second copy, and no trace in SQLite's journal."""
    ledger.append(tombstones)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _blank_again(keys: Collection[UUID], at: datetime) -> None:
    """After a restore: the copies have come back too."""
    references = STAFF.texts(keys)
    for forget in _COPIES:
        forget(list(keys), references)
    _blank(keys, at)


def _blank(keys: Collection[UUID], at: datetime) -> None:
    """Postings, completions and statuses stay: nothing in them tells who it was."""
    StaffMember.objects.filter(pk__in=keys).update(reference="", reference_key=None, changed_at=at)


def _known() -> StaffQuerySet:
    return StaffMember.objects.exclude(reference_key=None)


STAFF = Place(name="staff", rows=_known, of=None, empty=_blank_again, columns=("reference",))
