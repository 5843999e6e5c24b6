"""Import of the network: first labelled row by row, then confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from members.api import import_rows as shown
from members.imports import actions
from members.imports.columns import OWN_PREFIX
from members.imports.lifecycle import BAD, ImportKind, ImportState
from members.imports.models import Import, ImportRow
from members.scope import Role, Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import respond
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import API_PREFIX, context_of
from registry.kernel.api.uploads import TakesFiles
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

_STAFF = frozenset({Role.SECRETARIAT, Role.LCR})
_OPERATIONS = ("list", "read", "create", "lines", "errors", "confirm", "abort")
IMPORT_RIGHTS: dict[str, frozenset[str]] = {f"imports.{name}": _STAFF for name in _OPERATIONS}
OWN_COLUMNS = [f"{OWN_PREFIX}{name}" for name in ("row", "label", "errors")]


class ImportFilters(RowFilters):
    """Filters of imports."""

    kind = AnyOf("kind", choices=ImportKind, help_text="What a row is.")
    state = AnyOf("state", choices=ImportState, help_text="How far it has come.")
    sha256 = AnyOf("sha256", help_text="Of columns and rows: finds a table that came before.")

    class Meta:
        model = Import
        fields: list[str] = []


class ImportViews(TakesFiles, ListRows, ReadRow, ResourceViews):
    """Tables of the network: organisations, memberships, mandates, partners of a group, reporting channels.

    Sent first, each row is labelled and nothing is written; `confirm` writes exactly that plan. What an
    export gives can be sent back as it is: every row is a `match`.
    """

    resource = "imports"
    tag = "Imports"
    row = shown.ImportRow
    filters = ImportFilters
    orderings = {"created_at": "created_at"}
    dated = False
    uploading = frozenset({"create"})

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Import.objects.visible_to(scope)

    @command(
        body=shown.ImportBody,
        summary="Send a table: every row is labelled, nothing is written.",
        example={
            "kind": "organisations",
            "rows": [{"name": "Réseau Fictif", "kind": "ngo", "country": "BE", "source": "https://source.example/"}],
        },
    )
    def create(self, call: Call) -> Any:
        """A file by a form, or rows as JSON. Up to 500 rows are labelled at once; of more, `state` tells how far it is.

        Columns are those of the resource's export, or those of the published list in `members/data/`. Refused as a
        whole: another encoding than UTF-8, columns that are unknown, missing or doubled, a workbook that is none. An
        empty cell says nothing: it neither changes nor empties what is there.
        """
        return actions.take(**call.data, actor=call.scope, at=call.at)

    @query(
        detail=True,
        path="rows",
        params=shown.ImportLinesParameters,
        answer=shown.ImportLinesAnswer,
        summary="Read the rows with their labels, faults and changes.",
    )
    def lines(self, call: Call) -> Any:
        """`create`, `match` (no change), `update`, `conflict` (with what is there) or `error` (of its own)."""
        asked, plan = call.data, shown.ImportLineRow.plan(context=context_of(call.scope, call.on))
        rows = ImportRow.objects.filter(upload=call.id, number__gt=asked["after"])
        if labels := asked.get("label"):
            rows = rows.filter(label__in=labels)
        if asked["uncertain"]:
            rows = rows.filter(is_uncertain=True)
        found = plan.shaped(plan.raw(rows.order_by("number")[: asked["page_size"] + 1]))
        more = len(found) > asked["page_size"]
        found = found[: asked["page_size"]]
        return {"results": found, "next": self._after(call, found[-1]["number"]) if more else None}

    @query(
        detail=True, media_type="text/csv", summary="Download the bad rows with what is wrong, to put right and resend."
    )
    def errors(self, call: Call) -> HttpResponseBase:
        """The columns as they came and three more, which an import does not read. A formula's cell is left empty."""
        upload = Import.objects.get(pk=call.id)
        columns = [name for name in upload.columns if not name.startswith(OWN_PREFIX)]
        return respond(_bad(upload), [*columns, *OWN_COLUMNS], "csv", name=f"{upload.kind}-errors")

    @command(
        detail=True,
        if_match="optional",
        summary="Write the plan, exactly as the rows are labelled.",
        errors=(409,),
    )
    def confirm(self, call: Call) -> Any:
        """Rows in conflict or error are left out. One whose target has changed since the plan becomes a conflict."""
        return actions.confirm(import_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="optional", summary="Give an import up.", errors=(409,))
    def abort(self, call: Call) -> Any:
        """Rows that were not written stay unwritten."""
        return actions.abort(import_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    def _after(self, call: Call, number: int) -> str:
        params = call.request.query_params.copy()
        params["after"] = str(number)
        return f"{API_PREFIX}{self.resource}/{call.id}/rows/?{params.urlencode()}"


def _bad(upload: Import) -> Iterator[dict[str, Any]]:
    rows = ImportRow.objects.filter(upload=upload, label__in=BAD).order_by("number")
    for row in rows.iterator(chunk_size=1000):
        cells = dict(zip(upload.columns, row.cells, strict=True))
        cells |= {fault["column"]: "" for fault in row.faults if fault["code"] == "formula"}
        told = "; ".join(f"{fault['column'] or 'row'}: {fault['code']}" for fault in row.faults)
        yield {**cells, **dict(zip(OWN_COLUMNS, (row.number, row.label, told), strict=True))}


def add_to(router: Router) -> None:
    """The resource of imports."""
    router.add(ImportViews)
