"""Every answer carries a request id; every request leaves one line without path, query or person."""

from __future__ import annotations

import logging
import re

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from registry.kernel.requests import RequestIdMiddleware


def _answer(request):
    """A view that notes what a log line inside it would carry."""
    request.seen = structlog.contextvars.get_contextvars()
    request.resolver_match = ResolverMatch(_answer, (), {}, route="feeds/<str:token>.ics")
    return HttpResponse("ok")


def _ask(**headers):
    request = RequestFactory().get("/feeds/s3cret.ics", {"child": "Anna"}, headers=headers)
    return request, RequestIdMiddleware(_answer)(request)


@pytest.mark.parametrize("given", ["abcd1234", "A" * 64, "01J-9.x_y-12345"])
def test_a_well_formed_id_of_the_caller_is_kept(given):
    request, response = _ask(**{"X-Request-ID": given})

    assert (request.request_id, response["X-Request-ID"]) == (given, given)
    assert request.seen == {"request_id": given}


@pytest.mark.parametrize(
    "given", ["", "short", "A" * 65, "has blank in it", "new\nline12345", "ünicode12345", "-leading12"]
)
def test_any_other_id_is_replaced(given):
    request, response = _ask(**{"X-Request-ID": given})

    assert re.fullmatch(r"[0-9a-f]{32}", request.request_id)
    assert response["X-Request-ID"] == request.request_id


def test_the_line_names_the_route_and_nothing_that_was_asked(caplog):
    with caplog.at_level(logging.INFO, logger="registry.requests"):
        _ask(**{"X-Request-ID": "abcd1234"})

    (line,) = [record.msg for record in caplog.records if record.name == "registry.requests"]
    assert line.pop("milliseconds") >= 0
    line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "registry.requests",
        "method": "GET",
        "request_id": "abcd1234",
        "route": "feeds/<str:token>.ics",
        "status": 200,
    }
