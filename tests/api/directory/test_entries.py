"""The public directory needs no login and shows nobody who is hidden for their safety."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from tests.factories.network import make_group, make_network_membership, make_participation
from tests.factories.organisations import make_organisation


@pytest.fixture
def network(db):
    """Two listed members, an unlisted one, an uncertain one, a partner and a supporter."""
    belgian = make_organisation(name="ECPAT Fictif Belgique (DEMO)", country_id="BE")
    thai = make_organisation(name="=ECPAT Fictif Thai (DEMO)", country_id="TH")
    hidden = make_organisation(name="ECPAT Caché (DEMO)", country_id="BE", is_listed=False)
    doubtful = make_organisation(name="ECPAT Peut-être (DEMO)", country_id="BE")
    for organisation, region in ((belgian, "europe"), (thai, "asia-and-the-pacific"), (hidden, "europe")):
        make_network_membership(organisation=organisation, region_id=region)
    make_network_membership(organisation=doubtful, region_id="europe", confidence="sourced_inferred")
    group = make_group()
    make_participation(group=group, organisation=belgian, role="coordinator")
    supporter = make_organisation(name="Soutien Fictif (DEMO)", country_id="BE")
    make_participation(group=group, organisation=supporter, role="supporter")
    return belgian


def names(answer):
    return [(entry["kind"], entry["name"]) for entry in answer.json()["entries"]]


def test_it_lists_members_partners_and_channels(anonymous, network):
    answer = anonymous.get("directory/", country="BE")

    assert names(answer) == [
        ("member_group", "ECPAT Fictif Belgique (DEMO)"),
        ("stop_partner", "ECPAT Fictif Belgique (DEMO)"),
    ]
    assert (answer.json()["counted"], answer.json()["listed"]) == (3, 2)
    assert answer["Cache-Control"] == "public, max-age=300"


def test_uncertain_members_come_on_request(anonymous, network):
    answer = anonymous.get("directory/", country="BE", kind="member_group", uncertain="true")

    assert [name for _, name in names(answer)] == ["ECPAT Fictif Belgique (DEMO)", "ECPAT Peut-être (DEMO)"]
    assert answer.json()["counted"] == 3


def test_the_secretariat_sees_the_same_public_list(secretariat, anonymous, network):
    assert secretariat.get("directory/").json() == anonymous.get("directory/").json()


def test_geojson_puts_an_entry_at_a_point_of_its_country(anonymous, network):
    answer = anonymous.get("directory/geojson/", country="BE", kind="member_group").json()

    (feature,) = answer["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [4.3333, 50.8333]}
    assert feature["properties"]["name"] == "ECPAT Fictif Belgique (DEMO)"


def test_no_cell_of_the_csv_starts_a_formula(anonymous, network):
    answer = anonymous.get("directory/csv/", country="TH")

    lines = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))
    assert [line["name"] for line in lines] == ["'=ECPAT Fictif Thai (DEMO)"]


@pytest.mark.parametrize(
    ("params", "pointer"),
    [({"kind": "spy"}, "?kind/0"), ({"valid_on": "soon"}, "?valid_on"), ({"land": "BE"}, "?land")],
)
def test_bad_parameters_are_named(anonymous, params, pointer):
    answer = anonymous.get("directory/", **params)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_it_costs_the_same_queries_for_one_and_for_many(anonymous, network, django_assert_max_num_queries):
    for number in range(20):
        organisation = make_organisation(name=f"ECPAT Fictif {number} (DEMO)", country_id="NL")
        make_network_membership(organisation=organisation, region_id="europe")

    with django_assert_max_num_queries(4):
        assert anonymous.get("directory/").json()["listed"] == 23
