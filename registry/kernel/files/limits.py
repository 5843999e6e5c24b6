"""How much a file may hold and cost. The reader runs alone, so its module imports nothing of the house but this."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
# Longer than any field of the register; a cell above it is no table any more.
MAX_CELL = 10_000
# Of a workbook, unpacked: fifty thousand rows of twenty columns are about 60 MB.
MAX_UNPACKED = 128 * 1024 * 1024
MAX_ENTRIES = 200
# Sheets pack 10 to 40 times; a bomb packs a thousand times.
MAX_RATIO = 100
CPU_SECONDS = 6
MEMORY_BYTES = 512 * 1024 * 1024
# By the clock on the wall: a busy machine makes the child wait, too.
WALL_SECONDS = 30
# A file that has passed the check of its parts gets a further second for so much of its unpacked content.
BYTES_A_SECOND = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The most that one kind of upload may hold: bytes as sent, rows of text and of a workbook, bytes unpacked."""

    bytes: int
    rows: int
    workbook_rows: int
    unpacked: int


# A table that is read as a whole, and one that is read in a stream.
WHOLE = Bounds(bytes=MAX_BYTES, rows=MAX_ROWS, workbook_rows=MAX_ROWS, unpacked=MAX_UNPACKED)
STREAMED = Bounds(bytes=128 * 1024 * 1024, rows=500_000, workbook_rows=200_000, unpacked=320 * 1024 * 1024)
