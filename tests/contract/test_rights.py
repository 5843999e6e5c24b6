"""Every operation with every role on own, foreign and absent rows: what the rights table says is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction

from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from tests.contract.contract import Operation, admitted, operations
from tests.contract.places import Caller, Place, make_caller
from tests.contract.specimens.every import SPECIMENS
from tests.contract.specimens.specimen import Specimen

pytestmark = pytest.mark.django_db
ABSENT = UUID("01900000-0000-7000-8000-00000000dead")
NO_ROW = Specimen()
RESOURCES = sorted({operation.resource for operation in operations().values()})


def test_every_operation_has_a_row_of_rights_and_every_row_an_operation():
    assert set(admitted()) == set(operations())


def test_every_operation_has_a_specimen_and_every_specimen_an_operation():
    assert set(SPECIMENS) == set(operations())


def test_no_row_of_rights_names_an_unknown_role_or_nobody():
    assert {name: roles for name, roles in admitted().items() if not roles or not roles <= set(Role)} == {}


@pytest.mark.parametrize("resource", RESOURCES)
def test_rights(resource: str):
    mine = [operation for operation in operations().values() if operation.resource == resource]

    # A caller for each role is made once; what a single call did is rolled back.
    callers = {role: make_caller(role) for role in Role}
    faults = [fault for operation in mine for fault in _walk(operation, callers)]

    assert faults == []


def _walk(operation: Operation, callers: dict[Role, Caller]) -> Iterator[str]:
    """What is wrong with one operation, role by role."""
    specimen = SPECIMENS.get(operation.id, NO_ROW)
    for role, caller in callers.items():
        check = _admitted if role in admitted().get(operation.id, ()) else _refused
        with _undone():
            for fault in check(operation, specimen, caller):
                yield f"{operation.id} by {role}: {fault}"


def _refused(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    """401 or 403 on a row that is there, whatever is sent, and nothing changes."""
    keeper = Place(Caller(Role.SECRETARIAT, caller.client, caller.user))
    row = specimen.row(keeper) if specimen.row else None
    events = AuditEvent.objects.count()

    response = call(operation, specimen, caller, keeper, row)

    expected = 401 if caller.role is Role.PUBLIC else 403
    if response.status_code != expected or AuditEvent.objects.count() != events:
        yield f"{response.status_code} instead of {expected}, {AuditEvent.objects.count() - events} changes"


def _admitted(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    own = Place(caller)
    foreign = Place(caller, is_own=False)
    if operation.is_list:
        yield from _listed(operation, specimen, caller, own, foreign)
        return
    with _undone():
        row = specimen.row(own) if specimen.row else None
        response = call(operation, specimen, caller, own, row)
        if response.status_code != specimen.status:
            yield f"own row: {response.status_code} instead of {specimen.status}: {response.content[:300]!r}"
    if operation.is_on_row:
        yield from _hidden(operation, specimen, caller, own, foreign)
    if specimen.refs and not caller.sees_all:
        yield from _unnameable(operation, specimen, caller, own, foreign)


def _listed(operation: Operation, specimen: Specimen, caller: Caller, own: Place, foreign: Place) -> Iterator[str]:
    """Own rows are in the list, foreign ones are not."""
    assert specimen.row is not None
    mine = specimen.row(own)
    with_foreign = specimen.hides_from_all or not (specimen.is_shared or caller.sees_all)
    theirs = specimen.row(foreign) if with_foreign else None
    response = call(operation, specimen, caller, own, None, page_size="1000")
    if response.status_code != 200:
        yield f"{response.status_code}: {response.content[:300]!r}"
        return
    keys = {str(row.get("id") or row.get("code")) for row in response.json()["results"]}
    if mine is not None and str(mine.pk) not in keys:
        yield "the own row is not in the list"
    if theirs is not None and str(theirs.pk) in keys:
        yield "a foreign row is in the list"


def _hidden(operation: Operation, specimen: Specimen, caller: Caller, own: Place, foreign: Place) -> Iterator[str]:
    """A foreign row is answered as an absent one: 404, equal but for the request's id, and nothing changes."""
    assert specimen.row is not None
    with _undone():
        mine = specimen.row(own)
        absent = call(operation, specimen, caller, own, mine, key=ABSENT)
        if absent.status_code != 404:
            yield f"absent row: {absent.status_code} instead of 404"
    if specimen.is_shared or (caller.sees_all and not specimen.hides_from_all):
        return
    with _undone():
        theirs = specimen.row(foreign)
        events = AuditEvent.objects.count()
        answer = call(operation, specimen, caller, own, theirs)
        if answer.status_code != 404 or AuditEvent.objects.count() != events:
            yield f"foreign row: {answer.status_code} instead of 404"
        elif _without_request(answer) != _without_request(absent):
            yield "a foreign row is told from an absent one"


def _unnameable(operation: Operation, specimen: Specimen, caller: Caller, own: Place, foreign: Place) -> Iterator[str]:
    """A foreign id in a body is answered as an absent one, and nothing changes."""
    assert specimen.body is not None
    for name in specimen.refs:
        with _undone():
            row = specimen.row(own) if specimen.row else None
            body, theirs = specimen.body(own, row), specimen.body(foreign, row)
            if _value(theirs, name) == _value(body, name):  # a row that everybody may name
                continue
            events = AuditEvent.objects.count()
            answers = [
                call(operation, specimen, caller, own, row, body=_with(body, name, key))
                for key in (_value(theirs, name), str(ABSENT))
            ]
            if AuditEvent.objects.count() != events or _without_request(answers[0]) != _without_request(answers[1]):
                yield f"/{name}: a foreign id does {answers[0].content[:200]!r}, an absent one {answers[1].content[:200]!r}"


def _value(body: Any, name: str) -> Any:
    return body[0][name] if isinstance(body, list) else body[name]


def _with(body: Any, name: str, value: Any) -> Any:
    return [{**body[0], name: value}] if isinstance(body, list) else {**body, name: value}


def _without_request(response: Any) -> tuple[int, Any]:
    body = response.json()
    if isinstance(body, dict):
        body.pop("request_id", None)
    return response.status_code, body


def call(
    operation: Operation, specimen: Specimen, caller: Caller, place: Place, row: Any, *, key: Any = None, **query: str
) -> Any:
    """Make the call that the specimen describes; `key` instead of the row's own."""
    body = query.pop("body", None)
    cache.clear()  # no throttle of one caller may answer another
    path = operation.path.format(id=key or (row.pk if row is not None else ABSENT), **specimen.path)
    if specimen.query:
        query |= specimen.query(place, row)
    if operation.http == "get":
        return caller.client.get(path, **query)
    if body is None and specimen.body:
        body = specimen.body(place, row)
    return getattr(caller.client, operation.http)(path, body, if_match="*")


@contextmanager
def _undone() -> Iterator[None]:
    """Roll back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
