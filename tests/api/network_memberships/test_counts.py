"""GET /network-memberships/counts/: certain and uncertain members of a day."""

from __future__ import annotations

import pytest

from tests.factories.network import make_applicant, make_network_membership
from tests.factories.organisations import make_organisation


@pytest.fixture(autouse=True)
def _network(db) -> None:
    """Two certain and one doubtful member in Europe, one certain in the Americas, one applicant."""
    make_network_membership()
    make_network_membership(organisation=make_organisation(country_id="FR"))
    make_network_membership(confidence="sourced_inferred")
    make_network_membership(region_id="americas", organisation=make_organisation(country_id="US"))
    make_applicant()


def numbers(body) -> dict[str, tuple[int, int]]:
    return {cell["code"]: (cell["certain"]["value"], cell["uncertain"]["value"]) for cell in body["results"]}


def test_both_numbers_stand_by_region_with_definition_day_and_rows(anonymous):
    body = anonymous.get("network-memberships/counts/").json()

    assert (body["as_of"], body["by"], numbers(body)) == (
        "2026-11-22",
        "region",
        {"americas": (1, 0), "europe": (2, 1)},
    )
    total = body["total"]
    assert (total["certain"]["value"], total["uncertain"]["value"], total["code"]) == (3, 1, None)
    assert total["certain"]["definition"].startswith("Memberships of the network on the day")
    assert {cell["display"] for cell in body["results"]} == {"Europe", "Americas"}


def test_every_number_has_the_list_of_those_counted(anonymous):
    body = anonymous.get("network-memberships/counts/", by="country", kind="full").json()

    for cell in (*body["results"], body["total"]):
        for figure in (cell["certain"], cell["uncertain"]):
            assert len(anonymous.get(figure["rows"]).json()["results"]) == figure["value"]
    assert numbers(body) == {"BE": (1, 1), "FR": (1, 0), "US": (1, 0)}


def test_a_day_and_one_region_are_asked_in_one_request(anonymous):
    body = anonymous.get("network-memberships/counts/", valid_on="2010-06-01", region="europe").json()

    # Joined in 2010, on a day that no source names.
    assert (numbers(body), body["as_of"]) == ({"europe": (0, 3)}, "2010-06-01")


def test_the_unlisted_are_counted_and_not_shown(anonymous, secretariat):
    make_network_membership(organisation=make_organisation(is_listed=False))

    public = anonymous.get("network-memberships/counts/", region="europe").json()["total"]["certain"]
    staff = secretariat.get("network-memberships/counts/", region="europe").json()["total"]["certain"]

    assert (public["value"], public["rows"]) == (3, None)
    assert (staff["value"], staff["rows"] is None) == (3, False)


def test_what_is_no_choice_is_refused(anonymous):
    response = anonymous.get("network-memberships/counts/", by="colour", region="atlantis", valid_on="someday")

    assert response.status_code == 400
    assert {fault["pointer"] for fault in response.json()["errors"]} <= {"?by", "?region", "?valid_on"}


@pytest.mark.parametrize("more", [0, 20])
def test_it_costs_the_same_however_many_there_are(anonymous, django_assert_num_queries, more):
    for _ in range(more):
        make_network_membership()

    with django_assert_num_queries(2):
        assert anonymous.get("network-memberships/counts/").status_code == 200
