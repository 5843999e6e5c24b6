"""Read an uploaded table in a stream, from the process of its own: as many rows as one likes, in little memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from threading import Timer
from typing import IO, Any

import orjson

from registry.kernel.files.tables import READER, TOO_HEAVY, refusal

# By the clock on the wall: twice what the largest file takes while a busy database waits for each batch.
LONGEST_SECONDS = 400
Batch = list[tuple[int, list[str | None]]]


def columns_and_batches(content: IO[bytes], names: Sequence[str]) -> tuple[list[str], Iterator[Batch]]:
    """The columns of the file, and its rows in batches: the number of each, the header being row 1, and its cells.

    `content` is a real file. `names` are what lines of JSON may have. A cell is None where such a line says nothing.
    Raises FileRefused, at once or between two batches, with the reason as its code. Close the iterator in the end.
    """
    documents = _documents(content, names)
    first = next(documents)
    return first["columns"], documents


def _documents(content: IO[bytes], names: Sequence[str]) -> Iterator[Any]:
    """Each line of the reader's answer; a reader that was stopped has met its limits."""
    content.seek(0)
    process = subprocess.Popen(
        [sys.executable, "-I", str(READER), *names],
        stdin=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    watchdog = Timer(LONGEST_SECONDS, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            try:
                document = orjson.loads(line)
            except orjson.JSONDecodeError:  # broken off in the middle
                document = TOO_HEAVY
            if isinstance(document, dict) and "code" in document:
                raise refusal(document["code"], document["message"], "/file")
            yield document
        if process.wait() != 0:
            raise refusal(**TOO_HEAVY, pointer="/file")
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
