"""The moves of a report over HTTP, and what each submission kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_rows as shown
from codesign.api.reporting_rights import REPORTING_RIGHTS
from codesign.reporting import actions, contents
from codesign.reporting.lifecycle import MOVES
from codesign.reporting.models import Report, ReportSnapshot
from registry.kernel.api.calls import Call
from registry.kernel.api.views import command, query

SNAPSHOT = ("number", "kind", "reason", "taken_at", "sha256", "redacted_sha256")


class ReportMoveViews:
    """Adds the moves to the resource of reports."""

    def visible(self, scope: Any, *, on: date) -> QuerySet:
        """Given by the resource."""
        raise NotImplementedError

    def _report(self, call: Call) -> Report:
        """Given by the resource."""
        raise NotImplementedError

    @query(detail=True, answer=shown.ReportMovesAnswer, summary="List moves made and possible")
    def moves(self, call: Call) -> dict[str, Any]:
        """What was done, what this caller may do now, and why not the rest."""
        report = self._report(call)
        blocked = {move: self._obstacle(call, report, move.value) for move in MOVES}
        return {
            "next": [{"move": move.value, "is_allowed": code is None, "code": code} for move, code in blocked.items()],
            "taken": shown.shown_moves(report.moves.order_by("version", "pk")),
            "snapshots": list(report.snapshots.order_by("number", "pk").values(*SNAPSHOT)),
        }

    @command(detail=True, if_match="required", summary="Show a draft to the reviewer", errors=(409,))
    def provisional(self, call: Call) -> Report:
        """With what is there, as a snapshot; the report stays a draft, and no deadline counts it as handed in."""
        return actions.submit_provisional(
            report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(detail=True, if_match="required", summary="Hand in a report", errors=(409,))
    def submit(self, call: Call) -> Report:
        """Complete, else 409 with every reason. The first submission decides whether it was in time."""
        return actions.submit(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        path="return",
        body=bodies.ReturnBody,
        if_match="required",
        summary="Return a report with comments",
        errors=(403, 409),
        example={"comments": {"staff_trained": "Does this include the seasonal staff?"}},
    )
    def hand_back(self, call: Call) -> Report:
        """The company has 30 days to answer. A report by site is returned slice by slice: see report-slices."""
        return actions.return_(
            report_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(detail=True, if_match="required", summary="Accept a report", errors=(403, 409))
    def accept(self, call: Call) -> Report:
        """A report by site is accepted with the last of its slices. Nobody decides on their own organisation."""
        return actions.accept(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="required", summary="Publish a report", errors=(403, 409))
    def publish(self, call: Call) -> Report:
        """An accepted report counts as publicly reported from then on."""
        return actions.publish(report_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=bodies.ReportCorrectionBody,
        if_match="required",
        summary="Take an accepted report up again",
        errors=(409,),
        example={"reason": "The count of contracts held those of another company."},
    )
    def correct(self, call: Call) -> Report:
        """It is returned to the company; what was published speaks until the correction is published."""
        return actions.correct(
            report_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @query(detail=True, path="snapshots/<int:number>", answer=shown.WholeSnapshotAnswer, summary="Read a submission")
    def snapshot(self, call: Call) -> dict[str, Any]:
        """As it was handed in. The hash is that of its content: keys sorted, no blanks, UTF-8."""
        return self._snapshot(call, call.url["number"])

    @query(
        detail=True, params=shown.ReportDiffParameters, answer=shown.ReportDiffAnswer, summary="Compare two submissions"
    )
    def diff(self, call: Call) -> dict[str, Any]:
        """Every answer that differs, of the company and of its sites."""
        before, after = (self._snapshot(call, call.data[name]) for name in ("before", "after"))
        return {
            "before": before["number"],
            "after": after["number"],
            "reason": after["reason"],
            "changes": contents.changes_between(before["content"], after["content"]),
        }

    def _snapshot(self, call: Call, number: int) -> dict[str, Any]:
        visible = self.visible(call.scope, on=call.on)
        found = ReportSnapshot.objects.filter(report__in=visible.filter(pk=call.id), number=number)
        row = found.values(*SNAPSHOT, "content").first()
        if row is None:
            raise Http404
        return row

    @staticmethod
    def _obstacle(call: Call, report: Report, move: str) -> str | None:
        """Why this caller can't make `move` now: the code that trying would answer; None when they can."""
        operation = "reports.hand_back" if move == "return" else f"reports.{move}"
        if not call.scope.roles & REPORTING_RIGHTS[operation]:
            return "right_missing"
        if move in {"return", "accept", "publish"} and call.scope.belongs_to(report.company_id):
            return "own_organisation"
        if move in {"return", "accept"} and report.slices.exists():
            return "decided_by_slice"
        return None if report.state in MOVES[move][0] else "move_not_allowed"  # type: ignore[index]
