"""The journal of a merge: each step is done and written down at once, so that it can be taken back exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

from members.organisations.models import Merge, MergeStep, StepKind
from registry.kernel.errors import Refused

CHUNK = 500


class MergeTouched(Refused):
    """What the merge moved has been changed or moved since, so that it can't be taken back as it was."""

    default_code = "merge_touched"


class Journal:
    """Does and records the steps of one merge. Called inside its transaction."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.source: UUID = merge.source_id
        self.target: UUID = merge.target_id
        self.steps: list[MergeStep] = []

    def move(self, model: str, field: str) -> None:
        """Let all rows that point at the source point at the target."""
        rows = apps.get_model(model)._base_manager.filter(**{field: self.source})
        if keys := [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]:
            rows.update(**{field: self.target})
            self._add(StepKind.MOVED, f"{model}.{field}", keys)

    def change(self, row: models.Model, **values: Any) -> None:
        """Give a row other values."""
        before = {name: _plain(getattr(row, name)) for name in values}
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        after = {name: _plain(value) for name, value in values.items()}
        self._add(StepKind.CHANGED, row._meta.label, [str(row.pk)], before, after)

    def created(self, row: models.Model) -> None:
        """Remember a row that the merge made."""
        self._add(StepKind.CREATED, row._meta.label, [str(row.pk)], after=_values(row))

    def delete(self, row: models.Model) -> None:
        """Remove a row to which nothing points any more."""
        self._add(StepKind.DELETED, row._meta.label, [str(row.pk)], _values(row))
        row.delete()

    def keep(self) -> None:
        """Write the steps down."""
        MergeStep.objects.bulk_create(self.steps)

    def counts(self) -> dict[str, int]:
        """How many rows moved, by foreign key."""
        return {step.table: len(step.keys) for step in self.steps if step.kind == StepKind.MOVED}

    def _add(self, kind: StepKind, table: str, keys: list[str], before: Any = None, after: Any = None) -> None:
        self.steps.append(
            MergeStep(
                merge=self.merge,
                position=len(self.steps),
                kind=kind,
                table=table,
                keys=keys,
                before=before or {},
                after=after or {},
            )
        )


def take_back(merge: Merge) -> None:
    """Undo the steps of a merge, the last one first. Raises MergeTouched when it no longer finds what it left."""
    for step in merge.steps.order_by("-position"):
        if not _UNDO[StepKind(step.kind)](step, merge):
            raise MergeTouched(
                "Rows have changed or moved on since the merge.", details={"table": step.table, "kind": step.kind}
            )


def _undo_move(step: MergeStep, merge: Merge) -> bool:
    table, _, field = step.table.rpartition(".")
    rows = apps.get_model(table)._base_manager
    moved = 0
    for keys in _chunks(step.keys):
        moved += rows.filter(pk__in=keys, **{field: merge.target_id}).update(**{field: merge.source_id})
    return moved == len(step.keys)


def _undo_change(step: MergeStep, merge: Merge) -> bool:
    model = apps.get_model(step.table)
    row = model._base_manager.filter(pk=step.keys[0]).first()
    if row is None or any(_plain(getattr(row, name)) != value for name, value in step.after.items()):
        return False
    values = {name: model._meta.get_field(name).to_python(value) for name, value in step.before.items()}
    model._base_manager.filter(pk=row.pk).update(**values)
    return True


def _undo_creation(step: MergeStep, merge: Merge) -> bool:
    row = apps.get_model(step.table)._base_manager.filter(pk=step.keys[0]).first()
    if row is None or _values(row) != step.after:
        return False
    try:
        row.delete()
    except ProtectedError:
        return False
    return True


def _undo_deletion(step: MergeStep, merge: Merge) -> bool:
    model = apps.get_model(step.table)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    model._base_manager.bulk_create([model(**{name: fields[name].to_python(v) for name, v in step.before.items()})])
    return True


_UNDO = {
    StepKind.MOVED: _undo_move,
    StepKind.CHANGED: _undo_change,
    StepKind.CREATED: _undo_creation,
    StepKind.DELETED: _undo_deletion,
}


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    """A value as JSON holds it and `to_python` reads it back, to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
