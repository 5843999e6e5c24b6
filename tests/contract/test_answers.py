"""What is answered is what the contract says: every key declared, every type as written, null only where allowed."""

from __future__ import annotations

from typing import Any

import pytest

from members.scope import Role
from tests.contract.asking import ask
from tests.contract.contract import Operation, admitted, operations, resolved
from tests.contract.places import Place, make_caller
from tests.contract.specimens.every import SPECIMENS
from tests.contract.validating import validator_of

pytestmark = pytest.mark.django_db
ROLES = (Role.SECRETARIAT, Role.COMPANY_EDITOR, Role.LCR, Role.EVALUATOR, Role.PUBLIC)
EACH = [
    (operation, role)
    for operation in operations().values()
    for role in ROLES
    if {role, Role.PUBLIC} & admitted()[operation.id]
]


@pytest.mark.parametrize(("operation", "role"), EACH, ids=[f"{operation.id}-{role}" for operation, role in EACH])
def test_an_answer_is_as_declared(operation: Operation, role: Role):
    caller = make_caller(role)
    specimen = SPECIMENS[operation.id]
    request = ask(operation, specimen, Place(caller))

    response = request.send(caller)

    ((status, declared),) = [found for found in operation.spec["responses"].items() if found[0] < "300"]
    assert response.status_code == int(status), response.content
    if "content" not in declared:
        assert response.content == b""
        return
    if "application/json" not in declared["content"]:
        # A file that somebody handed in is declared as any file.
        assert {response["Content-Type"].partition(";")[0], "application/octet-stream"} & set(declared["content"])
        return
    ((media_type, shape),) = declared["content"].items()
    faults = validator_of(shape["schema"]).iter_errors(response.json())
    assert response["Content-Type"] == media_type
    assert [f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in faults] == []


@pytest.mark.parametrize(
    ("ask_for", "number"),
    [
        (lambda client: client.get("companies/", page_size="0"), 400),
        (lambda client: client.get("nothing/"), 404),
        (lambda client: client.put("companies/", {}), 405),
        (lambda client: client.post("companies/", b"{"), 400),
        (lambda client: client.patch("plan-actions/01900000-0000-7000-8000-00000000dead/", {}), 428),
    ],
)
def test_a_refusal_is_as_declared(secretariat: Any, ask_for: Any, number: int):
    response = ask_for(secretariat)

    problem = resolved({"$ref": "#/components/schemas/Problem"})
    assert response.status_code == number
    assert list(validator_of(problem).iter_errors(response.json())) == []
