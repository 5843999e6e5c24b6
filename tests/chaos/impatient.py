"""Celery with the house's timetable at one second instead of thirty or sixty.

Usage: `python -m tests.chaos.impatient worker|beat …`, with Celery's own options.
"""

from __future__ import annotations

import sys

from registry.celery import TIMETABLE, app

if __name__ == "__main__":
    for entry in TIMETABLE.values():
        if isinstance(entry["schedule"], float):
            entry["schedule"] = 1.0
    app.start(sys.argv[1:])
