"""Take away what must not be kept, from every place that it reached. No restore brings it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from codesign.reporting.actions import moving, traces
from codesign.reporting.lifecycle import ReportPart
from codesign.reporting.models import (
    Answer,
    Extension,
    IndicatorEdition,
    Question,
    Report,
    ReportMove,
    ReportSlice,
    ReturnLink,
    SiteAnswer,
    SiteReturn,
)
from members.people import erasure, ledger, remains
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound


def _place(name: str, rows: Any, empty: Any) -> erasure.Place:
    """A row of these places is found again after a restore by the salted hash of its id."""
    return erasure.Place(name=name, rows=rows, of=lambda subject: rows().none(), empty=empty, columns=())


ANSWERS = _place("report answers", Answer.objects.all, lambda ids, at: _empty(Answer, ids, at))
SITE_ANSWERS = _place("site answers", SiteAnswer.objects.all, lambda ids, at: _empty(SiteAnswer, ids, at))
COMMENTS = _place("report moves", ReportMove.objects.all, lambda ids, at: _empty_comments(ReportMove, ids))
SLICES = _place("report slices", ReportSlice.objects.all, lambda ids, at: _empty_comments(ReportSlice, ids))
RETURNS = _place("site returns", SiteReturn.objects.all, lambda ids, at: _empty_comments(SiteReturn, ids))
CORRECTIONS = _place("corrections", lambda: ReportMove.objects.exclude(reason=""), lambda ids, at: _empty_reasons(ids))
HOLDERS = _place("return links", ReturnLink.objects.all, lambda ids, at: _empty_holders(ids))
EXTENSIONS = _place("extensions", Extension.objects.all, lambda ids, at: _empty_extensions(ids))
EDITIONS = _place("indicator editions", IndicatorEdition.objects.all, lambda ids, at: _empty_editions(ids))
# Files are found again by the documents' own list.
PLACES = (ANSWERS, SITE_ANSWERS, COMMENTS, SLICES, RETURNS, CORRECTIONS, HOLDERS, EXTENSIONS, EDITIONS)
_COMMENTED = {ReportMove: COMMENTS, ReportSlice: SLICES, SiteReturn: RETURNS}
Erased = list[tuple[str, UUID]]


@transaction.atomic
def redact(
    *,
    report_id: UUID,
    part: ReportPart = ReportPart.QUESTION,
    question: str = "",
    reason_code: str,
    actor: Actor,
    at: datetime,
) -> Report:
    """Empty a part of a report, or all that was said to one `question`, in every place that it reached.

    Raises NotFound, Invalid.
    """
    report = moving.locked(report_id, None)
    if part == ReportPart.QUESTION:
        erased = _redact_question(report, question, at=at)
    elif question:
        raise Invalid.at("/question", "not_allowed", "A question is named where its answers are redacted.")
    elif part == ReportPart.CORRECTIONS:
        erased = _keys(CORRECTIONS, report.moves.exclude(reason=""))
        traces.forget_corrections(report)
    elif part == ReportPart.FILES:
        erased = []
        traces.forget_files(report, at=at)
    else:
        links = ReturnLink.objects.filter(site_return__report=report)
        erased = _keys(HOLDERS, links)
        traces.forget_holders(links)
    _settle(erased, at=at)
    Report.objects.filter(pk=report.pk).update(version=F("version") + 1)
    changes: dict[str, list[Any]] = {"part": [None, part.value], "reason": [None, reason_code]}
    if question:
        changes["question"] = [None, question]
    record("reports.redact", report, actor=actor, at=at, changes=changes)
    return report


def _redact_question(report: Report, code: str, *, at: datetime) -> Erased:
    if not code:
        raise Invalid.at("/question", "required", "Name the question.")
    asked = Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id, code=code).first()
    if asked is None:
        raise Invalid.at("/question", "unknown_question", "The questionnaire has no question of this code.")
    erased = [
        *_keys(ANSWERS, Answer.objects.filter(report=report, question=asked)),
        *_keys(SITE_ANSWERS, SiteAnswer.objects.filter(site_return__report=report, question=asked)),
        *((_COMMENTED[type(row)].name, row.pk) for row in traces.commented(report, code)),
    ]
    traces.forget_question(report, asked, at=at)
    return erased


@transaction.atomic
def redact_extension(*, extension_id: UUID, reason_code: str, actor: Actor, at: datetime) -> Extension:
    """Empty the reason of an extension; its days stay. Raises NotFound."""
    row = Extension.objects.select_for_update().filter(pk=extension_id).first()
    if row is None:
        raise NotFound("There is no such extension.")
    _empty_extensions([row.pk])
    _settle([(EXTENSIONS.name, row.pk)], at=at)
    record("extensions.redact", row, actor=actor, at=at, changes={"reason_code": [None, reason_code]})
    return row


@transaction.atomic
def redact_edition(*, edition_id: UUID, reason_code: str, actor: Actor, at: datetime) -> IndicatorEdition:
    """Empty the reason of an edition; its figures stay as they were published. Raises NotFound."""
    row = IndicatorEdition.objects.select_for_update().filter(pk=edition_id).first()
    if row is None:
        raise NotFound("There is no such edition.")
    _empty_editions([row.pk])
    _settle([(EDITIONS.name, row.pk)], at=at)
    record("indicators.redact", row, actor=actor, at=at, changes={"reason_code": [None, reason_code]})
    return row


@transaction.atomic
def redact_again(*, actor: Actor, at: datetime) -> int:
    """Take away again what a restored backup has brought back; how many rows. Safe to repeat."""
    count = 0
    for place in PLACES:
        for moment, keys in erasure.recognised(place).items():
            place.empty(keys, moment)
            count += len(keys)
    transaction.on_commit(_checkpoint, robust=True)
    return count


def _keys(place: erasure.Place, rows: QuerySet) -> Erased:
    return [(place.name, key) for key in rows.order_by("pk").values_list("pk", flat=True)]


def _empty(model: type[Answer] | type[SiteAnswer], ids: Iterable[UUID], at: datetime) -> None:
    owner = "report" if model is Answer else "site_return__report"
    places = model._default_manager.filter(pk__in=list(ids)).order_by().values_list(owner, "question").distinct()
    for report, question in places:  # what a restore has brought back, seldom more than a few
        traces.forget_question(Report.objects.get(pk=report), Question.objects.get(pk=question), at=at)


def _empty_comments(model: type[ReportMove] | type[ReportSlice] | type[SiteReturn], ids: Collection[UUID]) -> None:
    for row in model._default_manager.filter(pk__in=list(ids)).order_by("pk"):  # as few
        traces.forget_comments(row, row.report_id)


def _empty_reasons(ids: Collection[UUID]) -> None:
    for report in Report.objects.filter(moves__in=list(ids)).order_by("pk").distinct():
        traces.forget_corrections(report)


def _empty_holders(ids: Collection[UUID]) -> None:
    traces.forget_holders(ReturnLink.objects.filter(pk__in=list(ids)))


def _empty_extensions(ids: Collection[UUID]) -> None:
    rows = Extension.objects.filter(pk__in=list(ids))
    texts = set(rows.values_list("reason", flat=True)) - {remains.ERASED}
    rows.update(reason=remains.ERASED, version=F("version") + 1)
    traces.drop_copies(ids, texts)


def _empty_editions(ids: Collection[UUID]) -> None:
    rows = IndicatorEdition.objects.filter(pk__in=list(ids)).exclude(reason="")
    texts = set(rows.values_list("reason", flat=True)) - {remains.ERASED}
    rows.update(reason=remains.ERASED)
    traces.drop_copies(ids, texts)


def _settle(erased: Erased, *, at: datetime) -> None:
    tombstones = erasure.remember(erased, at=at)
    transaction.on_commit(partial(ledger.append, tombstones), robust=True)
    transaction.on_commit(_checkpoint, robust=True)


def _checkpoint() -> None:
    """No trace in SQLite's journal."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
