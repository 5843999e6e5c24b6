"""GET /reporting-channels/ and /reporting-channels/find/."""

from __future__ import annotations

import pytest

from members.management.loading import NetworkLoad


@pytest.fixture(autouse=True)
def _network(db, at) -> None:
    NetworkLoad(at=at).run()


def test_a_witness_abroad_is_led_to_the_police_then_the_own_country_then_the_router(anonymous):
    response = anonymous.get("reporting-channels/find/", country="TH", residence="BE", about="travel")

    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["country"], body["residence"], body["about"]) == ("TH", "BE", "travel")
    assert [(choice["contact"], choice["reason"]) for choice in body["choices"]] == [
        (None, "immediate_danger"),
        ("https://jedisstop.be/", "country_of_residence"),
        ("https://dontlookaway.report/", "router"),
    ]


def test_within_the_union_the_emergency_number_comes_first_in_the_readers_language(anonymous):
    response = anonymous.get("reporting-channels/find/", country="BE", headers={"Accept-Language": "fr"})

    first, *_, last = response.json()["choices"]
    assert (first["contact"], first["channel"]["display"]) == ("tel:112", "112")
    assert first["reason_text"] == "Un enfant est en danger maintenant : appelez la police du pays où cela se passe."
    assert last["reason"] == "router"


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"country": "ZZ"}, "?country"),
        ({}, "?country"),
        ({"country": "BE", "residence": "Belgium"}, "?residence"),
        ({"country": "BE", "about": "rumours"}, "?about"),
        ({"country": "BE", "what": "text"}, "?what"),
    ],
)
def test_an_unknown_place_or_parameter_is_named(anonymous, params, pointer):
    response = anonymous.get("reporting-channels/find/", **params)

    assert response.status_code == 400
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_the_list_is_public_and_filtered(anonymous):
    belgian = anonymous.get("reporting-channels/", country="BE").json()["results"]
    union = anonymous.get("reporting-channels/", is_eu_wide="true").json()["results"]

    assert [(row["name"], row["organisation"]["display"]) for row in belgian] == [
        ("Je dis STOP / Ik zeg stop (BE)", "ECPAT Belgium"),
        ("stopchildporno.be (BE)", "Child Focus"),
    ]
    assert [row["contact"] for row in union] == ["tel:112", "tel:116111", "tel:116000"]
