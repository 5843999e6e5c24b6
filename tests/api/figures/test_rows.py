"""Every figure proves itself: for everybody who may open it, its rows are as many as it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from codesign.figures.catalogue import CATALOGUE
from tests.api_client import ApiClient
from tests.factories import companies, criteria, reporting, training
from tests.factories.agreements import make_agreement
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
ROLES = ["public", "company_editor", "auditor", "lcr", "secretariat"]
CUTS = [
    (code, by) for code, figure in CATALOGUE.items() for by in ("", *figure.dimensions, ",".join(figure.dimensions))
]


@pytest.fixture
def book(db: None) -> None:
    """Something of everything in two countries: small sites, people beyond the roster, members not listed."""
    for country in ("BE", "BE", "NL"):
        membership = reporting.make_member(country=country)
        reporting.make_report(membership=membership)
        for state in ("open", "done", "verified"):
            criteria.make_plan_action(membership=membership, state=state)
        make_network_membership(organisation=make_organisation(country_id=country), region_id="europe")
    make_network_membership(organisation=make_organisation(country_id="BE", is_listed=False), region_id="europe")
    reporting.make_member(category="association")
    for state in ("draft", "submitted", "plan_submitted", "approved", "rejected", "recorded"):
        companies.make_membership(state=state, member_since=None)
    for state in ("draft", "signed", "in_force", "ended"):
        make_agreement(state=state, ends_on="2026-12-31")
    training.make_requirement()
    course = training.make_course()
    for country, people, heads in (("BE", 7, 9), ("BE", 3, None), ("NL", 6, None)):
        site = training.make_workplace(country_id=country, heads=heads)
        for number in range(people):
            person = training.make_staff(site)
            if number % 2:
                training.complete(person, course, date(2026, 1, 5))


def shown(client: ApiClient, address: str) -> int:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}count=exact&page_size=1000").json()
    assert len(answer["results"]) == answer["count"]
    return answer["count"]


@pytest.mark.parametrize("role", ROLES)
def test_the_rows_are_as_many_as_the_figure_says(client_for: Any, book: None, role: str) -> None:
    client = client_for(role, **({"country": "BE"} if role == "lcr" else {}))
    opened = set()

    for code in [figure["code"] for figure in client.get("figures/").json()]:
        for by in (cut for of, cut in CUTS if of == code):
            answer = client.get(f"figures/{code}/", **({"by": by} if by else {})).json()
            for cell in [*answer["rows"], answer["total"]]:
                if cell["rows"]:
                    opened.add(code)
                    counted = cell["numerator"] if cell["denominator"] is None else cell["denominator"]
                    assert shown(client, cell["rows"]) + cell["unlisted"] == counted, (code, cell)
                if cell["numerator_rows"]:
                    halves = shown(client, cell["numerator_rows"]) + cell["numerator_unlisted"]
                    assert halves == cell["numerator"], (code, cell)

    public = {code for code, figure in CATALOGUE.items() if figure.is_public}
    assert opened == (set(CATALOGUE) if role in ("lcr", "secretariat") else public)


def test_a_reader_of_totals_opens_none(evaluator: ApiClient, book: None) -> None:
    for code, by in CUTS:
        answer = evaluator.get(f"figures/{code}/", **({"by": by} if by else {})).json()

        for cell in [*answer["rows"], answer["total"]]:
            assert (cell["rows"], cell["numerator_rows"], cell["unlisted"]) == (None, None, None)
            assert cell["suppressed"] or min(cell["numerator"], cell["denominator"] or 5) >= 5


def test_what_a_share_has_beyond_its_rows_is_said(secretariat: ApiClient, lcr_nl: ApiClient, book: None) -> None:
    cells = {
        cell["by"]["country"]: cell
        for cell in secretariat.get("figures/training-coverage/", by="country").json()["rows"]
    }

    # Two of nine stand on no roster; three work at a site too small to show, one of them trained.
    assert (cells["BE"]["denominator"], cells["BE"]["unlisted"], cells["BE"]["numerator_unlisted"]) == (12, 5, 1)
    assert (cells["NL"]["denominator"], cells["NL"]["unlisted"]) == (6, 0)
