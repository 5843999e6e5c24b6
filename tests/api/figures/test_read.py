"""Figures: each with its definition, its day and the rows behind it; small cells hidden from readers of totals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from members.network.models import PublishedSize
from tests.api_client import ApiClient
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation
from tests.factories.reporting import make_member
from tests.factories.training import complete, make_course, make_requirement, make_staff, make_workplace

pytestmark = pytest.mark.django_db
EVERYBODYS = [
    *("network-members", "network-members-uncertain", "represented-countries"),
    *("code-members", "supporting-associations"),
]
STAFFS = [
    "training-coverage",
    "reports-by-state",
    "memberships-by-state",
    "applications",
    "criteria-progress",
    "agreements-by-state",
    "agreements-expiring",
]


@pytest.fixture
def book(db: None) -> None:
    """Members: nine in Belgium, four in the Netherlands, six in France, and an association."""
    for country, category, number in (("BE", "hotel", 6), ("BE", "airline", 3), ("NL", "hotel", 4), ("FR", "hotel", 6)):
        for _ in range(number):
            make_member(country=country, category=category)
    make_member(category="association")
    make_member(member_since=None, state="approved")
    make_member(country="NL", state="resigned", ended_on=date(2026, 11, 22))


def cells(answer: Any) -> dict[tuple[Any, ...], Any]:
    return {tuple(row["by"].values()): row["value"] for row in answer.json()["rows"]}


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("public", EVERYBODYS),
        ("company_editor", EVERYBODYS),
        ("auditor", EVERYBODYS),
        ("evaluator", EVERYBODYS + STAFFS),
        ("lcr", EVERYBODYS + STAFFS),
        ("secretariat", EVERYBODYS + STAFFS),
    ],
)
def test_the_catalogue_lists_what_the_caller_may_read(client_for: Any, role: str, codes: list[str]) -> None:
    client = client_for(role)

    listed = client.get("figures/").json()

    assert [figure["code"] for figure in listed] == codes
    for code in EVERYBODYS + STAFFS:
        assert client.get(f"figures/{code}/").status_code == (200 if code in codes else 404)


def test_a_figure_carries_its_definition_its_day_and_its_rows(anonymous: ApiClient, book: None) -> None:
    answer = anonymous.get("figures/code-members/", by="country").json()

    assert (answer["by"], answer["as_of"], answer["unit"]) == (["country"], "2026-11-22", "count")
    assert answer["rows"][0] == {
        "by": {"country": "BE"},
        "value": 9,
        "numerator": 9,
        "denominator": None,
        "suppressed": False,
        "definition": answer["definition"],
        "as_of": "2026-11-22",
        "rows": answer["rows"][0]["rows"],
        "numerator_rows": None,
        "unlisted": 0,
        "numerator_unlisted": None,
    }
    assert answer["total"]["value"] == 19


@pytest.mark.parametrize("code", ["code-members", "supporting-associations", "network-members"])
def test_the_rows_are_exactly_those_counted(anonymous: ApiClient, book: None, code: str) -> None:
    for country in ("BE", "BE", "FR"):
        make_network_membership(organisation=make_organisation(country_id=country))
    answer = anonymous.get(f"figures/{code}/", by="country").json()

    assert answer["rows"]
    for cell in [*answer["rows"], answer["total"]]:
        assert len(anonymous.get(cell["rows"]).json()["results"]) == cell["value"]


def test_staff_rows_are_exactly_those_counted(lcr_be: ApiClient, book: None) -> None:
    answer = lcr_be.get("figures/memberships-by-state/", by="state").json()

    assert cells_of(answer) == {"active": 10, "approved": 1}
    for cell in answer["rows"]:
        assert len(lcr_be.get(cell["rows"]).json()["results"]) == cell["value"]


def cells_of(answer: Any) -> dict[str, Any]:
    return {next(iter(row["by"].values())): row["value"] for row in answer["rows"]}


def test_a_past_day_counts_who_was_member_then(anonymous: ApiClient, book: None) -> None:
    assert cells(anonymous.get("figures/code-members/", by="country", valid_on="2026-11-21")) == {
        ("BE",): 9,
        ("FR",): 6,
        ("NL",): 5,
    }
    before = anonymous.get("figures/code-members/", by="country", valid_on="2020-05-31").json()
    assert (before["rows"], before["total"]["value"]) == ([], 0)


def test_readers_of_totals_see_no_cell_under_five_and_no_rows(evaluator: ApiClient, book: None) -> None:
    answer = evaluator.get("figures/code-members/", by="country").json()

    assert cells_of(answer) == {"BE": 9, "FR": None, "NL": None}
    assert [row["suppressed"] for row in answer["rows"]] == [False, True, True]
    assert {row["rows"] for row in (*answer["rows"], answer["total"])} == {None}
    assert (answer["total"]["value"], answer["total"]["suppressed"]) == (19, False)
    hidden = answer["rows"][2]
    assert (hidden["numerator"], hidden["denominator"]) == (None, None)


def test_one_cut_does_not_give_away_what_another_hides(evaluator: ApiClient, book: None) -> None:
    both = cells(evaluator.get("figures/code-members/", by="country,category"))

    assert both == {("BE", "airline"): None, ("BE", "hotel"): None, ("FR", "hotel"): None, ("NL", "hotel"): None}


def test_an_empty_figure_is_hidden_too(evaluator: ApiClient) -> None:
    total = evaluator.get("figures/reports-by-state/").json()["total"]

    assert (total["value"], total["suppressed"]) == (None, True)


def test_coverage_is_a_share_with_both_numbers(secretariat: ApiClient, evaluator: ApiClient, lcr_nl: ApiClient) -> None:
    make_requirement()
    course, site = make_course(), make_workplace(heads=12)
    for number in range(10):
        person = make_staff(site)
        if number < 7:
            complete(person, course, date(2026, 1, 5))

    (cell,) = secretariat.get("figures/training-coverage/", by="country").json()["rows"]

    assert (cell["by"], cell["value"], cell["numerator"], cell["denominator"]) == ({"country": "BE"}, 0.58, 7, 12)
    assert len(secretariat.get(cell["numerator_rows"]).json()["results"]) == 7
    assert evaluator.get("figures/training-coverage/").json()["total"]["value"] == 0.58
    assert lcr_nl.get("figures/training-coverage/").json()["total"]["value"] is None


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"by": "colour"}, "unknown_dimension"),
        ({"by": "Country;"}, "invalid"),
        ({"valid_on": "2026-13-01"}, "invalid"),
        ({"country": "BE"}, "unknown_parameter"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(anonymous: ApiClient, params: dict[str, str], code: str) -> None:
    answer = anonymous.get("figures/code-members/", **params)

    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (400, [code])


def test_an_unchanged_figure_is_not_sent_again(anonymous: ApiClient, book: None) -> None:
    tag = anonymous.get("figures/code-members/", by="country")["ETag"]

    assert anonymous.get("figures/code-members/?by=country", headers={"If-None-Match": tag}).status_code == 304


def test_members_of_the_network_are_counted_by_kind_beside_what_was_published(anonymous: ApiClient) -> None:
    PublishedSize.objects.create(scheme="ECPAT", position=1, date_text="2018", members=103, basis="members", source="x")
    make_network_membership(organisation=make_organisation(country_id="BE"), region_id="europe", kind="full")
    make_network_membership(organisation=make_organisation(country_id="NL"), region_id="europe", kind="affiliate")
    doubtful = make_organisation(country_id="FR")
    make_network_membership(organisation=doubtful, region_id="europe", kind="full", confidence="sourced_inferred")

    answer = anonymous.get("figures/network-members/", by="kind").json()

    assert [(row["by"]["kind"], row["value"]) for row in answer["rows"]] == [("affiliate", 1), ("full", 1)]
    assert [(size["members"], size["basis"]) for size in answer["published"]] == [(103, "members")]


def test_countries_without_a_representative_are_counted_as_they_are_listed(anonymous: ApiClient, lcr_be: Any) -> None:
    answer = anonymous.get("figures/represented-countries/", by="region,represented").json()

    covered = [row for row in answer["rows"] if row["by"] == {"region": "europe", "represented": "true"}]
    assert [row["value"] for row in covered] == [1]
    for row in answer["rows"]:
        if row["rows"]:
            assert anonymous.get(f"{row['rows']}&count=exact").json()["count"] == row["value"]


def test_a_series_is_the_figure_read_on_each_day(anonymous: ApiClient) -> None:
    for first in ("2015", "2017"):
        organisation = make_organisation(country_id="BE")
        day = date(int(first), 1, 1)
        make_network_membership(organisation=organisation, region_id="europe", valid_from=day, proven_from=day)

    answer = anonymous.get("figures/network-members/", step="year", to="2018-05-31", **{"from": "2014-06-01"}).json()

    assert [(point["as_of"], point["total"]["value"]) for point in answer["points"]] == [
        ("2014-06-01", 0),
        ("2015-06-01", 1),
        ("2016-06-01", 1),
        ("2017-06-01", 2),
    ]


@pytest.mark.parametrize("to", ["2014-05-31", "2190-01-01"])
def test_a_series_is_bounded(anonymous: ApiClient, to: str) -> None:
    answer = anonymous.get("figures/network-members/", to=to, **{"from": "2014-06-01"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "out_of_range")
