"""Hand in, return, accept and publish a report."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.reporting import contents
from codesign.reporting.free_text import suspicion_in
from codesign.reporting.lifecycle import ReportMoveKind, target_of
from codesign.reporting.models import Question, Report, ReportMove, ReportObligation, ReportSnapshot
from codesign.reporting.rules import day_in
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, Invalid, NotFound, Refused, Stale

MAX_COMMENT = 1000


class ReportIncomplete(Refused):
    """Some answers are missing or contradict each other."""

    default_code = "report_incomplete"


@transaction.atomic
def submit(*, report_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> Report:
    """Hand a complete report to the reviewer, with a snapshot. The first submission decides whether it was in time.

    Raises MoveNotAllowed, Stale, ReportIncomplete.
    """
    report = _locked(report_id, expected_version)
    target_of(ReportMoveKind.SUBMIT, report.state)
    errors = [finding for finding in contents.findings_of(report) if finding.level == "error"]
    if errors:
        faults = tuple(Fault(error.pointer, error.code, error.message) for error in errors)
        raise ReportIncomplete("The report can't be handed in yet; each reason is listed.", faults=faults)
    today = _today(report, at)
    _take_snapshot(report, at=at)
    fields: dict[str, Any] = {
        "submitted_at": at,
        "review_due_on": today + timedelta(days=report.reporting_year.review_days),
        "answer_due_on": None,
    }
    if report.first_submitted_at is None:
        fields |= {"first_submitted_at": at, "first_submitted_on": today}
        ReportObligation.objects.filter(
            company=report.company_id, reporting_year=report.reporting_year_id, fulfilled_at=None
        ).update(fulfilled_at=at, fulfilled_on=today)
    return _enter(report, ReportMoveKind.SUBMIT, fields, actor=actor, at=at)


@transaction.atomic
def return_(
    *, report_id: UUID, comments: dict[str, str], expected_version: int | None, actor: Scope, at: datetime
) -> Report:
    """Give a report back with a comment per question code. Raises MoveNotAllowed, Stale, Invalid, Forbidden."""
    report = _for_review(report_id, expected_version, ReportMoveKind.RETURN, actor)
    if faults := _comment_faults(report, comments):
        raise Invalid("The comments have faults; each is listed.", faults=tuple(faults))
    due = _today(report, at) + timedelta(days=report.reporting_year.return_days)
    fields = {"answer_due_on": due, "review_due_on": None}
    return _enter(report, ReportMoveKind.RETURN, fields, actor=actor, at=at, comments=comments)


@transaction.atomic
def accept(*, report_id: UUID, expected_version: int | None, actor: Scope, at: datetime) -> Report:
    """Accept a submitted report. Raises MoveNotAllowed, Stale, Forbidden."""
    report = _for_review(report_id, expected_version, ReportMoveKind.ACCEPT, actor)
    return _enter(report, ReportMoveKind.ACCEPT, {"accepted_at": at, "review_due_on": None}, actor=actor, at=at)


@transaction.atomic
def publish(*, report_id: UUID, expected_version: int | None, actor: Scope, at: datetime) -> Report:
    """Let an accepted report count as public. Raises MoveNotAllowed, Stale, Forbidden."""
    report = _for_review(report_id, expected_version, ReportMoveKind.PUBLISH, actor)
    return _enter(report, ReportMoveKind.PUBLISH, {"published_at": at}, actor=actor, at=at)


def _locked(report_id: UUID, expected_version: int | None) -> Report:
    rows = Report.objects.locked().select_related("reporting_year__questionnaire", "company__organisation")
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    if expected_version not in {None, report.version}:
        raise Stale("The report has changed since you read it.", details={"version": report.version})
    return report


def _for_review(report_id: UUID, expected_version: int | None, move: ReportMoveKind, actor: Scope) -> Report:
    report = _locked(report_id, expected_version)
    target_of(move, report.state)
    if actor.belongs_to(report.company_id):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")
    return report


def _today(report: Report, at: datetime) -> Any:
    return day_in(at, report.company.organisation.zone)


def _comment_faults(report: Report, comments: dict[str, str]) -> list[Fault]:
    if not comments:
        return [Fault("/comments", "required", "Say what to look at again.")]
    codes = set(
        Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id).values_list("code", flat=True)
    )
    faults = []
    for code, text in comments.items():
        pointer = f"/comments/{code}"
        if code not in codes:
            faults.append(Fault(pointer, "unknown_question", "The questionnaire has no question of this code."))
        elif not text.strip() or len(text) > MAX_COMMENT:
            faults.append(Fault(pointer, "wrong_length", f"A comment has 1 to {MAX_COMMENT} characters."))
        elif suspicion := suspicion_in(text):
            faults.append(Fault(pointer, suspicion.code, suspicion.message))
    return faults


def _take_snapshot(report: Report, *, at: datetime) -> None:
    number = report.snapshots.count() + 1
    content = contents.snapshot_content(report, number=number)
    digest = hashlib.sha256(contents.canonical(content)).hexdigest()
    ReportSnapshot.objects.create(report=report, number=number, content=content, sha256=digest, taken_at=at)


def _enter(
    report: Report,
    move: ReportMoveKind,
    fields: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
    comments: dict[str, str] | None = None,
) -> Report:
    """Move the report on by compare-and-set, with its row of history and the audit event."""
    before, version = report.state, report.version + 1
    fields = {**fields, "state": target_of(move, before), "version": version}
    if not Report.objects.filter(pk=report.pk, version=report.version).update(**fields):
        raise Stale("The report has changed at the same moment.", details={"version": version})
    for name, value in fields.items():
        setattr(report, name, value)
    ReportMove.objects.create(
        report=report,
        version=version,
        move=move,
        from_state=before,
        to_state=report.state,
        at=at,
        actor_id=actor.user_id,
        actor_label=actor.label,
        comments=comments or {},
    )
    record(f"reports.{move.value}", report, actor=actor, at=at, changes={"state": [before, report.state]})
    return report
