"""The ledger's second copy, beside the database: a restored database is older than the erasures since.

One JSON object a line in DATA_DIR, salted hashes only. A restore leaves this file where it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from members.people.models import ErasureLedger

NAME = "erasures.jsonl"


def append(rows: Iterable[ErasureLedger]) -> None:
    """Write tombstones to the end of the file, and to the disk."""
    entries = [
        {"place": row.place, "salt": row.salt, "digest": row.digest, "erased_at": row.erased_at.isoformat()}
        for row in rows
    ]
    if not entries:
        return
    with _path().open("a", encoding="utf-8") as file:
        # The line break comes first: a line that a power cut has torn must not swallow the next one.
        file.writelines(f"\n{json.dumps(entry)}" for entry in entries)
        file.flush()
        os.fsync(file.fileno())


def read() -> list[ErasureLedger]:
    """The tombstones of the file, unsaved. Torn and empty lines are left out."""
    if not _path().exists():
        return []
    rows = []
    for line in _path().read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        rows.append(ErasureLedger(**{**entry, "erased_at": datetime.fromisoformat(entry["erased_at"])}))
    return rows


def merge() -> None:
    """Let file and table hold the same tombstones."""
    filed, kept = read(), list(ErasureLedger.objects.order_by("erased_at", "pk"))
    in_file, in_table = {row.digest for row in filed}, {row.digest for row in kept}
    ErasureLedger.objects.bulk_create([row for row in filed if row.digest not in in_table], ignore_conflicts=True)
    append(row for row in kept if row.digest not in in_file)


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
