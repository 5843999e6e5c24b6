"""What every move of a report has in common: the lock, who may, and the row of history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from codesign.reporting import answers as answering
from codesign.reporting.actions import snapshots, writing
from codesign.reporting.lifecycle import ReportMoveKind, target_of
from codesign.reporting.models import Question, Report, ReportMove
from codesign.reporting.rules import day_in
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound, Stale


def locked(report_id: UUID, expected_version: int | None) -> Report:
    """The report, locked, with what its moves read. Raises NotFound, Stale."""
    rows = Report.objects.locked().select_related(
        "reporting_year__questionnaire", "company__organisation", "membership"
    )
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    if expected_version not in {None, report.version}:
        raise Stale("The report has changed since you read it.", details={"version": report.version})
    return report


def require_not_own(report: Report, actor: Scope) -> None:
    """403 for whoever belongs to the company."""
    if actor.belongs_to(report.company_id):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")


def require_comments(report: Report, comments: dict[str, str]) -> None:
    """400 unless there is a comment, and each is on a question of the version and describes no case."""
    if not comments:
        raise Invalid.at("/comments", "required", "Say what to look at again.")
    questions = Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id)
    codes = set(questions.values_list("code", flat=True))
    if faults := answering.comment_faults(codes, comments, longest=writing.MAX_COMMENT):
        raise Invalid("The comments have faults; each is listed.", faults=tuple(faults))


def give_back(report: Report, comments: dict[str, str], *, actor: Actor, at: datetime) -> Report:
    """Return the report to the company, with its days to answer."""
    due = today_of(report, at) + timedelta(days=report.reporting_year.return_days)
    fields = {"answer_due_on": due, "review_due_on": None}
    return enter(report, ReportMoveKind.RETURN, fields, actor=actor, at=at, comments=comments)


def take_in(report: Report, *, actor: Actor, at: datetime) -> Report:
    """Accept the report, and let the indicators count it."""
    snapshots.count_in(report)
    return enter(report, ReportMoveKind.ACCEPT, {"accepted_at": at, "review_due_on": None}, actor=actor, at=at)


def enter(
    report: Report,
    move: ReportMoveKind,
    fields: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
    comments: dict[str, str] | None = None,
    reason: str = "",
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
        moved_on=today_of(report, at),
        answer_due_on=fields.get("answer_due_on"),
        actor_id=actor.user_id,
        actor_label=actor.label,
        comments=comments or {},
        reason=reason,
    )
    record(f"reports.{move.value}", report, actor=actor, at=at, changes={"state": [before, report.state]})
    return report


def today_of(report: Report, at: datetime) -> date:
    """The legal day of `at` at the company's."""
    return day_in(at, report.company.organisation.zone)
