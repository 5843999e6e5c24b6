"""Loaded by pytest before Django reads its settings: what the machine has set must not leak into the tests.

TEST_DATABASE_URL and TEST_BROKER_URL choose PostgreSQL and Redis; without them the embedded default.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SETTINGS = (
    "PRODUCTION SECRET_KEY ALLOWED_HOSTS PUBLIC_URL HOST PORT DATA_DIR DATABASE_URL CACHE_URL BROKER_URL MAIL_URL "
    "MAIL_FROM REGISTRY_NOW CORS_ALLOWED_ORIGINS NUM_PROXIES LOG_LEVEL METRICS_TOKEN WEB_PROCESSES WEB_THREADS "
    "WORKER_PROCESSES"
).split()


def prepare() -> None:
    """Set the environment of this test process: an empty DATA_DIR of its own, the databases asked for."""
    for name in SETTINGS:
        os.environ.pop(name, None)
    for name in ("DATABASE_URL", "BROKER_URL"):
        if chosen := os.environ.get(f"TEST_{name}"):
            os.environ[name] = chosen
    # In memory where the system offers it: what is tested is order and atomicity, not the disk.
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(prefix="registry-test-", dir=memory if os.access(memory, os.W_OK) else None)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.environ["DATA_DIR"] = place


prepare()
