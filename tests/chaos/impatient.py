"""Celery with the house's timetable at one second instead of thirty or sixty, and short leases.

Usage: `python -m tests.chaos.impatient worker|beat …`, with Celery's own options.
`CHAOS_FIRST_WAIT`: seconds before a mail that failed is tried again, doubling; 1 when left out.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

from registry.celery import TIMETABLE, app

if __name__ == "__main__":
    django.setup()
    from registry.kernel.outbox import worker  # holds models: only after the set-up

    # The promised proportion: a send ends in less than half the lease.
    worker.LEASE, worker.SEND_SECONDS = timedelta(seconds=6), 2.9
    worker.FIRST_WAIT = timedelta(seconds=float(os.environ.get("CHAOS_FIRST_WAIT", "1")))
    for entry in TIMETABLE.values():
        if isinstance(entry["schedule"], float):
            entry["schedule"] = 1.0
    app.start(sys.argv[1:])
