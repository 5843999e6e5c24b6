"""Nudges by pieces of work of an officer's list: many at once, with a result for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from codesign.companies.models import CodeMembership
from codesign.fees.models import CodeAgreement, Invoice
from codesign.reminders.actions.nudging import nudge
from codesign.reminders.models import ReminderKind
from codesign.reporting.models import ReportObligation
from codesign.worklist.items import worklist
from codesign.worklist.kinds import WorkKind
from members.scope import Scope

# Kind of work → kind of reminder, and where the membership of the row stands.
NUDGED: dict[WorkKind, tuple[ReminderKind, Callable[[], QuerySet], str]] = {
    WorkKind.REPORT_LATE: (ReminderKind.REPORT_DUE, ReportObligation.objects.all, "membership_id"),
    WorkKind.APPROVED_UNPAID: (ReminderKind.JOINING, CodeMembership.objects.all, "pk"),
    WorkKind.AGREEMENT_UNSIGNED: (ReminderKind.JOINING, CodeAgreement.objects.all, "membership_id"),
    WorkKind.FEE_OVERDUE: (ReminderKind.FEE_DUE, Invoice.objects.all, "membership_id"),
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
    wanted: dict[ReminderKind, dict[str, UUID]] = {}
    for kind, (reminder, rows, column) in NUDGED.items():
        keys = {work.subject_id: item for item, work in found.items() if work.kind == kind}
        for key, membership in _memberships(rows(), column, keys):
            wanted.setdefault(reminder, {})[keys[key]] = membership
    for reminder, of_item in wanted.items():
        refused = nudge(kind=reminder, memberships=set(of_item.values()), actor=actor, at=at).refused
        codes |= {item: refused.get(membership, "") for item, membership in of_item.items()}
    return [Prod(item=item, code=codes[item]) for item in items]


def _memberships(rows: QuerySet, column: str, keys: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    return list(rows.filter(pk__in=keys).order_by("pk").values_list("pk", column)) if keys else []
