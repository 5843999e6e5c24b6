"""The slices of a group's report: each country's representative decides on its own; the last yes accepts the report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.reporting.actions import moving
from codesign.reporting.lifecycle import EDITABLE, ReportState, ReturnState, SliceState
from codesign.reporting.models import Report, ReportSlice, SiteReturn
from codesign.reporting.rules import SLICE_DAYS
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import Forbidden, Invalid, MoveNotAllowed, NotFound, Stale


def hand_in(report: Report, *, today: date, at: datetime) -> None:
    """A slice for each country of the report's sites and for the lead's; those returned wait for their reader again."""
    countries = set(report.site_returns.order_by().values_list("country", flat=True).distinct())
    lead = report.company.organisation.country_id or min(countries, default=None)
    waiting = {"state": SliceState.SUBMITTED, "submitted_at": at, "passes_on": today + timedelta(days=SLICE_DAYS)}
    report.slices.filter(state=SliceState.RETURNED).update(
        **waiting, passed_at=None, comments={}, version=F("version") + 1
    )
    known = set(report.slices.values_list("country", flat=True))
    ReportSlice.objects.bulk_create(
        ReportSlice(report=report, country_id=country, is_lead=country == lead, **waiting)
        for country in sorted({*countries, *([lead] if lead else [])} - known)
    )


def open_again(report: Report) -> None:
    """For a correction every slice is the company's again."""
    report.slices.update(state=SliceState.RETURNED, version=F("version") + 1)


@transaction.atomic
def accept_slice(*, slice_id: UUID, expected_version: int | None, actor: Scope, at: datetime) -> ReportSlice:
    """Accept a slice; with the last one the report is accepted. Raises MoveNotAllowed, Stale, Forbidden."""
    row, report = _for_decision(slice_id, expected_version, actor, "accept")
    _decide(row, SliceState.ACCEPTED, {}, actor=actor, at=at)
    if report.state == ReportState.SUBMITTED and not report.slices.exclude(state=SliceState.ACCEPTED).exists():
        moving.take_in(report, actor=actor, at=at)
    return row


@transaction.atomic
def return_slice(
    *,
    slice_id: UUID,
    comments: dict[str, str],
    site_ids: list[UUID] | None = None,
    expected_version: int | None,
    actor: Scope,
    at: datetime,
) -> ReportSlice:
    """Give a slice back with comments: its sites (or those named) may write again, and nobody else's.

    Raises MoveNotAllowed, Stale, Invalid, Forbidden.
    """
    row, report = _for_decision(slice_id, expected_version, actor, "return")
    moving.require_comments(report, comments)
    concerned = SiteReturn.objects.locked().filter(report=report, country=row.country_id)
    if site_ids:
        found = set(concerned.filter(site__in=site_ids).values_list("site_id", flat=True))
        if set(site_ids) - found:
            raise Invalid.at("/sites", "unknown_reference", "This slice has no such site.")
        concerned = concerned.filter(site__in=site_ids)
    concerned.order_by().update(state=ReturnState.RETURNED, comments=comments, version=F("version") + 1)
    _decide(row, SliceState.RETURNED, comments, actor=actor, at=at)
    if report.state == ReportState.SUBMITTED:
        moving.give_back(report, comments, actor=actor, at=at)
    return row


@transaction.atomic
def pass_silent(*, at: datetime) -> int:
    """Pass slices that nobody decided on in time to the lead; how many. Once more passes none."""
    rows = list(ReportSlice.objects.locked().silent_on(at.date()))
    ReportSlice.objects.filter(pk__in=[row.pk for row in rows]).update(passed_at=at, version=F("version") + 1)
    for row in rows:  # a few a day, each with an event of its own
        record("report-slices.pass", row, actor=SYSTEM, at=at, changes={"passed_at": [None, at]})
    return len(rows)


def may_decide(row: ReportSlice, lead_country: str | None, actor: Scope) -> bool:
    """The secretariat; the representative of the slice's country, and once it passed the one of the lead's."""
    if actor.wears(Role.SECRETARIAT):
        return True
    return (lead_country if row.passed_at else row.country_id) in actor.countries


def _for_decision(slice_id: UUID, expected_version: int | None, actor: Scope, move: str) -> tuple[ReportSlice, Report]:
    owner = ReportSlice.objects.filter(pk=slice_id).values_list("report_id", flat=True).first()
    if owner is None:
        raise NotFound("There is no such slice.")
    # The report first: whoever hands in, decides or corrects takes the locks in this order.
    report = moving.locked(owner, None)
    row = ReportSlice.objects.locked().get(pk=slice_id)
    if expected_version not in {None, row.version}:
        raise Stale("The slice has changed since you read it.", details={"version": row.version})
    moving.require_not_own(report, actor)
    if not may_decide(row, report.company.organisation.country_id, actor):
        raise Forbidden("Another representative decides on this slice.", code="not_your_slice")
    if row.state != SliceState.SUBMITTED or report.state not in {ReportState.SUBMITTED, *EDITABLE}:
        raise MoveNotAllowed(
            f"A slice can't take the move “{move}” while it is {row.state}.",
            details={"move": move, "state": row.state, "allowed_from": [SliceState.SUBMITTED]},
        )
    return row, report


def _decide(row: ReportSlice, state: SliceState, comments: dict[str, str], *, actor: Scope, at: datetime) -> None:
    before, row.state, row.comments = row.state, state, comments
    row.decided_at, row.decided_by_label, row.version = at, actor.label, row.version + 1
    row.save(update_fields=["state", "comments", "decided_at", "decided_by_label", "version"])
    record(f"report-slices.{state.value}", row, actor=actor, at=at, changes={"state": [before, state.value]})
