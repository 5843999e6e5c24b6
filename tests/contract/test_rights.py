"""Every operation with every role on own, foreign and absent rows: what the rights table says is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from tests.contract.asking import ABSENT, ask
from tests.contract.contract import Operation, admitted, operations
from tests.contract.places import Caller, Place, make_caller
from tests.contract.specimens.every import SPECIMENS
from tests.contract.specimens.specimen import Specimen

pytestmark = pytest.mark.django_db
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

    assert "\n".join(faults) == ""


def _walk(operation: Operation, callers: dict[Role, Caller]) -> Iterator[str]:
    """What is wrong with one operation, role by role."""
    specimen = SPECIMENS.get(operation.id, NO_ROW)
    for role, caller in callers.items():
        # Whoever logs in is the public too.
        check = _admitted if {role, Role.PUBLIC} & admitted().get(operation.id, frozenset()) else _refused
        with _undone():
            for fault in check(operation, specimen, caller):
                yield f"{operation.id} by {role}: {fault}"


def _refused(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    """401 or 403 on a row that is there, whatever is sent, and nothing changes."""
    request = ask(operation, specimen, Place(Caller(Role.SECRETARIAT, caller.client, caller.user)))
    events = AuditEvent.objects.count()

    response = request.send(caller)

    expected = 401 if caller.role is Role.PUBLIC else 403
    if response.status_code != expected or AuditEvent.objects.count() != events:
        yield f"{response.status_code} instead of {expected}, {AuditEvent.objects.count() - events} changes"


def _admitted(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    if operation.is_list:
        yield from _listed(operation, specimen, caller)
        return
    with _undone():
        response = ask(operation, specimen, Place(caller)).send(caller)
        if response.status_code != specimen.status:
            yield f"own row: {response.status_code} instead of {specimen.status}: {response.content[:400]!r}"
    if operation.is_on_row:
        yield from _hidden(operation, specimen, caller)
    if specimen.refs and not caller.sees_all:
        yield from _unnameable(operation, specimen, caller)


def _listed(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    """Own rows are in the list, foreign ones are not."""
    assert specimen.row is not None
    mine = specimen.row(Place(caller))
    theirs = specimen.row(Place(caller, is_own=False)) if _may_be_foreign(specimen, caller) else None
    response = caller.client.get(operation.path, page_size="1000")
    if response.status_code != 200:
        yield f"{response.status_code}: {response.content[:400]!r}"
        return
    keys = {str(row.get("id") or row.get("code")) for row in response.json()["results"]}
    if mine is not None and str(mine.pk) not in keys:
        yield "the own row is not in the list"
    if theirs is not None and str(theirs.pk) in keys:
        yield "a foreign row is in the list"


def _hidden(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    """A foreign row is answered as an absent one: 404, equal but for the request's id, and nothing changes."""
    with _undone():
        absent = ask(operation, specimen, Place(caller), key=ABSENT).send(caller)
        if absent.status_code != 404:
            yield f"absent row: {absent.status_code} instead of 404"
    if not _may_be_foreign(specimen, caller):
        return
    with _undone():
        request = ask(operation, specimen, Place(caller), row_in=Place(caller, is_own=False))
        events = AuditEvent.objects.count()
        answer = request.send(caller)
        if answer.status_code != 404 or AuditEvent.objects.count() != events:
            yield f"foreign row: {answer.status_code} instead of 404"
        elif _without_request(answer) != _without_request(absent):
            yield "a foreign row is told from an absent one"


def _unnameable(operation: Operation, specimen: Specimen, caller: Caller) -> Iterator[str]:
    """A foreign id in a body is answered as an absent one, and nothing changes."""
    assert specimen.body is not None
    for name in specimen.refs:
        with _undone():
            request = ask(operation, specimen, Place(caller))
            foreign = Place(caller, is_own=False)
            theirs = _value(specimen.body(foreign, specimen.row(foreign) if specimen.row else None), name)
            if theirs in {None, _value(request.body, name)}:  # not sent by this role, or a row that all may name
                continue
            events = AuditEvent.objects.count()
            answers = [
                replace(request, body=_with(request.body, name, key)).send(caller) for key in (theirs, str(ABSENT))
            ]
            shown = [answer.content[:300] for answer in answers]
            if AuditEvent.objects.count() != events:
                yield f"/{name}: a foreign or absent id is taken: {shown}"
            elif _without_request(answers[0]) != _without_request(answers[1]):
                yield f"/{name}: a foreign id is told from an absent one: {shown}"


def _may_be_foreign(specimen: Specimen, caller: Caller) -> bool:
    return specimen.hides_from_all or not (specimen.is_shared or caller.sees_all)


def _value(body: Any, name: str) -> Any:
    return (body[0] if isinstance(body, list) else body).get(name)


def _with(body: Any, name: str, value: Any) -> Any:
    return [{**body[0], name: value}] if isinstance(body, list) else {**body, name: value}


def _without_request(response: Any) -> tuple[int, Any]:
    body = response.json()
    if isinstance(body, dict):
        body.pop("request_id", None)
    return response.status_code, body


@contextmanager
def _undone() -> Iterator[None]:
    """Roll back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
