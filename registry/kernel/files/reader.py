"""Run as a program of its own, where no file can harm anybody: a table on stdin, JSON on stdout.

It limits itself before it reads a byte, and imports no Django: it starts in 30 ms.

* Without arguments the whole table in one document: `{"columns": […], "rows": [[…], …], "numbers": […]}`.
* With names of columns (those that lines of JSON may have), in a stream: one line `{"columns": […]}`, then lines
  `[[number, cells], …]`.

A file that is refused ends with `{"code": …, "message": …}`.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

if __name__ == "__main__":
    # Isolated (-I), and the packages above this one are not run: they would load the register.
    _here = Path(__file__).resolve().parent
    for _name, _folder in (
        ("registry", _here.parents[1]),
        ("registry.kernel", _here.parent),
        ("registry.kernel.files", _here),
    ):
        _package = ModuleType(_name)
        _package.__path__ = [str(_folder)]
        sys.modules[_name] = _package

from registry.kernel.files import limits, texts, workbooks
from registry.kernel.files.refusals import Refused, too_many_columns, too_many_rows

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Rows and characters of one line of the stream: whoever reads it holds one in memory.
BATCH, BATCH_SIZE = 1000, 1 << 20

Row = list[str]
Cells = Sequence[str | None]


def read(content: IO[bytes], bounds: limits.Bounds) -> dict[str, Any]:
    """The table in a file, whole; its kind is told by its first bytes, never by its name."""
    start = _start(content)
    lines = _lines(content, start, bounds)
    header = _header(next(lines, (0, []))[1])
    rows: list[Cells] = []
    numbers: list[int] = []
    most = bounds.workbook_rows if start.startswith(ZIP) else bounds.rows
    for number, cells in _filled(lines, len(header), most):
        rows.append(cells)
        numbers.append(number)
    return {"columns": header, "rows": rows, "numbers": numbers}


def stream(content: IO[bytes], bounds: limits.Bounds, columns: Sequence[str]) -> Iterator[Any]:
    """The header, then batches of numbered rows."""
    start = _start(content)
    lines: Iterator[tuple[int, Cells]]
    if texts.is_json(start):
        header, lines = list(columns), texts.json_lines(content, columns)
    else:
        lines = _lines(content, start, bounds)
        header = _header(list(next(lines, (0, []))[1]))  # type: ignore[arg-type]
    yield {"columns": header}
    batch: list[tuple[int, Cells]] = []
    size, most = 0, bounds.workbook_rows if start.startswith(ZIP) else bounds.rows
    for row in _filled(lines, len(header), most):
        batch.append(row)
        size += sum(map(len, filter(None, row[1])))
        if len(batch) == BATCH or size > BATCH_SIZE:
            yield batch
            batch, size = [], 0
    yield batch


def _start(content: IO[bytes]) -> bytes:
    start = content.read(4096)
    content.seek(0)
    if start.startswith(OLE):
        raise Refused("unknown_format", "An old or protected workbook is not read; save it as .xlsx or CSV.")
    if not start.startswith(ZIP):
        texts.refuse_other_encodings(start)
    return start


def _lines(content: IO[bytes], start: bytes, bounds: limits.Bounds) -> Iterator[tuple[int, Any]]:
    if not start.startswith(ZIP):
        return texts.csv_lines(content, start)
    size = content.seek(0, os.SEEK_END)
    unpacked = workbooks.inspect(content, size, bounds)
    allow(unpacked)
    content.seek(0)
    return workbooks.lines(content)


def _header(cells: Row) -> Row:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names = names[:-1]
    if not names:
        raise Refused("empty_file", "The file holds no header row.")
    if len(names) > limits.MAX_COLUMNS:
        raise too_many_columns(limits.MAX_COLUMNS)
    if "" in names:
        raise Refused("empty_header", "A column has no name.")
    if len(set(names)) < len(names):
        raise Refused("duplicate_header", "Two columns have the same name.")
    return names


def _filled(lines: Iterator[tuple[int, Any]], width: int, most: int) -> Iterator[tuple[int, Cells]]:
    """Rows that hold something, as wide as the header; spreadsheets leave out the empty cells at the end."""
    count = 0
    for number, raw in lines:
        text = "".join(filter(None, raw))
        if len(text) > limits.MAX_CELL or "\0" in text:  # one of them may be bad; most rows are shorter than a cell
            _check(raw, number)
        cells = [cell and cell.strip() for cell in raw]
        if not any(cells):
            continue
        if count == most:
            raise too_many_rows(most)
        count += 1
        if len(cells) != width:
            if any(cells[width:]):
                raise Refused("surplus_cells", f"Row {number} has more cells than the header.")
            cells = [*cells[:width], *[""] * (width - len(cells))]
        yield number, cells


def _check(cells: Cells, number: int) -> None:
    if max(map(len, filter(None, cells))) > limits.MAX_CELL:
        raise Refused("cell_too_long", f"A cell of row {number} is longer than {limits.MAX_CELL} characters.")
    if any("\0" in cell for cell in cells if cell):
        raise Refused("nul_character", f"A cell of row {number} holds a NUL character.")


def limit() -> None:
    """Give up what a table does not need: memory, time, files."""
    for what, soft, hard in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES, limits.MEMORY_BYTES),
        # The hard bound is what the largest honest file may get, once it has passed the check.
        (resource.RLIMIT_CPU, limits.CPU_SECONDS, _seconds_for(limits.STREAMED.unpacked)),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 32, 32),
    ):
        with suppress(ValueError):  # macOS has no bound of memory to set; a service runs on Linux
            resource.setrlimit(what, (soft, hard))


def allow(unpacked: int) -> None:
    """Raise the bound of time for a file of so many bytes that has passed the check of its parts."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = _seconds_for(unpacked)
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _seconds_for(unpacked: int) -> int:
    return limits.CPU_SECONDS + unpacked // limits.BYTES_A_SECOND


def main(columns: Sequence[str]) -> None:
    """Read stdin, answer on stdout."""
    limit()
    out, content = sys.stdout.buffer, sys.stdin.buffer
    try:
        if not columns:
            whole = io.BytesIO(content.read(limits.MAX_BYTES + 1))
            out.write(_dumped(read(whole, limits.WHOLE)))
            return
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        allow(size)
        for part in stream(content, limits.STREAMED, columns):
            out.write(_dumped(part) + b"\n")
    except Refused as refusal:
        out.write(_dumped({"code": refusal.code, "message": refusal.message}))
    except (MemoryError, RecursionError):
        out.write(_dumped({"code": "too_heavy", "message": "Reading the file takes more than it may."}))


def _dumped(part: Any) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    main(sys.argv[1:])
