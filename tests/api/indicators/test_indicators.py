"""Indicators: what stands behind each, what is hidden, and what publishing freezes."""

from __future__ import annotations

from itertools import product

import pytest

from codesign.reporting import actions
from codesign.reporting.models import Contribution
from registry.kernel.audit.models import AuditEvent
from tests.domain.reporting.test_groups import decide
from tests.factories.reporting import make_report, make_submitted_group, make_year

pytestmark = pytest.mark.django_db


def contribute(country: str, value: int | None, *, code: str = "staff_trained", weight: str = "1") -> Contribution:
    """A company's part of an indicator."""
    report = make_report()
    return Contribution.objects.create(
        report=report,
        reporting_year=report.reporting_year,
        country_id=country,
        category="hotel",
        criterion_number=2,
        indicator_code=code,
        value=value,
        part=None if value is None else value,
        whole=None if value is None else 10,
        is_passed_on=code == "passed_on",
        sites_in_scope=2,
        sites_answering=0 if value is None else 1,
        weight=weight,
        answering_weight=0 if value is None else weight,
    )


def table(client, **parameters):
    response = client.get("indicators/table/", year=2025, **parameters)
    assert response.status_code == 200, response.content
    return {row["code"]: row for row in response.json()["indicators"]}


def by_country(row) -> dict:
    return {cell["by"]["country"]: cell["value"] for cell in row["rows"]}


def test_each_value_says_who_stands_behind_it_and_opens_the_rows_that_add_up_to_it(secretariat, lcr_be):
    for country, value in (("BE", 4), ("BE", None), ("NL", 0)):
        contribute(country, value)

    row = table(secretariat, by="country")["staff_trained"]

    total = row["total"]
    assert {name: total[name] for name in total.keys() - {"by", "rows", "suppressed"}} == {
        "value": "4",
        "numerator": "4",
        "denominator": "20",
        "share": "0.20",
        "companies": 3,
        "companies_answering": 2,
        "sites_in_scope": 6,
        "sites_answering": 2,
    }
    belgium = row["rows"][0]
    assert (belgium["by"], belgium["companies"], belgium["companies_answering"]) == ({"country": "BE"}, 2, 1)
    behind = secretariat.get(belgium["rows"]).json()["results"]
    assert sum(float(one["value"] or 0) for one in behind) == 4.0
    assert len(behind) == 2
    # A representative counts its countries alone.
    assert by_country(table(lcr_be, by="country")["staff_trained"]) == {"BE": "4"}
    assert table(lcr_be)["staff_trained"]["total"]["value"] == "4"


def test_small_cells_are_hidden_so_that_no_subtraction_shows_one(secretariat, evaluator):
    for country, count in (("BE", 6), ("NL", 7), ("FR", 2)):
        for _ in range(count):
            contribute(country, 3)
    secretariat.post("indicators/", {"year": 2025})

    shown = table(evaluator, by="country")["staff_trained"]

    # France is too small; Belgium goes with it, or the total less the others would give France away.
    assert by_country(shown) == {"BE": None, "FR": None, "NL": "21"}
    assert (shown["total"]["value"], shown["total"]["rows"]) == ("45", None)
    assert [cell["suppressed"] for cell in shown["rows"]] == [True, True, False]
    assert by_country(table(secretariat, by="country")["staff_trained"]) == {"BE": "18", "FR": "6", "NL": "21"}


def test_a_company_in_five_countries_is_one_company(secretariat, evaluator):
    for country in ("BE", "NL", "FR", "DE", "ES"):
        contribute(country, 3, weight="0.2000")
    secretariat.post("indicators/", {"year": 2025})

    shown = table(evaluator)["staff_trained"]["total"]

    assert (shown["suppressed"], shown["value"], shown["companies"]) == (True, None, None)
    assert table(secretariat)["staff_trained"]["total"]["companies"] == 1


@pytest.mark.parametrize(("count", "value"), [(4, None), (5, "0")])
def test_what_was_passed_on_is_shown_from_five_answering_companies_zeros_included(secretariat, count, value):
    make_year(2025, version=2)
    for _ in range(count):
        contribute("BE", 0, code="passed_on")
    contribute("BE", None, code="passed_on")

    cell = table(secretariat)["passed_on"]["total"]

    assert (cell["value"], cell["suppressed"], cell["rows"]) == (value, value is None, None)
    assert secretariat.get("contributions/", code="passed_on").json()["results"] == []


def test_what_was_published_does_not_change(secretariat, evaluator, lcr_be):
    for _ in range(5):
        contribute("BE", 2)
    unpublished = evaluator.get("indicators/table/", year=2025)
    assert (unpublished.status_code, unpublished.json()["code"]) == (404, "not_found")

    assert secretariat.post("indicators/", {"year": 2025}).json()["number"] == 1
    contribute("BE", 90)

    assert table(evaluator)["staff_trained"]["total"]["value"] == "10"
    assert table(secretariat)["staff_trained"]["total"]["value"] == "100"
    assert table(secretariat, edition=1)["staff_trained"]["total"]["value"] == "10"
    again = secretariat.post("indicators/", {"year": 2025})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (400, "/reason")
    secretariat.post("indicators/", {"year": 2025, "reason": "A late report was accepted."})
    assert table(evaluator)["staff_trained"]["total"]["value"] == "100"
    assert table(evaluator, edition=1)["staff_trained"]["total"]["value"] == "10"
    assert lcr_be.post("indicators/", {"year": 2025}).status_code == 403
    assert AuditEvent.objects.filter(action="indicators.publish").count() == 2


def test_the_sum_of_the_slices_is_the_group(secretariat):
    report = make_submitted_group("BE", "NL", "FR", sites=2)
    for country in ("BE", "NL", "FR"):
        decide(actions.accept_slice, report, country)

    found = table(secretariat, by="country")

    for code, total in (("staff_total", "60"), ("staff_trained", "21"), ("has_policy", "6")):
        row = found[code]
        assert (row["total"]["value"], sum(float(cell["value"]) for cell in row["rows"])) == (total, float(total))
        assert row["total"]["companies"] == 1
    assert found["contracts_total"]["total"]["value"] == "40"
    assert found["material_languages:nl"]["total"]["share"] == "1.00"
    assert found["material_languages:de"]["total"]["value"] == "0"


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({}, 400), ({"year": 2025, "by": "site"}, 400), ({"year": 2024}, 404), ({"year": 2025, "criterion": 7}, 400)],
)
def test_bad_questions_are_refused(secretariat, parameters, status):
    make_year(2025)
    assert secretariat.get("indicators/table/", **parameters).status_code == status


def test_the_number_of_queries_does_not_grow(secretariat, django_assert_num_queries):
    for country, _ in product(("BE", "NL"), range(2)):
        contribute(country, 2)
    secretariat.get("indicators/table/", year=2025)
    with django_assert_num_queries(3):
        secretariat.get("indicators/table/", year=2025, by="country,category")
