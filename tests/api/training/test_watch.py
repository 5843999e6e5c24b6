"""GET /training/watch/."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.training import (
    complete,
    load_default_requirements,
    make_course,
    make_hotel_company,
    make_staff,
    make_workplace,
)


@pytest.fixture
def chains(db):
    """Under: 2 of 6, 0 a quarter ago. Near: 5 of 6, all of which lapse in January. Above: 6 of 6. Small: one person."""
    load_default_requirements()
    course = make_course()
    trained = {"Under": (2, date(2026, 10, 1)), "Near": (5, date(2026, 1, 15)), "Above": (6, date(2026, 3, 1))}
    companies = {}
    for name, (number, day) in trained.items():
        company = companies[name] = make_hotel_company(name=f"{name} Fictif")
        site = make_workplace(company, name=f"{name} one")
        people = [make_staff(site) for _ in range(6)]
        for person in people[:number]:
            complete(person, course, day)
    make_staff(make_workplace(companies["Under"], name="Small"))
    make_staff(make_workplace(make_hotel_company(name="Dutch Fictif"), country_id="NL"))
    return companies


def seen(response):
    names = ("state", "trend", "share", "share_before", "share_ahead", "people_missing")
    return [(row["group"]["display"], *(row[name] for name in names)) for row in response.json()["results"]]


def test_a_representative_sees_who_needs_a_call(lcr_be, chains):
    response = lcr_be.get("training/watch/", margin="0.10")

    assert (response.json()["count"], response.json()["target_share"]) == (2, "0.80")
    assert seen(response) == [
        ("Under Fictif", "under", "rising", "0.28", "0.00", "0.28", 4),
        ("Near Fictif", "near", "steady", "0.83", "0.83", "0.00", 1 - 1),
    ]
    row = response.json()["results"][0]
    total = lcr_be.get(row["coverage_url"]).json()["total"]
    assert (total["value"], total["numerator"]["value"], total["denominator"]["value"]) == (
        row["share"],
        row["numerator"],
        row["denominator"],
    )


def test_sites_of_a_country_without_the_small_ones(lcr_be, chains):
    response = lcr_be.get("training/watch/", by="site", country="BE", state="under")

    assert [row[0] for row in seen(response)] == ["Under one"]


def test_filters_and_pages(lcr_be, client_for, chains):
    every = ["under", "near", "above"]

    answers = [
        lcr_be.get("training/watch/", state=every, trend="rising"),
        lcr_be.get("training/watch/", state=every, limit=1, offset=1),
        client_for("company_viewer", organisation=chains["Under"].pk).get("training/watch/", by="site"),
    ]

    assert [[row[0] for row in seen(answer)] for answer in answers] == [
        ["Under Fictif"],
        ["Near Fictif"],
        ["Under one", "Small"],
    ]
    assert answers[1].json()["count"] == 3


def test_as_many_queries_for_many_as_for_few(lcr_be, chains):
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            lcr_be.get("training/watch/")
        costs.append(len(queries))
        for _ in range(3):
            for _ in range(5):
                site = make_workplace()
            make_staff(site)

    assert costs[0] == costs[1]


def test_a_list_of_all_sites_says_whose(lcr_be, chains):
    response = lcr_be.get("training/watch/", by="site")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?by")
