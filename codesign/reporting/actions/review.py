"""Hand in, return, accept, publish and correct a report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.reporting import contents
from codesign.reporting.actions import moving, prefilling, returns, slices, snapshots
from codesign.reporting.at_sites import errors_at_sites, sites_read
from codesign.reporting.free_text import suspicion_in
from codesign.reporting.lifecycle import ReportMoveKind, target_of
from codesign.reporting.models import Report, ReportObligation, SnapshotKind
from members.scope import Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused

MAX_REASON = 500


class ReportIncomplete(Refused):
    """Some answers are missing or contradict each other."""

    default_code = "report_incomplete"


class DecidedBySlice(Refused):
    """A report by site is read country by country."""

    default_code = "decided_by_slice"


@transaction.atomic
def submit(*, report_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> Report:
    """Hand a complete report to the reviewer, with a snapshot. The first submission decides whether it was in time.

    Sites that are silent stay unknown and hinder nothing. Raises MoveNotAllowed, Stale, ReportIncomplete.
    """
    report = moving.locked(report_id, expected_version)
    target_of(ReportMoveKind.SUBMIT, report.state)
    returns.locked_of(report)
    if report.is_by_site:
        prefilling.fill(report, actor=actor, at=at)
    _require_sound(report, allowed=frozenset())
    today = moving.today_of(report, at)
    snapshots.take(report, kind=SnapshotKind.FINAL, at=at)
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
    if report.is_by_site:
        slices.hand_in(report, today=today, at=at)
    return moving.enter(report, ReportMoveKind.SUBMIT, fields, actor=actor, at=at)


@transaction.atomic
def submit_provisional(*, report_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> Report:
    """Show a draft to the reviewer with what is there; it stays a draft, and no deadline counts it as handed in.

    Raises MoveNotAllowed, Stale, ReportIncomplete (for contradictions alone).
    """
    report = moving.locked(report_id, expected_version)
    target_of(ReportMoveKind.PROVISIONAL, report.state)
    _require_sound(report, allowed=frozenset({"missing", "jump_needs_comment"}))
    snapshots.take(report, kind=SnapshotKind.PROVISIONAL, at=at)
    return moving.enter(report, ReportMoveKind.PROVISIONAL, {"provisional_at": at}, actor=actor, at=at)


@transaction.atomic
def return_(
    *, report_id: UUID, comments: dict[str, str], expected_version: int | None, actor: Scope, at: datetime
) -> Report:
    """Give a report back with a comment per question code. Raises MoveNotAllowed, Stale, Invalid, Forbidden."""
    report = _for_review(report_id, expected_version, ReportMoveKind.RETURN, actor)
    _refuse_slices(report)
    moving.require_comments(report, comments)
    return moving.give_back(report, comments, actor=actor, at=at)


@transaction.atomic
def accept(*, report_id: UUID, expected_version: int | None, actor: Scope, at: datetime) -> Report:
    """Accept a submitted report. Raises MoveNotAllowed, Stale, Forbidden, DecidedBySlice."""
    report = _for_review(report_id, expected_version, ReportMoveKind.ACCEPT, actor)
    _refuse_slices(report)
    return moving.take_in(report, actor=actor, at=at)


@transaction.atomic
def publish(*, report_id: UUID, expected_version: int | None, actor: Scope, at: datetime) -> Report:
    """Let an accepted report count as public. Raises MoveNotAllowed, Stale, Forbidden."""
    report = _for_review(report_id, expected_version, ReportMoveKind.PUBLISH, actor)
    snapshot = snapshots.newest(report)
    fields = {"published_at": at, "published_number": snapshot.number if snapshot else None}
    return moving.enter(report, ReportMoveKind.PUBLISH, fields, actor=actor, at=at)


@transaction.atomic
def correct(*, report_id: UUID, reason: str, expected_version: int | None, actor: Actor, at: datetime) -> Report:
    """Take an accepted report up again, and say why; what was published speaks until the correction is.

    Raises MoveNotAllowed, Stale, Invalid.
    """
    report = moving.locked(report_id, expected_version)
    target_of(ReportMoveKind.CORRECT, report.state)
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid.at("/reason", "wrong_length", f"A reason has 1 to {MAX_REASON} characters.")
    if suspicion := suspicion_in(reason):
        raise Invalid.at("/reason", suspicion.code, suspicion.message)
    slices.open_again(report)
    due = moving.today_of(report, at) + timedelta(days=report.reporting_year.return_days)
    fields = {"answer_due_on": due, "review_due_on": None}
    return moving.enter(report, ReportMoveKind.CORRECT, fields, actor=actor, at=at, reason=reason.strip())


def _for_review(report_id: UUID, expected_version: int | None, move: ReportMoveKind, actor: Scope) -> Report:
    report = moving.locked(report_id, expected_version)
    target_of(move, report.state)
    moving.require_not_own(report, actor)
    return report


def _refuse_slices(report: Report) -> None:
    if report.slices.exists():
        raise DecidedBySlice("This report is decided on country by country: see report-slices.")


def _require_sound(report: Report, *, allowed: frozenset[str]) -> None:
    sites = sites_read(report, contents.questions_of(report), contents.cascading_values(report.pk))
    findings = [*contents.findings_of(report), *errors_at_sites(sites)]
    if errors := [one for one in findings if one.level == "error" and one.code not in allowed]:
        faults = tuple(error.fault for error in errors)
        raise ReportIncomplete("The report can't be handed in yet; each reason is listed.", faults=faults)
