"""Nudges by pieces of work of an officer's list: many at once, with a result for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField

from codesign.fees.models import CodeAgreement
from codesign.reminders.actions.nudging import nudge
from codesign.reminders.models import ReminderKind
from codesign.reminders.nudges import refusals
from codesign.worklist.items import Work, worklist
from codesign.worklist.kinds import WorkKind
from members.scope import Scope
from registry.kernel.compiled import Among, Compiled, Slot, kept

# Kind of work → kind of reminder.
NUDGED: dict[WorkKind, ReminderKind] = {
    WorkKind.REPORT_LATE: ReminderKind.REPORT_DUE,
    WorkKind.APPROVED_UNPAID: ReminderKind.JOINING,
    WorkKind.AGREEMENT_UNSIGNED: ReminderKind.JOINING,
    WorkKind.FEE_OVERDUE: ReminderKind.FEE_DUE,
}


@dataclass(frozen=True, kw_only=True)
class Prod:
    """What became of one item: `code` is empty where a reminder is planned, else why there is none."""

    item: str
    code: str = ""


@transaction.atomic
def nudge_items(*, items: Sequence[str], actor: Scope, at: datetime) -> list[Prod]:
    """Remind the companies behind these pieces of work; a result for each, in their order.

    Codes: `unknown_item` (not on the caller's list), `not_nudgeable`, and those of `nudge`.
    """
    mine = {work.key: work for work in worklist(actor, on=actor.day, everywhere=True)}
    found = {item: mine[item] for item in items if item in mine}
    codes = {item: "not_nudgeable" if item in found else "unknown_item" for item in items}
    for reminder, subjects in _subjects(found.values()).items():
        refused = nudge(kind=reminder, subjects=set(subjects.values()), actor=actor, at=at).refused
        codes |= {item: refused.get(subject, "") for item, subject in subjects.items()}
    return [Prod(item=item, code=codes[item]) for item in items]


def why_not_nudged(works: Iterable[Work], *, at: datetime) -> dict[str, str]:
    """Of work that a reminder would be the answer to, by its key: "" where `nudge_items` would plan one, else its code.

    One query, and one where agreements are among them.
    """
    subjects = _subjects(works)
    said = refusals({kind: of_item.values() for kind, of_item in subjects.items()}, at=at)
    return {
        item: said[kind].get(subject, "not_seen")
        for kind, of_item in subjects.items()
        for item, subject in of_item.items()
    }


def _subjects(works: Iterable[Work]) -> dict[ReminderKind, dict[str, UUID]]:
    """What each piece of work reminds of, by its key; of an agreement to sign: the membership."""
    found: dict[ReminderKind, dict[str, UUID]] = {}
    unsigned: dict[UUID, str] = {}
    for work in works:
        if work.kind == WorkKind.AGREEMENT_UNSIGNED:
            unsigned[work.subject_id] = work.key
        elif work.kind in NUDGED:
            found.setdefault(NUDGED[work.kind], {})[work.key] = work.subject_id
    if unsigned:
        rows = kept("agreements of work", _agreements).rows(keys=list(unsigned))
        joining = {unsigned[key]: membership for key, membership in rows}
        found.setdefault(ReminderKind.JOINING, {}).update(joining)
    return found


def _agreements() -> Compiled:
    rows = CodeAgreement.objects.filter(Among("pk", Slot("keys", UUIDField())))
    return Compiled(rows.order_by().values_list("pk", "membership_id"))
