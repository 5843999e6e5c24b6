"""Make two rows one body, and take that back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from members.organisations import relations, undoing
from members.organisations.actions.writing import write
from members.organisations.models import Merge, MergeStep, Organisation, Parentage, StepKind
from members.organisations.rules import UNDO_DAYS
from registry.kernel.audit.actions import record, record_all
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, NotFound, Refused, Stale

MOVED = "organisations.move_along"


@transaction.atomic
def merge(
    *,
    organisation_id: UUID,
    into_id: UUID,
    reason: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Let `into` take over everything of the organisation, whose id leads to it from now on; `into` as it stands then.

    Raises Invalid, Refused with every conflict, Stale.
    """
    if organisation_id == into_id:
        raise Invalid.at("/into", "merge_into_itself", "An organisation can't be merged into itself.")
    Parentage.objects.lock_all()
    source, target = _locked(organisation_id, into_id)
    if source.merged_into_id or target.merged_into_id:
        raise NotFound("There is no such organisation.")
    _expect(source, expected_version)
    _refuse_relatives(source.pk, target.pk)
    if conflicts := relations.conflicts(source.pk, target.pk):
        details = {"conflicts": conflicts}
        raise Refused("Rows of both exclude each other; settle them first.", code="merge_conflict", details=details)
    row = Merge.objects.create(source=source, target=target, reason=reason, merged_at=at, actor_label=actor.label)
    journal = undoing.Journal(row)
    relations.move_all(journal)
    journal.keep()
    write(source, {"merged_into": target})
    write(target, {})
    changes: dict[str, list[Any]] = {"merged_into": [None, target.pk], "moved": [None, journal.counts()]}
    record("organisations.merge", source, actor=actor, at=at, changes=changes | {"reason": [None, reason]})
    record("organisations.take_over", target, actor=actor, at=at, changes={"merged": [None, source.pk]})
    _tell_moved(journal.steps, source.pk, target.pk, actor=actor, at=at)
    return target


@transaction.atomic
def unmerge(*, organisation_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> Organisation:
    """Take a merge back within 30 days: what it moved returns, what came since stays where it is.

    Raises NotFound, Refused `undo_expired`, MergeTouched, Stale.
    """
    Parentage.objects.lock_all()
    row = Merge.objects.filter(source=organisation_id, undone_at=None).first()
    if row is None:
        raise NotFound("This organisation is not merged.")
    source, target = _locked(row.source_id, row.target_id)
    _expect(source, expected_version)
    if at > row.merged_at + timedelta(days=UNDO_DAYS):
        raise Refused(f"A merge can be taken back for {UNDO_DAYS} days.", code="undo_expired")
    if source.merged_into_id != target.pk:
        raise undoing.MergeTouched("The other organisation has been merged since: take that back first.")
    undoing.take_back(row)
    Merge.objects.filter(pk=row.pk).update(undone_at=at)
    write(source, {"merged_into": None})
    write(target, {})
    record("organisations.unmerge", source, actor=actor, at=at, changes={"merged_into": [target.pk, None]})
    _tell_moved(row.steps.order_by("position"), target.pk, source.pk, actor=actor, at=at)
    return source


def _tell_moved(steps: Iterable[MergeStep], before: UUID, after: UUID, *, actor: Actor, at: datetime) -> None:
    """Name every moved row in the log: who reads changes alone learns whose it is now."""
    for step in steps:
        table, _, field = step.table.rpartition(".")
        if step.kind == StepKind.MOVED:
            model = apps.get_model(table)
            if isinstance(model._meta.pk, models.UUIDField):
                keys = map(UUID, step.keys)
                record_all(MOVED, model, keys, actor=actor, at=at, changes={field: [before, after]})


def _locked(*keys: UUID) -> list[Organisation]:
    """The organisations in the order asked for, locked in the order of their keys."""
    rows = {row.pk: row for row in Organisation.objects.filter(pk__in=keys).order_by("pk").select_for_update()}
    if len(rows) < len(keys):
        raise NotFound("There is no such organisation.")
    return [rows[key] for key in keys]


def _expect(source: Organisation, version: int | None) -> None:
    if version is not None and source.version != version:
        raise Stale("The organisation has changed since you read it.")


def _refuse_relatives(source: UUID, target: UUID) -> None:
    """One of them belongs to the other, now or once: then they are two."""
    for above, below, what in ((source, target, "below"), (target, source, "above")):
        if below in Organisation.objects.tree_between([above], None, None):
            fault = Fault("/into", f"merge_into_one_{what}", f"It stands {what} the organisation in its tree.")
            raise Refused(fault.message, code="merge_within_tree", faults=(fault,))
