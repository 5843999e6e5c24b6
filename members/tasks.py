"""What beat sets off for the network. Safe to run twice, late, or in two workers at once."""

from __future__ import annotations

import time

from celery import shared_task

from members.imports import actions as imports
from members.imports.models import Import
from registry.kernel import clock

# Well under the time limit of a task; the next beat goes on.
TURN_SECONDS = 240


@shared_task
def go_on_with_imports() -> int:
    """Label or carry out large imports, chunk by chunk; how many chunks."""
    done, started = 0, time.monotonic()
    for key in Import.objects.unfinished().order_by("created_at", "pk").values_list("pk", flat=True):
        more = True
        while more and time.monotonic() - started < TURN_SECONDS:
            more = imports.go_on(import_id=key, at=clock.now())
            done += 1
    return done
