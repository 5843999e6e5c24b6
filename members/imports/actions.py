"""Imports: taken, labelled, carried out, given up.

Labelling tries every row out and rolls it back: what the plan says is what carrying it out will do, rule by
rule. Rows go in chunks, each a transaction of its own when there are many, so that a worker that dies loses
one chunk and the next one goes on.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from members.imports import lists
from members.imports.columns import Header, Line
from members.imports.judging import REFUSALS, Chunk, Judgement
from members.imports.kinds import IMPORTERS
from members.imports.lifecycle import PLANNED_WORK, ImportKind, ImportMove, ImportState, RowLabel, target_of
from members.imports.models import Import, ImportRow
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, NotFound, Stale
from registry.kernel.files.tables import Table

# At once, within the request; a row costs about ten milliseconds and on SQLite every other writer waits.
AT_ONCE = CHUNK = 500
CHANGED = Fault("", "changed_since_plan", "The register has changed since the plan; import the row again.")


@transaction.atomic
def take(*, kind: str, table: Table, file_name: str = "", actor: Actor, at: datetime) -> Import:
    """Keep a table and label its rows: at once when they are few, else chunk by chunk by `go_on`.

    A representative brings companies of its own countries.
    Raises Invalid; Forbidden `secretariat_only`, `mandate_ended`.
    """
    countries = _countries_of(kind, actor)
    header = _header(kind, table.columns)
    told = json.dumps([table.columns, table.rows], ensure_ascii=False).encode()
    packed = json.dumps(list(zip(table.numbers, table.rows, strict=True)), ensure_ascii=False).encode()
    upload = Import.objects.create(
        kind=kind,
        file_name=file_name,
        sha256=hashlib.sha256(told).hexdigest(),
        packed=zlib.compress(packed),
        columns=table.columns,
        unread=header.unread,
        row_count=len(table.rows),
        countries=countries,
        counts=_counted(Counter({"waiting": len(table.rows)})),
        created_at=at,
        actor_id=actor.user_id,
        token_id=actor.token_id,
        actor_label=actor.label,
        request_id=actor.request_id,
    )
    changes: dict[str, list[Any]] = {"kind": [None, kind], "rows": [None, upload.row_count]}
    record("imports.create", upload, actor=actor, at=at, changes=changes)
    _at_once(upload, at=at)
    return upload


@transaction.atomic
def confirm(*, import_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> Import:
    """Carry the plan out, row by row as labelled; a row whose target has changed since becomes a conflict.

    Raises MoveNotAllowed, Stale, Forbidden `mandate_ended`.
    """
    upload = _locked(import_id, expected_version)
    if upload.countries is not None and not set(upload.countries) <= set(_countries_of(upload.kind, actor) or []):
        raise Forbidden("Your mandate does not cover every country of this table any more.", code="mandate_ended")
    target = target_of(ImportMove.CONFIRM, upload.state)
    # The log has every row under the request that confirmed, whoever carries it out.
    _write(
        upload,
        state=target,
        confirmed_at=at,
        actor_id=actor.user_id,
        token_id=actor.token_id,
        actor_label=actor.label,
        request_id=actor.request_id,
    )
    record("imports.confirm", upload, actor=actor, at=at, changes={"counts": [None, upload.counts]})
    _at_once(upload, at=at)
    return upload


@transaction.atomic
def abort(*, import_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> Import:
    """Give the import up: rows that were not written stay unwritten. Raises MoveNotAllowed, Stale."""
    upload = _locked(import_id, expected_version)
    target = target_of(ImportMove.ABORT, upload.state)
    record("imports.abort", upload, actor=actor, at=at, changes={"state": [upload.state, target]})
    return _write(upload, state=target, finished_at=at)


@transaction.atomic
def go_on(*, import_id: UUID, at: datetime) -> bool:
    """Label or carry out the next chunk; whether there is more to do. Two workers never do the same chunk."""
    upload = Import.objects.unfinished().select_for_update(skip_locked=True).filter(pk=import_id).first()
    if upload is None:
        return False
    _step(upload, at=at)
    return upload.state in {ImportState.PLANNING, ImportState.APPLYING}


def _countries_of(kind: str, actor: Actor) -> list[str] | None:
    """Of which countries the rows may be; None: of any."""
    if not isinstance(actor, Scope) or actor.wears(Role.SECRETARIAT):
        return None
    if kind != ImportKind.COMPANIES:
        raise Forbidden("The network's tables are the secretariat's to bring.", code="secretariat_only")
    if not actor.countries:
        raise Forbidden("Your mandate covers no country today.", code="mandate_ended")
    return sorted(actor.countries)


def _at_once(upload: Import, *, at: datetime) -> None:
    if upload.row_count > AT_ONCE:
        return
    working = upload.state
    while upload.state == working:
        _step(upload, at=at)


def _step(upload: Import, *, at: datetime) -> None:
    """One chunk, or the end of the phase when no row waits any more."""
    ended: dict[str, Any] = {}
    if upload.state == ImportState.PLANNING:
        rows, is_last = _next_rows(upload)
        _plan(upload, rows, at=at)
        if is_last:
            ended = {"state": ImportState.PLANNED, "planned_at": at, "packed": None}
    else:
        waiting = upload.rows.filter(label__in=PLANNED_WORK, applied_at=None).order_by("chunk", "number")
        if first := waiting.first():
            _apply(upload, list(waiting.filter(chunk=first.chunk)), at=at)
        if not waiting.exists():
            ended = {"state": ImportState.APPLIED, "finished_at": at}
    _write(upload, counts=_counts(upload), **ended)


def _next_rows(upload: Import) -> tuple[list[ImportRow], bool]:
    """The next chunk that has no plan yet, and whether it is the last."""
    assert upload.packed is not None
    done = upload.rows.count()
    rows = json.loads(zlib.decompress(upload.packed))[done : done + CHUNK]
    found = [ImportRow(upload=upload, number=number, cells=cells, chunk=done // CHUNK) for number, cells in rows]
    return found, done + len(rows) == upload.row_count


def _plan(upload: Import, rows: list[ImportRow], *, at: datetime) -> None:
    """Label rows by trying them out, one after the other, and taking all of it back."""
    if not rows:
        return
    first, numbers = rows[0], dict[str, int]()

    def seen(key: str) -> int | None:
        """The earlier row of the table that has this key; in the first chunk no query."""
        if key in numbers or not first.chunk:
            return numbers.get(key)
        earlier = upload.rows.filter(key=key, number__lt=first.number).exclude(label=RowLabel.ERROR)
        return earlier.order_by("number").values_list("number", flat=True).first()

    with _tried():
        chunk = Chunk(IMPORTERS[upload.kind], _lines(upload, rows), at=at, seen=seen, countries=upload.countries)
        for row, judgement in zip(rows, chunk.judgements(), strict=True):
            meant = None if chunk.register.is_ours(judgement.organisation_id) else judgement.organisation_id
            _carried_out(chunk, judgement, actor=Actor(label=upload.actor_label))
            if judgement.key and judgement.label != RowLabel.ERROR:
                numbers.setdefault(judgement.key, row.number)
            _note(row, judgement, organisation_id=meant)
    ImportRow.objects.bulk_create(rows, 500)


def _apply(upload: Import, rows: list[ImportRow], *, at: datetime) -> None:
    """Carry out what was planned, where the register still gives the same plan."""
    made = upload.rows.filter(is_new_organisation=True, applied_at__isnull=False)
    ours = frozenset(key for key in made.values_list("organisation_id", flat=True) if key)
    actor = Actor(
        user_id=upload.actor_id, token_id=upload.token_id, label=upload.actor_label, request_id=upload.request_id
    )
    # What was there when the table came, the plan has compared; only what has come since is looked at again.
    lines = _lines(upload, rows)
    chunk = Chunk(
        IMPORTERS[upload.kind], lines, at=at, ours=ours, likely_since=upload.created_at, countries=upload.countries
    )
    for row, judgement in zip(rows, chunk.judgements(), strict=True):
        if not _is_as_planned(row, judgement, chunk):
            judgement.refuse(RowLabel.CONFLICT, CHANGED)
        elif _carried_out(chunk, judgement, actor=actor):
            row.target_id, row.organisation_id, row.applied_at = judgement.target.pk, judgement.organisation_id, at
            continue
        row.label, row.faults = judgement.label, _shown(judgement.faults)
    # An upsert: the CASE of bulk_update took longer than all the rest.
    fields = ["label", "faults", "target_id", "organisation_id", "applied_at"]
    ImportRow.objects.bulk_create(rows, 500, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _carried_out(chunk: Chunk, judgement: Judgement, *, actor: Actor) -> bool:
    """Do one row, or label it by what stood in its way."""
    if judgement.label not in PLANNED_WORK:
        return False
    try:
        with transaction.atomic():
            chunk.carry_out(judgement, actor=actor)
    except REFUSALS as error:
        chunk.refusal(judgement, error)
        return False
    return True


@contextmanager
def _tried() -> Iterator[None]:
    """Take everything inside back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _is_as_planned(row: ImportRow, judgement: Judgement, chunk: Chunk) -> bool:
    meant = None if chunk.register.is_ours(judgement.organisation_id) else judgement.organisation_id
    now = (judgement.label, judgement.target_id, judgement.target_version, meant, judgement.changes)
    return now == (row.label, row.target_id, row.target_version, row.organisation_id, row.changes)


def _note(row: ImportRow, judgement: Judgement, *, organisation_id: UUID | None) -> None:
    row.label, row.key, row.faults = judgement.label, judgement.key, _shown(judgement.faults)
    row.candidates, row.changes = judgement.candidates, judgement.changes
    row.target_id, row.target_version = judgement.target_id, judgement.target_version
    row.organisation_id, row.is_new_organisation = organisation_id, judgement.is_new_organisation
    row.is_uncertain = judgement.is_uncertain


def _shown(faults: list[Fault]) -> list[dict[str, str]]:
    return [{"column": fault.pointer, "code": fault.code, "message": fault.message} for fault in faults]


def _header(kind: str, columns: list[str]) -> Header:
    if lists.is_list(kind, columns):
        return lists.header(kind, columns)
    return IMPORTERS[kind].header(columns)


def _lines(upload: Import, rows: list[ImportRow]) -> list[Line]:
    if lists.is_list(upload.kind, upload.columns):
        named = (dict(zip(upload.columns, row.cells, strict=True)) for row in rows)
        return [lists.line(upload.kind, row.number, cells) for row, cells in zip(rows, named, strict=True)]
    header = _header(upload.kind, upload.columns)
    return [header.line(row.number, row.cells) for row in rows]


def _counts(upload: Import) -> dict[str, int]:
    """Rows by label, and how many of them are written or uncertain. One query."""
    each = upload.rows.order_by().values("label")
    rows = each.annotate(n=Count("pk"), done=Count("applied_at"), unsure=Count("pk", filter=Q(is_uncertain=True)))
    counts: Counter[str] = Counter(waiting=upload.row_count)
    for row in rows:
        counts["waiting"] -= row["n"]
        counts[row["label"]] = row["n"]
        counts["applied"] += row["done"]
        counts["uncertain"] += row["unsure"]
    return _counted(counts)


def _counted(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in (*RowLabel.values, "waiting", "applied", "uncertain")}


def _locked(import_id: UUID, version: int | None) -> Import:
    upload = Import.objects.select_for_update().filter(pk=import_id).first()
    if upload is None:
        raise NotFound("There is no such import.")
    if version is not None and upload.version != version:
        raise Stale("The import has changed since you read it.")
    return upload


def _write(upload: Import, **fields: Any) -> Import:
    """Compare and set."""
    if not Import.objects.filter(pk=upload.pk, version=upload.version).update(**fields, version=F("version") + 1):
        raise Stale("The import has changed since you read it.")
    upload.refresh_from_db()
    return upload
