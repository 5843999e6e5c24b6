"""Run as a program of its own: a CSV file or a workbook on stdin, one JSON document on stdout.

It limits itself before it reads a byte. `{"columns": […], "rows": [[…], …], "numbers": […]}`, or
`{"code": …, "message": …}` for a file that is refused. Imports no Django: it starts in 30 ms.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # isolated (-I): this folder is not on the path by itself
    sys.path.insert(0, str(Path(__file__).parent))
    import limits  # type: ignore[import-not-found]
else:
    from registry.kernel.files import limits

BOM = b"\xef\xbb\xbf"
# Of UTF-32 and UTF-16, both ends first.
OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t"
BLOCK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Row = list[str]


class Refused(Exception):
    """The file is not read. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read(content: bytes) -> dict[str, Any]:
    """The table in a file; its kind is told by its first bytes, never by its name."""
    if content.startswith(OLE):
        raise Refused("unknown_format", "An old or protected workbook is not read; save it as .xlsx or CSV.")
    lines = _workbook(content) if content.startswith(ZIP) else _csv(content)
    header = _header(next(lines, (0, []))[1])
    rows: list[Row] = []
    numbers: list[int] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == limits.MAX_ROWS:
            raise Refused("too_many_rows", f"A file has at most {limits.MAX_ROWS} rows.")
        rows.append(_fitted(cells, len(header), number))
        numbers.append(number)
    return {"columns": header, "rows": rows, "numbers": numbers}


def _header(cells: Row) -> Row:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if not cells:
        raise Refused("empty_file", "The file holds no header row.")
    if len(cells) > limits.MAX_COLUMNS:
        raise Refused("too_many_columns", f"A file has at most {limits.MAX_COLUMNS} columns.")
    names = [cell.lower() for cell in cells]
    if "" in names:
        raise Refused("empty_header", "A column has no name.")
    if len(set(names)) < len(names):
        raise Refused("duplicate_header", "Two columns have the same name.")
    return names


def _fitted(cells: Row, width: int, number: int) -> Row:
    """As many cells as the header has; spreadsheets leave out the empty ones at the end."""
    if any(cells[width:]):
        raise Refused("surplus_cells", f"Row {number} has more cells than the header.")
    return [*cells[:width], *[""] * (width - len(cells))]


def _checked(cells: Iterable[str], number: int) -> Row:
    row = []
    for cell in cells:
        if len(cell) > limits.MAX_CELL:
            raise Refused("cell_too_long", f"A cell of row {number} is longer than {limits.MAX_CELL} characters.")
        if "\0" in cell:
            raise Refused("nul_character", f"A cell of row {number} holds a NUL character.")
        row.append(cell.strip())
    return row


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────


def _csv(content: bytes) -> Iterator[tuple[int, Row]]:
    text = _text(content.removeprefix(BOM))
    first = text[:1024].partition("\n")[0]
    # Counted, not sniffed: csv.Sniffer takes time by the square of the text.
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(limits.MAX_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > limits.MAX_COLUMNS * 5:  # before anything is made of them
                raise Refused("too_many_columns", f"A file has at most {limits.MAX_COLUMNS} columns.")
            yield number, _checked(cells, number)
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "malformed_csv"
        raise Refused(code, f"The table breaks off near line {reader.line_num}: {error}.") from error


def _text(content: bytes) -> str:
    if content.startswith(OTHER_BOMS):
        raise Refused("encoding", "The file is not in UTF-8; save it as CSV UTF-8.")
    if b"\0" in content:
        raise Refused("nul_character", "The file holds a NUL character; it is no text in UTF-8.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused("encoding", f"Line {line} is not in UTF-8; save the whole file as CSV UTF-8.") from error


# ── Workbooks ─────────────────────────────────────────────────────────────────────────────────


def _workbook(content: bytes) -> Iterator[tuple[int, Row]]:
    _inspect(content)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
        if len(shown) != 1:
            raise Refused("several_sheets", f"A workbook has one visible sheet; this one has {len(shown)}.")
        sheet = book.get_sheet_by_name(shown[0])
        if sheet.width > limits.MAX_COLUMNS:
            raise Refused("too_many_columns", f"A file has at most {limits.MAX_COLUMNS} columns.")
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            yield number, _checked(map(_shown, cells), number)
    except (CalamineError, PasswordError, ZipError) as error:
        raise Refused("malformed_file", "The workbook can't be read.") from error


def _inspect(content: bytes) -> None:
    """Refuse by what the archive says of itself, then by what its parts hold, before a parser sees them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.MAX_ENTRIES:
                raise Refused("too_many_entries", "The workbook is packed of too many parts.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused("unknown_format", "A protected workbook is not read.")
            size = sum(entry.file_size for entry in entries)
            if size > limits.MAX_UNPACKED or size > limits.MAX_RATIO * max(len(content), 1 << 16):
                raise Refused("zip_bomb", "Unpacked, the workbook would be too large.")
            if "[Content_Types].xml" not in archive.namelist() or "xl/workbook.xml" not in archive.namelist():
                raise Refused("unknown_format", "The archive is no .xlsx workbook.")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _inspect_part(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Refused("malformed_file", "The workbook can't be unpacked.") from error


def _inspect_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
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
            if is_sheet and _FORMULA.search(seen):
                raise Refused("formula", "A cell holds a formula; paste the values in its place.")
            for found in _CELL.finditer(seen) if is_sheet else ():
                if _column(found[1]) > limits.MAX_COLUMNS:
                    raise Refused("too_many_columns", f"A file has at most {limits.MAX_COLUMNS} columns.")
                if int(found[2]) > 2 * limits.MAX_ROWS:
                    raise Refused("too_many_rows", f"A file has at most {limits.MAX_ROWS} rows.")
            rest = seen[-64:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _shown(value: Any) -> str:
    """A cell as text: whole numbers without a point, days and moments as ISO has them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def limit() -> None:
    """Give up what a table does not need: memory, time, files."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        with suppress(ValueError):  # macOS has no bound of memory to set; a service runs on Linux
            resource.setrlimit(what, (most, most))


def main() -> None:
    """Read stdin, answer on stdout."""
    limit()
    try:
        answer = read(sys.stdin.buffer.read(limits.MAX_BYTES + 1))
    except Refused as refusal:
        answer = {"code": refusal.code, "message": refusal.message}
    except (MemoryError, RecursionError):
        answer = {"code": "too_heavy", "message": "Reading the file takes more than it may."}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
