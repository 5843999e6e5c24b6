"""Read an uploaded table in a process of its own, so that no file can harm the one that serves others."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from registry.kernel.errors import Fault, Invalid, TooLarge
from registry.kernel.files import limits

READER = Path(__file__).with_name("reader.py")
TOO_HEAVY = {"code": "too_heavy", "message": "Reading the file takes more time or memory than it may."}
# Two at once take a gigabyte at most; the others wait.
_SLOTS = BoundedSemaphore(2)


class FileRefused(Invalid):
    """The file is no table that is taken."""

    default_code = "malformed_file"


@dataclass(frozen=True)
class Table:
    """Rows of text under lower-case column names. `numbers`: where each row stands, the header being row 1."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


def read(content: bytes, *, pointer: str = "/file") -> Table:
    """The table in a CSV file or workbook. Raises TooLarge, FileRefused with the reason as its code."""
    if len(content) > limits.MAX_BYTES:
        raise TooLarge(f"A file has at most {limits.MAX_BYTES // 1024 // 1024} MB.", code="file_too_large")
    with _SLOTS:
        answer = _asked(content)
    if "code" in answer:
        raise refusal(answer["code"], answer["message"], pointer)
    return Table(**answer)


def _asked(content: bytes, *, reader: Path = READER) -> dict:
    """What the reader answers; a reader that was stopped has met its limits."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(reader)],
            input=content,
            capture_output=True,
            timeout=limits.WALL_SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TOO_HEAVY
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout else TOO_HEAVY


def refusal(code: str, message: str, pointer: str) -> FileRefused:
    """The answer to a file that is not taken."""
    return FileRefused(message, code=code, faults=(Fault(pointer, code, message),))
