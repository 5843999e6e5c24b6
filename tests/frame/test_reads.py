"""Every detail of the contract: its tag, the answer that was not changed, and part of a row."""

from __future__ import annotations

import pytest

from tests.contract.asking import ask
from tests.contract.contract import Operation, operations
from tests.contract.places import Place
from tests.contract.specimens.every import SPECIMENS
from tests.frame.shelf import caller_of

pytestmark = pytest.mark.django_db
READS = {name: operation for name, operation in operations().items() if name.endswith("_read") and operation.is_on_row}
ON_ROW = {
    name: operation
    for name, operation in operations().items()
    if operation.http == "get" and operation.is_on_row and not operation.is_file
}


@pytest.mark.parametrize("operation", ON_ROW.values(), ids=list(ON_ROW))
def test_what_the_caller_has_already_is_not_sent_again(operation: Operation):
    caller = caller_of(operation)
    request = ask(operation, SPECIMENS[operation.id], Place(caller))

    first = request.send(caller)
    again = caller.client.get(request.path, headers={"If-None-Match": first["ETag"]}, **request.query)
    other = caller.client.get(request.path, headers={"If-None-Match": '"1-0123456789abcdef"'}, **request.query)

    assert (first.status_code, again.status_code, again.content, again["ETag"]) == (200, 304, b"", first["ETag"])
    assert (other.status_code, other.content) == (200, first.content)
    assert {"Accept-Language", "Authorization", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}


@pytest.mark.parametrize("operation", ON_ROW.values(), ids=list(ON_ROW))
def test_a_read_refuses_a_parameter_that_it_does_not_know(operation: Operation):
    caller = caller_of(operation)
    request = ask(operation, SPECIMENS[operation.id], Place(caller))

    response = caller.client.get(request.path, **{**request.query, "colour": "red"})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [
        ("?colour", "unknown_parameter")
    ]


@pytest.mark.parametrize("operation", READS.values(), ids=list(READS))
def test_a_part_of_a_row_has_a_tag_of_its_own_with_the_same_version(operation: Operation):
    caller = caller_of(operation)
    request = ask(operation, SPECIMENS[operation.id], Place(caller))
    whole = request.send(caller)
    first, *others = whole.json()

    part = caller.client.get(request.path, fields=first)
    rest = caller.client.get(request.path, omit=first)

    assert (part.json(), list(rest.json())) == ({first: whole.json()[first]}, others)
    assert (part["ETag"] != whole["ETag"], part["ETag"].split("-")[0]) == (True, whole["ETag"].split("-")[0])


def test_a_change_changes_the_tag(secretariat):
    path = "companies/"
    created = secretariat.post(path, {"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel"})
    place = f"{path}{created.json()['id']}/"

    changed = secretariat.patch(place, {"category": "hotel_chain"}, if_match=created["ETag"])
    shown = secretariat.get(place, headers={"If-None-Match": created["ETag"]})

    assert (created.status_code, changed.status_code, shown.status_code) == (201, 200, 200)
    assert created["Location"] == f"/api/v1/{place}"
    assert (created["ETag"][:3], changed["ETag"][:3], shown["ETag"]) == ('"1-', '"2-', changed["ETag"])
