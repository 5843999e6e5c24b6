"""gunicorn's settings, the same under `manage.py run`, in a container and behind a proxy."""

from __future__ import annotations

import os
import tempfile

from registry import settings

wsgi_app = "registry.wsgi:application"
bind = f"{settings.HOST}:{settings.PORT}"
# Threads share one memory, and with it the embedded cache; one process is also what SQLite needs.
worker_class = "gthread"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 15
# Longer than a proxy keeps its idle connections, so that it never writes into a closed one.
keepalive = 75
control_socket_disable = True
accesslog = None  # each request has its own line, without path and query
logconfig_dict = settings.LOGGING

if workers > 1:
    # Must be set before prometheus_client is imported: each process counts in a file of its own.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="registry-metrics-"))


def child_exit(server: object, worker: object) -> None:
    """Forget the gauges of a web process that ended."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined]
