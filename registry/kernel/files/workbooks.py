"""Workbooks: refused by what the archive says of itself and by what its parts hold, before a parser sees them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from registry.kernel.files import limits
from registry.kernel.files.refusals import Refused, too_many_columns, too_many_rows

BLOCK = 1 << 20
_BROKEN = (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zipfile.zlib.error)  # type: ignore[attr-defined]
# Columns from AA on, and rows from 100,000 on: nearer cells are within every bound.
_FAR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{2,3}[0-9]{1,7}|[A-Z][0-9]{6,7})"')
_ADDRESS = re.compile(rb"([A-Z]+)([0-9]+)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula follows the address of its cell by less than this.
_OVERLAP = 256


def inspect(content: IO[bytes], size: int, bounds: limits.Bounds) -> int:
    """Bytes of the workbook, unpacked. Raises Refused. `size`: of the archive."""
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
            if len(entries) > limits.MAX_ENTRIES:
                raise Refused("too_many_entries", "The workbook is packed of too many parts.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused("unknown_format", "A protected workbook is not read.")
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > bounds.unpacked or unpacked > limits.MAX_RATIO * max(size, 1 << 16):
                raise Refused("zip_bomb", "Unpacked, the workbook would be too large.")
            if "[Content_Types].xml" not in archive.namelist() or "xl/workbook.xml" not in archive.namelist():
                raise Refused("unknown_format", "The archive is no .xlsx workbook.")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _inspect_part(archive, entry, bounds)
            return unpacked
    except _BROKEN as error:
        raise Refused("malformed_file", "The workbook can't be unpacked.") from error


def _inspect_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, bounds: limits.Bounds) -> None:
    """No declarations, UTF-8 alone, and no cell far out: a reader would make room for all before it."""
    is_sheet = entry.filename.startswith("xl/worksheets/")
    rest = b""
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            seen = rest + block
            if b"\0" in seen:
                raise Refused("encoding", "A part of the workbook is not in UTF-8.")
            if _DECLARATION.search(seen):
                raise Refused("doctype", "A part of the workbook declares a document type.")
            if is_sheet:
                _inspect_cells(seen, bounds)
            rest = seen[-_OVERLAP:]


def _inspect_cells(seen: bytes, bounds: limits.Bounds) -> None:
    if formula := _FORMULA.search(seen):
        cells = _CELL.findall(seen, 0, formula.start())
        where = f"Cell {cells[-1].decode()}" if cells else "A cell"
        raise Refused("formula", f"{where} holds a formula; paste the values in its place.")
    for found in set(_FAR.findall(seen)):
        letters, digits = _ADDRESS.findall(found)[0]
        if _column(letters) > limits.MAX_COLUMNS:
            raise too_many_columns(limits.MAX_COLUMNS)
        if int(digits) > 2 * bounds.workbook_rows:
            raise too_many_rows(bounds.workbook_rows)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def lines(content: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row of the one visible sheet, as text; inspect the file before."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

    try:
        book = CalamineWorkbook.from_filelike(content)
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
        if len(shown) != 1:
            raise Refused("several_sheets", f"A workbook has one visible sheet; this one has {len(shown)}.")
        sheet = book.get_sheet_by_name(shown[0])
        if sheet.start is None or sheet.end is None:
            return
        if sheet.end[1] >= limits.MAX_COLUMNS:
            raise too_many_columns(limits.MAX_COLUMNS)
        # Rows come with the empty ones above them, but without the empty columns on their left: those are put back.
        margin = [""] * sheet.start[1]
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [*margin, *map(shown_as, cells)]
    except (CalamineError, PasswordError, ZipError) as error:
        raise Refused("malformed_file", "The workbook can't be read.") from error


def shown_as(value: Any) -> str:
    """A cell as text: whole numbers without a point, days and moments as ISO has them."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
