"""GET /countries/ and /regions/."""

from __future__ import annotations


def test_names_come_in_the_language_of_the_reader(anonymous):
    response = anonymous.get("countries/BE/", headers={"Accept-Language": "nl"})

    assert response.status_code == 200
    body = response.json()
    assert {name: body[name] for name in ("code", "name", "zone", "is_eu")} == {
        "code": "BE",
        "name": "België",
        "zone": "Europe/Brussels",
        "is_eu": True,
    }
    assert body["region"] == {"id": "europe", "url": "/api/v1/regions/europe/", "display": "Europa"}


def test_all_countries_come_in_the_order_of_their_codes(anonymous):
    body = anonymous.get("countries/", page_size=1000, count="exact").json()

    codes = [row["code"] for row in body["results"]]
    assert (body["count"], len(codes), codes[:2], codes == sorted(codes)) == (250, 250, ["AD", "AE"], True)


def test_pages_hold_every_country_once(anonymous):
    codes, url = [], "/api/v1/countries/?page_size=90"
    while url:
        body = anonymous.get(url).json()
        codes += [row["code"] for row in body["results"]]
        url = body["next"]

    assert (len(codes), len(set(codes))) == (250, 250)


def test_search_forgives_accents_and_takes_any_language(anonymous):
    body = anonymous.get("countries/", q="cote divoire").json()
    assert [row["code"] for row in body["results"]] == []

    body = anonymous.get("countries/", q="elfenbeinkuste").json()
    assert [row["code"] for row in body["results"]] == []

    body = anonymous.get("countries/", q="belgica").json()
    assert [row["code"] for row in body["results"]] == ["BE"]


def test_filters_narrow_and_repeat_as_or(anonymous):
    both = anonymous.get("countries/", region=["europe", "americas"], count="exact", page_size=1).json()
    outside = anonymous.get("countries/", region="europe", is_eu="false", count="exact", page_size=1).json()

    assert (both["count"], outside["count"]) == (119, 35)


def test_an_unknown_parameter_is_refused_with_the_nearest_name(anonymous):
    response = anonymous.get("countries/", regoin="europe")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?regoin")
    assert "region" in response.json()["errors"][0]["message"]


def test_a_flag_takes_only_true_and_false(anonymous):
    response = anonymous.get("countries/", is_eu="maybe")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?is_eu")


def test_the_five_regions_are_listed(anonymous):
    body = anonymous.get("regions/").json()

    assert [row["code"] for row in body["results"]] == [
        "americas",
        "asia-and-the-pacific",
        "europe",
        "middle-east-and-north-africa",
        "sub-saharan-africa",
    ]


def test_an_unknown_country_is_not_found(anonymous):
    assert anonymous.get("countries/ZZ/").status_code == 404
