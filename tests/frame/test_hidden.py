"""Hidden data never influences an answer: rows beyond the caller's reach come and change, and no byte moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from members.scope import Role
from tests.contract.contract import Operation, admitted
from tests.contract.places import Caller, Place, make_caller
from tests.contract.specimens.every import SPECIMENS
from tests.frame.shelf import LISTS, fill

pytestmark = pytest.mark.django_db
REACH = {
    Role.LCR: [
        operation
        for operation in LISTS.values()
        if {Role.LCR, Role.PUBLIC} & admitted()[operation.id] and not SPECIMENS[operation.id].is_shared
    ],
    Role.COMPANY_EDITOR: [
        operation
        for operation in LISTS.values()
        if {Role.COMPANY_EDITOR, Role.PUBLIC} & admitted()[operation.id] and not SPECIMENS[operation.id].is_shared
    ],
}


@pytest.mark.parametrize(
    ("role", "operation"),
    [(role, operation) for role, asked in REACH.items() for operation in asked],
    ids=[f"{role}-{operation.id}" for role, asked in REACH.items() for operation in asked],
)
def test_rows_beyond_reach_move_no_byte(role: Role, operation: Operation):
    caller = make_caller(role)
    fill(operation, Place(caller), 3)
    _hide(operation, caller)
    before = list(_answers(operation, caller))

    _hide(operation, caller)
    _hide(operation, caller)

    assert len(before) > 5
    assert list(_answers(operation, caller)) == before


def _hide(operation: Operation, caller: Caller) -> None:
    row = SPECIMENS[operation.id].row
    assert row is not None
    row(Place(caller, is_own=False))


def _answers(operation: Operation, caller: Caller) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Every order page by page, the count, and filters that would find a hidden row."""
    known = {found["name"]: found for found in operation.parameters}
    tried: list[dict[str, Any]] = [{"count": "exact"}, {"page_size": "1000"}]
    tried += [{"ordering": ordering, "page_size": "2"} for ordering in known["ordering"]["schema"]["enum"]]
    tried += [{name: value} for name, value in (("q", "fictif"), ("country", "NL")) if name in known]
    for query in tried:
        response = caller.client.get(operation.path, **query)
        yield query, response.content
        while following := response.json()["next"]:
            response = caller.client.http.get(following)
            yield query, response.content
