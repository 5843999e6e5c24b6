"""Rosters over HTTP: one file, planned before it is written, and undone as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.forms import UUIDField
from django.http import HttpResponseBase

from codesign.api import roster_rows as shown
from codesign.rosters import actions, figures
from codesign.rosters.lifecycle import BAD, RosterState
from codesign.rosters.models import Roster, RosterRow
from members.scope import Scope
from registry.kernel.api import pages
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import respond
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import context_of
from registry.kernel.api.uploads import LinesParser, TakesFiles
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import Refused
from registry.kernel.files.limits import STREAMED


class RosterFilters(RowFilters):
    """What rosters can be filtered by."""

    company = AnyOf("company_id", kind=UUIDField(), help_text="Id of the company.")
    state = AnyOf("state", choices=RosterState, help_text="How far it has come.")
    sha256 = AnyOf("sha256", help_text="Of the file: finds one that came before.")


class RosterViews(TakesFiles, ListRows, ReadRow, ResourceViews):
    """Files of a company's staff.

    Sent first, each row is labelled and nothing is written; `confirm` writes exactly that plan, `undo` takes back
    what it wrote. File and rows are erased after a week.
    """

    resource = "rosters"
    tag = "Training"
    row = shown.RosterRow
    filters = RosterFilters
    orderings = {"created_at": "created_at"}
    dated = False
    uploading = frozenset({"create"})
    most_bytes = STREAMED.bytes
    parser_classes = (*TakesFiles.parser_classes, LinesParser)

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Roster.objects.visible_to(scope)

    @command(
        body=shown.RosterBody,
        params=shown.RosterParams,
        status=202,
        summary="Send a file of staff: it is checked and compared, nothing is written.",
        errors=(409,),
        example={
            "rows": [
                {"reference": "BRU-0012", "site": "Hotel Fictif", "role": "front_desk", "hired_on": "2026-03-01"},
                {"reference": "BRU-0013", "course": "the-code-basics", "completed_on": "2026-11-02"},
            ]
        },
    )
    def create(self, call: Call) -> Any:
        """A file by a form (multipart/form-data), rows as JSON, or lines of JSON as the body.

        `Location` says where to ask how far it is. Columns: `reference` and, for somebody new, `site` (name or id),
        `role` and `hired_on`; `employment`, `language`, `left_on` (the last day at work), `since` (from when another
        site or role counts), `course` with `completed_on`. An empty cell says nothing, except for `left_on`: still
        there. A further row of the same person may add a training. Days are YYYY-MM-DD. With `reach=group` a file is
        for the company and all below it: every row names a site, and is of the site's company. A file that is no table
        at all ends as `failed`, with the reason.
        """
        asked = dict(call.url)
        if "company" in asked:
            asked["company_id"] = asked.pop("company")
        return actions.take(**{**call.data, **asked}, actor=call.scope, at=call.at)

    @query(detail=True, answer=shown.RosterPlan, summary="Read the plan by site.")
    def plan(self, call: Call) -> dict[str, Any]:
        """What would be created, updated, ended or left, at each site; empty before the plan is made."""
        return {"sites": Roster.objects.values_list("sites", flat=True).get(pk=call.id)}

    @query(
        detail=True,
        path="rows",
        params=shown.RosterLineParams,
        answer=shown.RosterLines,
        summary="Read the rows with their labels, by employee reference.",
        errors=(400,),
    )
    def lines(self, call: Call) -> dict[str, Any]:
        """Rows without a usable reference stand under `errors/` alone."""
        rows = RosterRow.objects.filter(roster=call.id).exclude(reference_key=None)
        if labels := call.data.get("label"):
            rows = rows.filter(label__in=labels)
        return self._page(call, rows, pages.Order("reference", "reference_key"))

    @query(
        detail=True,
        params=shown.RosterErrorParams,
        answer=shown.RosterLines,
        summary="Read the rows in error or conflict, in the order of the file.",
        errors=(400,),
    )
    def errors(self, call: Call) -> dict[str, Any]:
        """Every fault of a row at once, by column and stable code; no message repeats what was sent."""
        rows = RosterRow.objects.filter(roster=call.id, label__in=BAD).exclude(number=None)
        return self._page(call, rows, pages.Order("number", "number"))

    @query(
        detail=True,
        params=shown.RosterFixParams,
        media_type="text/csv",
        summary="Download the bad rows alone, to put right and send again.",
        errors=(409,),
    )
    def fix_file(self, call: Call) -> HttpResponseBase:
        """The columns as they came and two more, which a roster does not read. A formula's cell is left empty.

        Those two: the row, and each fault by column, code and what to write.
        409 `unread` where the file as a whole was refused, and before its header was read.
        """
        roster = Roster.objects.get(pk=call.id)
        if roster.erased_at is not None:
            raise Refused("The rows of this roster were erased.", code="erased")
        if not roster.columns:
            raise Refused("No row of this file was read: put the file itself right, and send it again.", code="unread")
        wanted = call.data.get("format") or figures.file_format(roster)
        return respond(figures.bad_rows(roster), figures.fix_columns(roster), wanted, name="roster-to-fix")

    @command(
        detail=True,
        body=shown.RosterConfirmBody,
        if_match="optional",
        summary="Write the plan, exactly as the rows are labelled.",
        errors=(409,),
        example={"accept_ends": False},
    )
    def confirm(self, call: Call) -> Any:
        """Rows in conflict or error are left out. 409 `many_ends` when more would end than goes without saying."""
        return actions.confirm(
            roster_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(detail=True, if_match="optional", summary="Give a roster up.", errors=(409,))
    def abort(self, call: Call) -> Any:
        """What was not written stays unwritten; what was, `undo` takes back."""
        return actions.abort(roster_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="optional", summary="Take back what a roster wrote.", errors=(409,))
    def undo(self, call: Call) -> Any:
        """Exactly its own changes, where nobody has touched them since; `undone` counts both. Within a week."""
        return actions.undo(roster_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    def _page(self, call: Call, rows: QuerySet, order: pages.Order) -> dict[str, Any]:
        window = pages.Window.asked(order, call.data["page_size"], call.data.get("after"))
        plan = shown.RosterLineRow.plan(context=context_of(call.scope, call.on), extra=("pk", order.column))
        page = pages.read(rows, plan, window)
        params = call.request.query_params.copy()
        params["after"] = page.next or ""
        url = f"{call.request.path}?{params.urlencode()}" if page.next else None
        return {"results": plan.shaped(page.raw), "next": url}
