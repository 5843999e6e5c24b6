"""Where words of a report are kept, and how each place is emptied. Used by `redaction`, in its transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from codesign.reporting.actions import snapshots
from codesign.reporting.models import (
    Answer,
    Contribution,
    Question,
    QuestionKind,
    Report,
    ReportFile,
    ReportSnapshot,
    ReturnLink,
    SiteAnswer,
)
from members.people import remains
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.idempotency.actions import drop_answers


def forget_question(report: Report, question: Question, *, at: datetime) -> None:
    """Everything said to one question of one report: answers, comments, snapshots, files, figures, copies."""
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
    for row in commented(report, question.code):
        texts |= _texts(row.comments[question.code])
        row.comments = {**row.comments, question.code: remains.ERASED}
        row.save(update_fields=["comments"])
    if question.kind == QuestionKind.FILE:
        forget_files(report, at=at)
    if not question.is_passed_on:
        Contribution.objects.filter(report=report, indicator_code=question.indicator_code).exclude(
            indicator_code=""
        ).delete()
    drop_copies(ids_of(report), texts)


def commented(report: Report, code: str) -> list[Any]:
    """Its moves, slices and returns with a comment on this question. The lists are short."""
    places: tuple[Any, ...] = (report.moves, report.slices, report.site_returns)
    return [row for rows in places for row in rows.exclude(comments={}).order_by("pk") if code in row.comments]


def forget_comments(row: Any, report_id: UUID) -> None:
    """Every comment of one move, slice or return."""
    texts = set(row.comments.values()) - {remains.ERASED}
    row.comments = dict.fromkeys(row.comments, remains.ERASED)
    row.save(update_fields=["comments"])
    drop_copies([report_id, row.pk], texts)


def forget_corrections(report: Report) -> None:
    """Why it was taken up again: in its moves, in the snapshots that came of it, in every copy."""
    moves, taken = report.moves.exclude(reason=""), report.snapshots.exclude(reason="")
    texts = {*moves.values_list("reason", flat=True), *taken.values_list("reason", flat=True)} - {remains.ERASED}
    moves.update(reason=remains.ERASED)
    taken.update(reason=remains.ERASED)
    drop_copies([report.pk], texts)


def forget_files(report: Report, *, at: datetime) -> None:
    """Its files, their names and what tells them again."""
    for file in ReportFile.objects.filter(report=report).order_by("pk"):
        documents.remove(document_id=file.document_id, actor=Actor(label="redaction"), at=at)
    drop_copies([report.pk, *report.files.values_list("pk", flat=True)], ())


def forget_holders(links: Iterable[ReturnLink]) -> None:
    """Who holds these links; they go on to open their returns."""
    keys = [link.pk for link in links]
    ReturnLink.objects.filter(pk__in=keys).update(holder=remains.ERASED)
    drop_copies(keys, ())


def ids_of(report: Report) -> list[UUID]:
    """The report, its slices and its returns: what a stored reply names when it shows any of it."""
    rows = (report.slices, report.site_returns)
    return [report.pk, *(key for own in rows for key in own.order_by("pk").values_list("pk", flat=True))]


def drop_copies(ids: Iterable[UUID], texts: Iterable[str]) -> None:
    """Stored replies that show any of the rows or hold any of the words, and the words in the log."""
    keys, words = list(ids), set(texts)
    # In a reply a text stands as JSON writes it.
    written = {json.dumps(text, ensure_ascii=False)[1:-1] for text in words}
    drop_answers([*map(str, keys), *words, *written])
    remains.redact_events(keys, words)


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
