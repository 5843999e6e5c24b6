"""`/metrics` for Prometheus: requests and database as django-prometheus counts them, and the outbox.

Not public: a bearer METRICS_TOKEN, or without one only callers on the machine itself. Counts tell an
outsider how large a register is and how busy.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from registry.kernel import clock
from registry.kernel.outbox.figures import outbox_figures

_LOOPBACK = {"127.0.0.1", "::1"}


def may_read(request: HttpRequest) -> bool:
    """The token when one is set; otherwise a direct caller on this machine (a proxy makes everyone local)."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and "X-Forwarded-For" not in request.headers


def _outbox_gauges() -> bytes:
    """The outbox, read when asked: in a registry of its own, so that several web processes agree."""
    figures = outbox_figures(at=clock.now())
    registry = CollectorRegistry()
    lag = Gauge("registry_outbox_lag_seconds", "How long the oldest due row waits.", registry=registry)
    lag.set(figures["lag_seconds"])
    rows = Gauge("registry_outbox_rows", "Rows of the outbox that wait, by what for.", ["state"], registry=registry)
    for state, count in (("due", figures["due"]), ("dead", figures["dead"]), ("held", figures["held"])):
        rows.labels(state).set(count)
    return generate_latest(registry)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The text form of Prometheus."""
    if not may_read(request):
        refusal = HttpResponse("A token is needed here.\n", status=401, content_type="text/plain")
        refusal["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refusal
    response = ExportToDjangoView(request)
    response.content += _outbox_gauges()
    return response


urlpatterns = [path("metrics", metrics, name="metrics")]
