"""Tables as text: CSV, and JSON by lines. Read in a stream, a line at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from registry.kernel.files import limits
from registry.kernel.files.refusals import Refused, too_many_columns

BOM = b"\xef\xbb\xbf"
# Of UTF-32 and UTF-16, both ends first.
OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
DELIMITERS = ",;\t"
# A record may have several lines of text; one of more bytes than all its cells may hold is refused unread.
LONGEST_LINE = 4 * limits.MAX_CELL * 10


def _utf8_lines(content: IO[bytes]) -> Iterator[str]:
    """Lines of text without NUL; what is not UTF-8 is refused with its line."""
    text, number = io.TextIOWrapper(content, encoding="utf-8-sig", newline=""), 0
    while True:
        number += 1
        try:
            line = text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            near = f"Near line {number}"
            raise Refused("encoding", f"{near} the file is not in UTF-8; save the whole file as CSV UTF-8.") from error
        if not line:
            return
        if len(line) >= LONGEST_LINE:
            if max(map(line.count, DELIMITERS)) > limits.MAX_COLUMNS:
                raise too_many_columns(limits.MAX_COLUMNS)
            raise Refused("cell_too_long", f"A cell of line {number} is longer than {limits.MAX_CELL} characters.")
        if "\0" in line:
            raise Refused("nul_character", "The file holds a NUL character; it is no text in UTF-8.")
        yield line


def refuse_other_encodings(start: bytes) -> None:
    """Refuse a file whose first bytes say that it is text of another kind."""
    if start.startswith(OTHER_BOMS):
        raise Refused("encoding", "The file is not in UTF-8; save it as CSV UTF-8.")
    if b"\0" in start:
        raise Refused("nul_character", "The file holds a NUL character; it is no text in UTF-8.")


def is_json(start: bytes) -> bool:
    """Whether a file that begins so is JSON by lines: no header of a table begins with a brace."""
    return start.removeprefix(BOM).lstrip().startswith(b"{")


def csv_lines(content: IO[bytes], start: bytes) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row; the separator is the one that the first line has most of."""
    first = start.removeprefix(BOM)[:1024].decode("utf-8", "replace").partition("\n")[0]
    # Counted, not sniffed: csv.Sniffer takes time by the square of the text.
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(limits.MAX_CELL * 4)
    reader = csv.reader(_utf8_lines(content), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > limits.MAX_COLUMNS * 5:  # before anything is made of them
                raise too_many_columns(limits.MAX_COLUMNS)
            yield number, cells
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "malformed_csv"
        raise Refused(code, f"The table breaks off near line {reader.line_num}: {error}.") from error


def json_lines(content: IO[bytes], columns: Sequence[str]) -> Iterator[tuple[int, list[str | None]]]:
    """Number and cells of each line, in the order of `columns`; None where a line says nothing of one."""
    import orjson

    known = frozenset(columns)
    for number, line in enumerate(_bounded(content), start=1):
        if not line.strip():
            continue
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise Refused("malformed_json", f"Line {number} is not one JSON object in UTF-8.") from error
        if not isinstance(found, dict):
            raise Refused("malformed_json", f"Line {number} is not one JSON object in UTF-8.")
        if line.count(b":") > len(found):
            _refuse_doubled(line, number)
        if not known.issuperset(found):
            raise Refused("unknown_column", f"Line {number} has a name that no column has: say {', '.join(columns)}.")
        yield number, [_cell(found[name], number) if name in found else None for name in columns]


def _bounded(content: IO[bytes]) -> Iterable[bytes]:
    first = True
    while line := content.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise Refused("cell_too_long", f"A value is longer than {limits.MAX_CELL} characters.")
        yield line.removeprefix(BOM) if first else line
        first = False


def _refuse_doubled(line: bytes, number: int) -> None:
    """A name that comes twice would drop one of the values."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise Refused("duplicate_header", f"Line {number} has a name twice.")
        return dict(pairs)

    json.loads(line, object_pairs_hook=once)


def _cell(value: Any, number: int) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Refused("malformed_json", f"A value of line {number} is a list or an object.")
