"""Every command of the contract: what it refuses before it looks, dry runs, and tags of older versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from tests.contract.asking import Request, ask
from tests.contract.contract import Operation, admitted, operations, resolved
from tests.contract.places import Caller, Place
from tests.contract.specimens.every import SPECIMENS
from tests.frame.shelf import COMMANDS, caller_of

pytestmark = pytest.mark.django_db
STALE = '"999-0123456789abcdef"'
# Their standard lets a statement hold more than anybody declared: it is read over and not kept (tests/api/xapi).
OPEN_BODIES = {"xapi_statements_create", "xapi_statements_replace"}
ANOTHER_TAG = '"abc"'


def each(*, condition: Any = None) -> Any:
    """Every command that meets the condition."""
    asked = [operation for operation in COMMANDS.values() if condition is None or condition(operation)]
    return pytest.mark.parametrize("operation", asked, ids=[operation.id for operation in asked])


def takes_tag(operation: Operation) -> bool:
    """Whether If-Match means something to it."""
    return any(found["name"] == "If-Match" for found in operation.parameters)


def requires_tag(operation: Operation) -> bool:
    """Whether it goes nowhere without If-Match."""
    return any(found["name"] == "If-Match" and found.get("required") for found in operation.parameters)


def prepared(operation: Operation) -> tuple[Caller, Request]:
    """Somebody who may, with a request that would do."""
    caller = caller_of(operation)
    return caller, ask(operation, SPECIMENS[operation.id], Place(caller))


def held() -> dict[str, int]:
    """How many rows each table holds, asked in one statement."""
    models = [model for name in ("registry", "members", "codesign") for model in apps.get_app_config(name).get_models()]
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        # Counted as columns: SQLite takes no more than 500 parts of a union.
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
        return dict(zip(tables, cursor.fetchone(), strict=True))


def send(caller: Caller, request: Request, data: bytes, content_type: str = "application/json") -> Any:
    """The request with other bytes."""
    headers = {"If-Match": "*", **request.headers}
    return caller.client.http.generic(
        request.http.upper(), request.where(), data, content_type=content_type, headers=headers
    )


@each(condition=lambda operation: operation.body and operation.id not in OPEN_BODIES)
def test_a_key_that_nobody_declared_is_named_and_nothing_is_done(operation: Operation):
    caller, request = prepared(operation)
    before = held()
    many = isinstance(request.body, list)
    body = [{**request.body[0], "is_staff": True}] if many else {**(request.body or {}), "is_staff": True}

    response = getattr(caller.client, request.http)(request.path, body, if_match="*")

    faults = response.json()[0]["errors"] if many else response.json()["errors"]
    assert response.status_code == (200 if many else 400)
    assert [(fault["pointer"], fault["code"]) for fault in faults] == [
        ("/0/is_staff" if many else "/is_staff", "unknown_field")
    ]
    assert held() == before


@each(condition=lambda operation: not operation.body)
def test_a_body_where_none_is_taken_is_refused(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = send(caller, request, b'{"force": true}')

    assert (response.status_code, response.json()["code"], held()) == (400, "unexpected_body", before)


@each(condition=lambda operation: operation.body)
@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        (b"name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"{", "application/json", 400, "malformed_json"),
        (b"", "application/json", 400, None),
        (b"null", "application/json", 400, None),
        (b'"text"', "application/json", 400, "invalid"),
    ],
    ids=["form", "plain", "half", "empty", "null", "text"],
)
def test_what_is_no_body_is_refused(
    operation: Operation, data: bytes, content_type: str, status: int, code: str | None
):
    caller, request = prepared(operation)
    before = held()

    response = send(caller, request, data, content_type)

    if code is None and not _needs_anything(operation) and response.status_code != status:
        assert response.status_code == SPECIMENS[operation.id].status
    else:
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert (response.json()["code"] == code or code is None, held()) == (True, before)


def _needs_anything(operation: Operation) -> bool:
    """Whether an empty body is too little."""
    assert operation.body is not None
    schema = resolved(operation.body["schema"])
    return schema["type"] == "array" or bool(schema.get("required"))


@each()
def test_a_dry_run_names_the_effects_and_leaves_nothing(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = getattr(caller.client, request.http)(
        request.where(dry_run="true"), request.body, if_match="*", headers=request.headers
    )

    assert (response.status_code, held()) == (SPECIMENS[operation.id].status, before)
    assert response["Dry-Run-Effects"] != ""
    wet = request.send(caller)
    done = AuditEvent.objects.filter(request_id=wet["X-Request-ID"]).values_list("action", flat=True)
    assert set(filter(None, response["Dry-Run-Effects"].split(", "))) == set(done)


@each()
def test_dry_run_is_said_with_true_or_false(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = getattr(caller.client, request.http)(
        request.where(dry_run="yes"), request.body, if_match="*", headers=request.headers
    )

    assert (response.status_code, response.json()["errors"][0]["pointer"], held()) == (400, "?dry_run", before)


@each(condition=requires_tag)
def test_without_the_tag_it_goes_nowhere(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = request.send(caller, if_match=None)

    assert (response.status_code, response.json()["code"], held()) == (428, "precondition_required", before)


@each(condition=takes_tag)
def test_an_old_tag_is_answered_with_the_tag_that_holds(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = request.send(caller, if_match=STALE)

    assert (response.status_code, response.json()["code"], held()) == (412, "stale", before)
    shown = operations().get(f"{operation.resource.replace('-', '_').replace('/', '_')}_read")
    if operation.id in {"reports_answer", "site_returns_answer"}:
        assert response["ETag"] == caller.client.get(request.path)["ETag"]
    elif shown and "{id}" in operation.path and {caller.role, Role.PUBLIC} & admitted()[shown.id]:
        row = request.path.removeprefix(f"/api/v1/{operation.resource}/").partition("/")[0]
        assert response["ETag"] == caller.client.get(f"/api/v1/{operation.resource}/{row}/")["ETag"]


@each(condition=takes_tag)
def test_a_tag_of_another_kind_is_refused(operation: Operation):
    caller, request = prepared(operation)
    before = held()

    response = request.send(caller, if_match=ANOTHER_TAG)

    assert (response.status_code, response.json()["code"], held()) == (400, "bad_tag", before)
