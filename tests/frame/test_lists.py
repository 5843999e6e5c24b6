"""Every list of the contract: pages, orders, counts, fields, and how it refuses what it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.contract import Operation
from tests.contract.places import Caller, Place
from tests.frame.shelf import LISTS, caller_of, fill

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("operation", LISTS.values(), ids=list(LISTS))


def parameter(operation: Operation, name: str) -> dict[str, Any]:
    """One query parameter as the contract has it."""
    return next(found for found in operation.parameters if found["name"] == name)


def orders(operation: Operation) -> list[str]:
    """Names that a list can be ordered by."""
    return sorted({name.removeprefix("-") for name in parameter(operation, "ordering")["schema"]["enum"]})


def walk(caller: Caller, url: str, link: str) -> list[list[dict[str, Any]]]:
    """The pages from `url` on, along `next` or `previous`."""
    pages = []
    while url:
        response = caller.client.http.get(url)
        assert response.status_code == 200, response.content
        pages.append(response.json()["results"])
        last, url = url, response.json()[link]
        assert len(pages) < 500, last
    return pages


def last_page(caller: Caller, url: str) -> str:
    """The address of the last page."""
    while following := caller.client.http.get(url).json()["next"]:
        url = following
    return url


@EACH
def test_pages_forwards_and_back_are_the_whole_list_in_every_order(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 4)

    for ordering in parameter(operation, "ordering")["schema"]["enum"]:
        whole = caller.client.get(operation.path, ordering=ordering, page_size="1000").json()["results"]
        size = 3 if len(whole) < 50 else 60
        start = f"{operation.path}?ordering={ordering}&page_size={size}"
        forwards = walk(caller, start, "next")
        backwards = walk(caller, last_page(caller, start), "previous")

        assert len(whole) > size
        assert [row for page in forwards for row in page] == whole
        assert [row for page in reversed(backwards) for row in page] == whole
        assert {len(page) for page in forwards[:-1]} == {size}


@EACH
def test_an_order_and_its_reverse_are_mirror_images(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 4)

    for name in orders(operation):
        up, down = (
            caller.client.get(operation.path, ordering=ordering, page_size="1000").json()["results"]
            for ordering in (name, f"-{name}")
        )

        assert up == down[::-1]


@EACH
def test_the_exact_count_comes_when_asked_for(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 2)

    whole = caller.client.get(operation.path, page_size="1000").json()
    counted = caller.client.get(operation.path, page_size="1", count="exact").json()

    assert ("count" in whole, counted["count"]) == (False, len(whole["results"]))


@EACH
def test_fields_and_omit_divide_a_row(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 1)
    row = caller.client.get(operation.path, page_size="1").json()["results"][0]
    first, *others = row

    kept = caller.client.get(operation.path, page_size="1", fields=first).json()["results"][0]
    left = caller.client.get(operation.path, page_size="1", omit=first).json()["results"][0]

    assert (kept, left) == ({first: row[first]}, {name: row[name] for name in others})


@EACH
@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"page_sise": "2"}, "?page_sise", "unknown_parameter"),
        ({"page_size": "0"}, "?page_size", "bad_page_size"),
        ({"page_size": "1001"}, "?page_size", "bad_page_size"),
        ({"page_size": "ten"}, "?page_size", "bad_page_size"),
        ({"ordering": "password"}, "?ordering", "unknown_ordering"),
        ({"cursor": "AAAA"}, "?cursor", "bad_cursor"),
        ({"count": "about"}, "?count", "invalid"),
        ({"fields": "password"}, "?fields", "unknown_field"),
        ({"omit": "password"}, "?omit", "unknown_field"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("?") else "",
)
def test_a_list_refuses_what_it_does_not_know(operation: Operation, query: dict[str, str], pointer: str, code: str):
    caller = caller_of(operation)

    response = caller.client.get(operation.path, **query)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]


@EACH
def test_a_cursor_of_another_order_is_refused(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 4)
    name = orders(operation)[0]
    place = caller.client.get(operation.path, ordering=name, page_size="2").json()["next"].partition("cursor=")[2]

    response = caller.client.get(f"{operation.path}?ordering=-{name}&cursor={place.partition('&')[0]}")

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "bad_cursor")


@EACH
def test_a_dated_list_takes_a_day_between_1900_and_2200_and_an_undated_one_none(operation: Operation):
    caller = caller_of(operation)
    is_dated = any(found["name"] == "valid_on" for found in operation.parameters)
    fill(operation, Place(caller), 1)

    statuses = [
        caller.client.get(operation.path, valid_on=day).status_code
        for day in ("1900-01-01", "2026-11-22", "2200-12-31", "1899-12-31", "2201-01-01", "2026-1-1", "today")
    ]

    assert statuses == ([200] * 3 + [400] * 4 if is_dated else [400] * 7)


def test_an_unknown_parameter_is_answered_with_the_nearest_name(secretariat):
    response = secretariat.get("companies/", contry="BE")

    assert response.json()["errors"] == [
        {
            "pointer": "?contry",
            "code": "unknown_parameter",
            "message": "There is no such parameter. Did you mean “country”?",
        }
    ]
