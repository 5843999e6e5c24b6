"""Is it up, and may traffic come? `/healthz/live`, `/healthz/ready` and the whole of it at `/healthz`.

A view of our own on purpose: django-health-check answers 500 where load balancers read 503, HTML unless
asked, and runs every check in a thread with a new database connection.

* live: the process answers. Nothing else is asked, so that a broken database restarts nobody.
* ready: requests can be served: the database answers. A broker that is down only delays mails, and must
  not take the web process out of the balancer.
* whole: for the person on call; 503 when anything is wrong, mails that stall and dead letters among it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.kernel import broker, clock
from registry.kernel.outbox.figures import outbox_figures

# The sweeper runs every 30 s: a row due for longer than this was missed ten times.
LAG_LIMIT_SECONDS = 300


Check = Callable[[], tuple[bool, dict[str, object]]]


def _database() -> tuple[bool, dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, {"engine": connection.vendor}


def _broker() -> tuple[bool, dict[str, object]]:
    options = broker.transport_options(settings.BROKER_URL, settings.DATA_DIR / "queue", longest_task_seconds=0)
    return broker.answers(settings.BROKER_URL, options), {}


def _outbox() -> tuple[bool, dict[str, object]]:
    figures = outbox_figures(at=clock.now())
    is_well = figures["lag_seconds"] <= LAG_LIMIT_SECONDS and not figures["dead"]
    return is_well, {**figures}


PROBES: dict[str, dict[str, Check]] = {
    "live": {},
    "ready": {"database": _database},
    "whole": {"database": _database, "broker": _broker, "outbox": _outbox},
}


def _asked(check: Check) -> dict[str, object]:
    try:
        is_well, details = check()
    except DatabaseError:
        is_well, details = False, {}
    return {"status": "ok" if is_well else "failing", **details}


@never_cache
@require_safe
def healthz(request: HttpRequest, probe: str = "whole") -> JsonResponse:
    """The answer of one probe: 200 when all its checks are well, otherwise 503."""
    checks = {name: _asked(check) for name, check in PROBES[probe].items()}
    is_well = all(check["status"] == "ok" for check in checks.values())
    body = {"status": "ok" if is_well else "failing", "checks": checks}
    return JsonResponse(body, status=200 if is_well else 503)


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/live", healthz, {"probe": "live"}, name="healthz-live"),
    path("healthz/ready", healthz, {"probe": "ready"}, name="healthz-ready"),
]
