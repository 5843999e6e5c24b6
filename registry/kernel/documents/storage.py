"""Where the content of documents lies: one file each, in the folder that a backup takes along."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

BLOCK = 64 * 1024
# Beside the database, not in it: a restored database is older than the removals since.
LEDGER = "removed-documents.txt"


def folder() -> Path:
    """The folder of all documents."""
    return Path(settings.DATA_DIR) / "files" / "documents"


def path_of(key: UUID) -> Path:
    """Where the content of a document lies."""
    return folder() / key.hex[-2:] / key.hex


def write(key: UUID, content: IO[bytes]) -> str:
    """Copy the content block by block, to the disk; its SHA-256. A file that breaks off never has the final name."""
    target = path_of(key)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, digest = target.with_suffix(".part"), hashlib.sha256()
    content.seek(0)
    with draft.open("wb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return digest.hexdigest()


def unlink(key: UUID) -> bool:
    """Take the content away; whether there was any."""
    path = path_of(key)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def stored(*, before: float) -> Iterator[tuple[UUID | None, Path]]:
    """Every file last written before that second of the epoch, with the key that its name says; None for none."""
    for path in sorted(folder().glob("*/*")):
        if path.stat().st_mtime < before:
            yield (UUID(path.name) if len(path.name) == 32 else None), path


def remember_removed(key: UUID) -> None:
    """Note beside the database that a document was removed: ids alone say nothing of it."""
    with (Path(settings.DATA_DIR) / LEDGER).open("a", encoding="ascii") as file:
        file.write(f"\n{key}")
        file.flush()
        os.fsync(file.fileno())


def removed() -> set[UUID]:
    """The documents that were removed, by the note beside the database; torn lines are left out."""
    path = Path(settings.DATA_DIR) / LEDGER
    lines = path.read_text(encoding="ascii").split() if path.exists() else []
    return {UUID(line) for line in lines if len(line) == 36}
