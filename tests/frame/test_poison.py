"""The nine causes of a 500: each is answered with a 4xx or a result, stores nothing, and every list still answers."""

from __future__ import annotations

import json
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from registry.kernel.audit.models import AuditEvent
from tests.contract.asking import Request, ask
from tests.contract.contract import Operation, operations
from tests.contract.places import Caller, Place
from tests.contract.specimens.every import SPECIMENS
from tests.frame.shelf import LISTS, caller_of

pytestmark = pytest.mark.django_db
# One of each package, with and without JSON columns, on a row and on a collection, one by one and in a list.
TARGETS = (
    "organisations_create",
    "organisations_update",
    "contacts_create",
    "invitations_create",
    "companies_create",
    "sites_create",
    "plan_actions_create",
    "code_memberships_submit",
    "reports_answer",
    "extensions_create",
    "courses_create",
    "staff_create",
    "completions_create",
)
BODIES: dict[str, bytes] = {
    "lone surrogate": rb'"\ud800"',
    "lone surrogate after text": rb'"Hotel \udfff"',
    "NUL": rb'"a\u0000b"',
    "NUL in a nested string": rb'{"en": ["a\u0000"]}',
    "a hundred thousand levels": b"[" * 100_000 + b"]" * 100_000,
    "thirty-three levels": b"[" * 33 + b"]" * 33,
    "not a number": b"NaN",
    "a number without end": b"1e999",
    "an integer beyond 64 bits": b"1" + b"0" * 400,
    "bytes that are no UTF-8": b'"\xff\xfe"',
    "an object where text is": b'{"$ne": null}',
    "null": b"null",
    "a day before the calendar": b'"0001-01-01"',
    "a day at its end": b'"9999-12-31"',
    "a day that is none": b'"2026-02-30"',
    "a moment with an offset of 21 hours": b'"2026-01-01T00:00:00+21:00"',
    "a moment at the end": b'"9999-12-31T23:59:59.999999-12:00"',
    "two thousand words": b'"' + b"mot " * 2000 + b'"',
}


def prepared(name: str) -> tuple[Caller, Request]:
    """Somebody who may, with a request that would do."""
    caller = caller_of(operations()[name])
    return caller, ask(operations()[name], SPECIMENS[name], Place(caller))


def send(caller: Caller, request: Request, data: bytes, content_type: str = "application/json") -> Any:
    return caller.client.http.generic(
        request.http.upper(), request.path, data, content_type=content_type, headers={"If-Match": "*"}
    )


@pytest.mark.parametrize("target", TARGETS)
def test_a_poisoned_body_breaks_nothing(target: str):
    caller, request = prepared(target)
    is_list = isinstance(request.body, list)
    item = request.body[0] if is_list else request.body

    broken = []
    for (name, poison), key in product(BODIES.items(), [*item, None]):
        data = poison if key is None else json.dumps({**item, key: "POISON"}, default=str).encode()
        data = data.replace(b'"POISON"', poison)
        response = send(caller, request, b"[" + data + b"]" if is_list else data)
        if response.status_code >= 500:
            broken.append((name, key, response.content))

    assert broken == []
    assert_all_lists_answer(caller)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=bogus",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/json\x00",
        "",
    ],
)
def test_a_strange_content_type_breaks_nothing(target: str, content_type: str):
    caller, request = prepared(target)
    events = AuditEvent.objects.count()

    response = send(caller, request, b"--x\r\n", content_type)

    assert (response.status_code, response["Content-Type"]) in {
        (400, "application/problem+json"),
        (415, "application/problem+json"),
    }
    assert AuditEvent.objects.count() == events


READS = {name: operation for name, operation in operations().items() if operation.http == "get"}
QUERIES = {
    "two thousand words": "mot " * 2000,
    "NUL": "a\0b",
    "lone surrogate": "\udc80",
    "percent and underscore": "%_\\",
    "a day long past": "1900-01-01",
    "a day at the end": "9999-12-31",
    "a day that is none": "2026-02-30",
    "a moment at the end": "9999-12-31T23:59:59+14:00",
    "an offset of 21 hours": "2026-01-01T00:00:00+21:00",
    "a number without end": "9" * 400,
    "minus": "-1",
    "arabic digits": "١٢",
}


@pytest.mark.parametrize("operation", READS.values(), ids=list(READS))
def test_a_poisoned_parameter_breaks_nothing(operation: Operation):
    caller, request = prepared(operation.id)
    named = [parameter["name"] for parameter in operation.parameters if parameter["in"] == "query"]

    broken = []
    for (name, poison), parameter in product(QUERIES.items(), named):
        others = urlencode({key: value for key, value in request.query.items() if key != parameter})
        value = quote(poison.encode("utf-8", "surrogateescape"))
        response = caller.client.http.get(f"{request.path}?{parameter}={value}&{others}")
        if response.status_code not in {200, 400, 404}:
            broken.append((name, parameter, response.content))

    assert broken == []


@pytest.mark.parametrize(
    "header",
    [
        "Bearer cr_a\0b",
        "Bearer ",
        "Bearer cr_é",
        "Bearer " + "x" * 9000,
        "Bearer cr_a_b c",
        "Basic !!!",
        "\0",
        "Bearer \udc80",
    ],
)
def test_a_poisoned_token_is_401(anonymous, header: str):
    for path in ("companies/", "me/", "countries/"):
        response = anonymous.http.generic("GET", f"/api/v1/{path}", HTTP_AUTHORIZATION=header)

        assert response.status_code in ({401} if header.startswith("Bearer") else {200, 401}), response.content


@pytest.mark.parametrize(
    "name", ["If-Match", "If-None-Match", "Idempotency-Key", "Accept-Language", "X-Request-ID", "Accept"]
)
@pytest.mark.parametrize(
    "value", ["a\0b", "\udc80", "é", '"', "x" * 9000, ", ,;q=zz", '"99999999999-0123456789abcdef"']
)
def test_a_poisoned_header_breaks_nothing(name: str, value: str):
    caller, request = prepared("sites_update")

    for method in ("GET", "PATCH"):
        response = caller.client.http.generic(
            method, request.path, b'{"name": "Nord"}', content_type="application/json", headers={name: value}
        )

        assert response.status_code < 500, response.content


def assert_all_lists_answer(caller: Caller) -> None:
    """No list is broken by what was just stored."""
    answers = {operation.id: caller.client.get(operation.path).status_code for operation in LISTS.values()}
    assert {name: status for name, status in answers.items() if status not in {200, 403}} == {}
