"""Take away what must not be kept, from every place that it reached. No restore brings it back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from codesign.reporting.actions import moving, snapshots
from codesign.reporting.models import (
    Answer,
    Contribution,
    Extension,
    Question,
    QuestionKind,
    Report,
    ReportFile,
    ReportMove,
    ReportSnapshot,
    SiteAnswer,
)
from members.people import erasure, ledger, remains
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.idempotency.actions import drop_answers

# A row of these places is found again after a restore by the salted hash of its id.
ANSWERS = erasure.Place(
    name="report answers",
    rows=Answer.objects.all,
    of=lambda subject: Answer.objects.none(),
    empty=lambda ids, at: _empty(Answer, ids, at),
    columns=(),
)
SITE_ANSWERS = erasure.Place(
    name="site answers",
    rows=SiteAnswer.objects.all,
    of=lambda subject: SiteAnswer.objects.none(),
    empty=lambda ids, at: _empty(SiteAnswer, ids, at),
    columns=(),
)
REASONS = erasure.Place(
    name="report moves",
    rows=ReportMove.objects.all,
    of=lambda subject: ReportMove.objects.none(),
    empty=lambda ids, at: _empty_moves(ids),
    columns=(),
)
EXTENSIONS = erasure.Place(
    name="extensions",
    rows=Extension.objects.all,
    of=lambda subject: Extension.objects.none(),
    empty=lambda ids, at: _empty_extensions(ids),
    columns=(),
)
PLACES = (ANSWERS, SITE_ANSWERS, REASONS, EXTENSIONS)


@transaction.atomic
def redact(*, report_id: UUID, question: str, reason_code: str, actor: Actor, at: datetime) -> Report:
    """Empty everything that was said to one question: answers, comments, snapshots, files, replies, the log.

    Raises NotFound, Invalid.
    """
    report = moving.locked(report_id, None)
    asked = Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id, code=question).first()
    if asked is None:
        raise Invalid.at("/question", "unknown_question", "The questionnaire has no question of this code.")
    own = Answer.objects.filter(report=report, question=asked)
    of_sites = SiteAnswer.objects.filter(site_return__report=report, question=asked)
    moves = [row.pk for row in report.moves.order_by("pk") if question in row.comments]
    erased = [
        *((ANSWERS.name, key) for key in own.order_by("pk").values_list("pk", flat=True)),
        *((SITE_ANSWERS.name, key) for key in of_sites.order_by("pk").values_list("pk", flat=True)),
        *((REASONS.name, key) for key in moves),
    ]
    _forget(report, asked, at=at)
    _settle(erased, at=at)
    Report.objects.filter(pk=report.pk).update(version=F("version") + 1)
    changes: dict[str, list[Any]] = {"question": [None, question], "reason": [None, reason_code]}
    record("reports.redact", report, actor=actor, at=at, changes=changes)
    return report


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
def redact_again(*, actor: Actor, at: datetime) -> int:
    """Take away again what a restored backup has brought back; how many rows. Safe to repeat."""
    count = 0
    for place in PLACES:
        for moment, keys in erasure.recognised(place).items():
            place.empty(keys, moment)
            count += len(keys)
    transaction.on_commit(_checkpoint, robust=True)
    return count


def _forget(report: Report, question: Question, *, at: datetime) -> None:
    """Everything said to one question of one report, in every place."""
    texts: set[str] = set()
    own = Answer.objects.filter(report=report, question=question)
    of_sites = SiteAnswer.objects.filter(site_return__report=report, question=question)
    blank = {"value": None, "number": None, "comment": "", "origin": "", "redacted_at": at}
    for value, comment in [*own.values_list("value", "comment"), *of_sites.values_list("value", "comment")]:
        texts |= {*_texts(value), *_texts(comment)}
    own.update(**blank)
    of_sites.update(**blank)
    for row in report.snapshots.order_by("number"):  # a handful of one report
        texts |= _cleared(row, question.code)
    # The lists of comments are short: one for each move, slice and return that has any.
    places: tuple[Any, ...] = (report.moves, report.slices, report.site_returns)
    for rows in places:
        for commented in rows.exclude(comments={}).order_by("pk"):
            if question.code in commented.comments:
                texts |= _texts(commented.comments[question.code])
                commented.comments = {**commented.comments, question.code: remains.ERASED}
                commented.save(update_fields=["comments"])
    if question.kind == QuestionKind.FILE:
        for file in ReportFile.objects.filter(report=report).order_by("pk"):
            documents.remove(document_id=file.document_id, actor=Actor(label="redaction"), at=at)
    if not question.is_passed_on:
        Contribution.objects.filter(report=report, indicator_code=question.indicator_code).exclude(
            indicator_code=""
        ).delete()
    _drop_copies([report.pk, *report.slices.values_list("pk", flat=True), *_returns(report)], texts)


def _returns(report: Report) -> list[UUID]:
    return list(report.site_returns.order_by("pk").values_list("pk", flat=True))


def _cleared(row: ReportSnapshot, code: str) -> set[str]:
    """Clear one question from a snapshot and keep the hash of what is left beside the first one."""
    texts: set[str] = set()
    for answer in row.content["answers"]:
        if answer["code"] == code:
            texts |= _texts(answer["value"])
            answer["value"], answer["redacted"] = None, True
    for site in row.content.get("sites", ()):
        if code in site["answers"]:
            texts |= _texts(site["answers"][code])
            site["answers"][code] = None
    row.redacted_sha256 = snapshots.digest(row.content)
    row.save(update_fields=["content", "redacted_sha256"])
    return texts


def _texts(value: Any) -> set[str]:
    """What could be searched for: the words of an answer."""
    return {value} if isinstance(value, str) and value else set()


def _drop_copies(ids: Iterable[UUID], texts: Iterable[str]) -> None:
    """Stored replies that show any of the rows or hold any of the words, and the words in the log."""
    keys, words = list(ids), set(texts)
    # In a reply a text stands as JSON writes it.
    written = {json.dumps(text, ensure_ascii=False)[1:-1] for text in words}
    drop_answers([*map(str, keys), *words, *written])
    remains.redact_events(keys, words)


def _empty(model: type[Answer] | type[SiteAnswer], ids: Iterable[UUID], at: datetime) -> None:
    owner = "report" if model is Answer else "site_return__report"
    places = model._default_manager.filter(pk__in=list(ids)).order_by().values_list(owner, "question").distinct()
    for report, question in places:  # what a restore has brought back, seldom more than a few
        _forget(Report.objects.get(pk=report), Question.objects.get(pk=question), at=at)


def _empty_moves(ids: Iterable[UUID]) -> None:
    for row in ReportMove.objects.filter(pk__in=list(ids)).order_by("pk"):  # as few
        texts = set(row.comments.values())
        row.comments = dict.fromkeys(row.comments, remains.ERASED)
        row.save(update_fields=["comments"])
        _drop_copies([row.report_id], texts)


def _empty_extensions(ids: Iterable[UUID]) -> None:
    keys = list(ids)
    rows = Extension.objects.filter(pk__in=keys)
    texts = set(rows.values_list("reason", flat=True)) - {remains.ERASED}
    rows.update(reason=remains.ERASED, version=F("version") + 1)
    _drop_copies(keys, texts)


def _settle(erased: list[tuple[str, UUID]], *, at: datetime) -> None:
    tombstones = erasure.remember(erased, at=at)
    transaction.on_commit(partial(ledger.append, tombstones), robust=True)
    transaction.on_commit(_checkpoint, robust=True)


def _checkpoint() -> None:
    """No trace in SQLite's journal."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
