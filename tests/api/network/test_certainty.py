"""`valid_on` and `uncertain` on the lists and counts of the network: the certain rows, the rest on request."""

from __future__ import annotations

from datetime import date

import pytest

from registry.kernel.audit.models import AuditEvent
from tests.factories.agreements import make_agreement
from tests.factories.network import make_mandate, make_network_membership, make_participation
from tests.factories.organisations import make_organisation


def names(client, path: str, **params) -> list[str]:
    response = client.get(path, **params)
    assert response.status_code == 200, response.content
    return [row["organisation"]["display"] for row in response.json()["results"]]


def test_a_partner_counts_from_the_day_on_which_it_is_proven(anonymous):
    proven = make_participation(organisation=make_organisation(name="A Fictif"), valid_from=date(2015, 1, 1))
    group = proven.group
    make_participation(group=group, organisation=make_organisation(name="B Fictif"), proven_from=date(2020, 1, 1))
    make_participation(group=group, organisation=make_organisation(name="C Fictif"), confidence="sourced_inferred")

    def of(day: str, **more: str) -> list[str]:
        return names(anonymous, "group-participations/", valid_on=day, **more)

    def counted(day: str) -> tuple[int, int]:
        (row,) = anonymous.get("groups/", valid_on=day).json()["results"]
        return row["partner_count"], row["uncertain_partner_count"]

    def listed(**more: str) -> list[str]:
        found = anonymous.get("directory/", kind="stop_partner", valid_on="2016-01-01", **more).json()
        return [entry["name"] for entry in found["entries"]]

    assert (of("2014-12-31"), of("2014-12-31", uncertain="true")) == ([], ["B Fictif", "C Fictif"])
    assert (of("2016-01-01"), of("2016-01-01", uncertain="only")) == (["A Fictif"], ["B Fictif", "C Fictif"])
    assert of("2020-01-01") == ["A Fictif", "B Fictif"]
    assert [counted(day) for day in ("2014-12-31", "2016-01-01", "2020-01-01")] == [(0, 2), (1, 2), (2, 1)]
    assert (listed(), listed(uncertain="true")) == (["A Fictif"], ["A Fictif", "B Fictif", "C Fictif"])


def test_a_mandate_is_certain_once_confirmed_or_proven(secretariat):
    make_mandate(organisation=make_organisation(name="A Fictif"), proven_from=date(2018, 12, 31))
    make_mandate(organisation=make_organisation(name="B Fictif"), confidence="sourced_inferred")
    make_mandate(organisation=make_organisation(name="C Fictif"), state="confirmed", confidence="sourced_inferred")

    assert names(secretariat, "mandates/", ordering="organisation") == ["A Fictif", "C Fictif"]
    assert names(secretariat, "mandates/", ordering="organisation", valid_on="2018-12-30") == ["C Fictif"]
    assert names(secretariat, "mandates/", uncertain="only") == ["B Fictif"]


@pytest.mark.parametrize(
    ("since", "proven_from"), [("2018", "2018-12-31"), ("2018-02", "2018-02-28"), ("", "2026-11-22")]
)
def test_a_recorded_mandate_is_proven_from_the_last_day_that_its_source_may_mean(secretariat, since, proven_from):
    body = {"organisation": str(make_organisation().pk), "country": "LU", "since": since}

    created = secretariat.post("mandates/", body)
    assert (created.status_code, created.json()["proven_from"]) == (201, proven_from)

    path = f"mandates/{created.json()['id']}/"
    corrected = secretariat.patch(path, {"since": "2017-06"}, if_match=created["ETag"])
    refused = secretariat.patch(path, {"since": "--06-12"}, if_match=corrected["ETag"])
    assert (corrected.json()["since"], corrected.json()["proven_from"]) == ("2017-06", "2017-06-30")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/since")
    assert secretariat.get(path)["ETag"] == corrected["ETag"]


def test_a_first_day_in_a_group_is_put_right_but_never_over_another_row(secretariat):
    first = make_participation(valid_from=date(2010, 1, 1), valid_until=date(2012, 12, 31))
    row = make_participation(group=first.group, organisation=first.organisation, valid_from=date(2015, 1, 1))
    path = f"group-participations/{row.pk}/"

    moved = secretariat.patch(path, {"valid_from": "2014-03-01"}, if_match=secretariat.get(path)["ETag"])
    refused = secretariat.patch(path, {"valid_from": "2012-12-31"}, if_match=moved["ETag"])

    assert (moved.status_code, moved.json()["valid_from"], moved.json()["proven_from"]) == (
        200,
        "2014-03-01",
        "2014-03-01",
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "participation_exists")
    assert AuditEvent.objects.filter(action="group-participations.update").count() == 1


def test_dates_of_a_recorded_membership_are_put_right_until_a_decision_rests_on_them(secretariat):
    path = f"network-memberships/{make_network_membership().pk}/"

    body = {"since": "2012-05", "since_basis": "first seen"}
    first = secretariat.patch(path, body, if_match=secretariat.get(path)["ETag"])
    assert [first.json()[name] for name in ("since", "valid_from", "proven_from")] == ["2012-05", None, "2012-05-31"]

    move = {"effective_on": "2020-01-01", "reason": "Credentials seen.", "kind": "full"}
    confirmed = secretariat.post(f"{path}confirm/", move, if_match=first["ETag"])
    refused = secretariat.patch(path, {"since": "2013"}, if_match=confirmed["ETag"])

    assert (refused.status_code, refused.json()["code"]) == (409, "membership_decided")
    assert secretariat.get(path).json()["since"] == "2012-05"


def test_the_figure_of_expiring_agreements_opens_exactly_those_counted(secretariat):
    for title, terms in {
        "A en vigueur": {"ends_on": "2027-01-31"},
        "B signé, pas encore en vigueur": {"state": "signed", "starts_on": "2026-12-15", "ends_on": "2027-01-15"},
        "C fin connue par l'année": {"ends_on": "2027"},
        "D plus tard": {"ends_on": "2028-12-31"},
    }.items():
        make_agreement(title=title, **terms)

    figure = secretariat.get("figures/agreements-expiring/").json()["total"]
    rows = secretariat.get(figure["rows"].removeprefix("/api/v1/")).json()["results"]

    assert (figure["value"], [row["title"][0] for row in rows]) == (3, ["A", "B", "C"])


def test_uncertain_members_are_a_figure_of_their_own(anonymous):
    make_network_membership(confidence="sourced_inferred")
    make_network_membership()

    figure = anonymous.get("figures/network-members-uncertain/", by="region").json()
    rows = anonymous.get(figure["rows"][0]["rows"].removeprefix("/api/v1/")).json()["results"]

    assert (figure["total"]["value"], [row["is_uncertain"] for row in rows]) == (1, [True])
    assert anonymous.get("figures/network-members/").json()["total"]["value"] == 1


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("organisations/", "country"),
        ("organisations/", "active_in"),
        ("network-memberships/", "country"),
        ("reporting-channels/", "country"),
        ("groups/", "country"),
        ("assemblies/", "country"),
        ("directory/", "country"),
    ],
)
def test_a_country_that_is_none_is_refused_and_a_code_forgiven_its_case(anonymous, path, parameter):
    refused = anonymous.get(path, **{parameter: "UK"})
    fault = refused.json()["errors"][0]

    assert (refused.status_code, fault["pointer"].split("/")[0], fault["code"]) == (
        400,
        f"?{parameter}",
        "unknown_country",
    )
    assert anonymous.get(path, **{parameter: "be"}).status_code == 200
