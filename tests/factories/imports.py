"""Imports and tables for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from members.imports import actions
from members.imports.models import Import
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.files.tables import Table

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def make_table(*rows: dict[str, str]) -> Table:
    """The rows under the columns that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in columns] for row in rows]
    return Table(columns, cells, list(range(2, len(rows) + 2)))


def make_import(*rows: dict[str, str], **overrides: Any) -> Import:
    """A planned import of one new organisation, unless told otherwise."""
    table = make_table(*(rows or ({"name": "Réseau Importé (DEMO)", "kind": "ngo", "country": "BE"},)))
    defaults: dict[str, Any] = {"kind": "organisations", "table": table, "actor": SYSTEM, "at": AT}
    return actions.take(**{**defaults, **overrides})


def csv_of(*rows: Iterable[str]) -> bytes:
    """Cells without quotes, as a CSV file."""
    return "".join(",".join(cells) + "\n" for cells in rows).encode()


def xlsx_of(*rows: Iterable[Any], sheets: int = 1) -> bytes:
    """A workbook with the rows on its first sheet."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, list(cells))
    return content.getvalue()
