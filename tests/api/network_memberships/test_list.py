"""GET /network-memberships/ and /published-sizes/ on the real network."""

from __future__ import annotations

from datetime import date

import pytest

from members.management.loading import NetworkLoad
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation


@pytest.fixture
def network(db, at) -> None:
    """The real network as the files have it."""
    NetworkLoad(at=at).run()


def count(client, **params) -> int:
    response = client.get("network-memberships/", count="exact", page_size=1, **params)
    assert response.status_code == 200, response.content
    return response.json()["count"]


@pytest.mark.usefixtures("network")
def test_the_public_list_holds_the_certain_rows_and_more_on_request(anonymous):
    assert [
        count(anonymous),
        count(anonymous, uncertain="true"),
        count(anonymous, uncertain="only"),
        count(anonymous, uncertain="false"),
    ] == [32, 50, 18, 32]
    assert [
        count(anonymous, uncertain="true", region="europe"),
        count(anonymous, uncertain="true", country=["NP", "BE"]),
        count(anonymous, uncertain="true", kind="affiliate"),
        count(anonymous, uncertain="true", confidence="sourced"),
        count(anonymous, uncertain="true", q="name not seen"),
        count(anonymous, uncertain="true", q="espana"),
    ] == [15, 3, 3, 32, 8, 1]


@pytest.mark.usefixtures("network")
def test_who_were_our_members_in_europe_on_a_day_is_one_request(anonymous):
    params = {"region": "europe", "valid_on": "2014-12-02", "page_size": 100}

    certain = anonymous.get("network-memberships/", **params).json()["results"]
    possible = anonymous.get("network-memberships/", **params, uncertain="only").json()["results"]

    # Seen as members by then; of the others no source says since when, or only the year.
    assert {row["organisation"]["display"] for row in certain} == {
        "ECPAT Sverige",
        "ECPAT Switzerland (Kinderschutz Schweiz)",
    }
    assert (len(possible), {row["is_uncertain"] for row in possible}) == (12, {True})


@pytest.mark.usefixtures("network")
def test_a_row_tells_its_source_and_how_sure_it_is(anonymous):
    (row,) = anonymous.get("network-memberships/", country="MK").json()["results"]

    assert {name: row[name] for name in ("kind", "state", "since", "since_basis", "valid_from", "is_uncertain")} == {
        "kind": "affiliate",
        "state": "recorded",
        "since": "2018",
        "since_basis": "admitted at the Bogota Assembly",
        "valid_from": "2018-01-01",
        "is_uncertain": False,
    }
    assert row["source"].startswith("http://kulturno.mk/")
    assert row["note"] == ""


@pytest.mark.usefixtures("network")
def test_the_list_of_a_day_leaves_out_who_came_later(anonymous):
    # One was admitted in 2018; five more were founded or joined from 1991 to 1995.
    assert [count(anonymous, uncertain="true", valid_on=day) for day in ("2017-12-31", "1990-01-01")] == [49, 44]


def test_what_is_no_choice_is_refused(anonymous):
    response = anonymous.get("network-memberships/", uncertain="perhaps", state="lost", kind="friend")

    assert response.status_code == 400
    assert {fault["pointer"] for fault in response.json()["errors"]} == {"?uncertain", "?state", "?kind"}


def test_a_former_member_is_in_the_list_of_its_time_only(secretariat):
    membership = make_network_membership(valid_until=date(2020, 6, 30))

    assert (
        count(secretariat),
        count(secretariat, valid_on="2020-06-30"),
        count(secretariat, valid_on="2020-07-01"),
    ) == (0, 1, 0)
    assert secretariat.get(f"network-memberships/{membership.pk}/").status_code == 200


def test_an_unlisted_member_is_shown_to_its_region_and_staff_alone(client_for, anonymous, secretariat):
    hidden = make_network_membership(organisation=make_organisation(is_listed=False))
    neighbour, distant = client_for("member_group"), client_for("member_group")
    make_network_membership(organisation=neighbour.organisation)
    make_network_membership(organisation=distant.organisation, region_id="americas")

    seen = [
        client.get(f"network-memberships/{hidden.pk}/").status_code
        for client in (anonymous, distant, neighbour, secretariat)
    ]
    assert seen == [404, 404, 200, 200]


@pytest.mark.usefixtures("network")
def test_published_sizes_contradict_each_other_with_their_sources(anonymous):
    body = anonymous.get("published-sizes/", scheme="ECPAT", count="exact").json()

    assert (body["count"], [row["members"] for row in body["results"] if row["date"] == "2018-06"]) == (16, [102, 107])
