"""GET /organisations/."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.network import make_network_membership
from tests.factories.organisations import make_name, make_organisation


def ids(response) -> set[str]:
    assert response.status_code == 200, response.content
    return {row["id"] for row in response.json()["results"]}


@pytest.fixture
def member(db):
    """A listed member group with a former name and a staff note."""
    organisation = make_organisation(name="Réseau Fictif des Enfants", note="call before writing")
    make_name(organisation=organisation, text="Ancien Comité Fictif", kind="former")
    make_network_membership(organisation=organisation)
    return organisation


def test_search_finds_any_name_with_accents_missing(anonymous, member):
    make_network_membership(organisation=make_organisation(name="Autre Maison Fictive"))

    for text in ("reseau", "FICTIF enfants", "comité ancien", "comite"):
        assert ids(anonymous.get("organisations/", q=text)) == {str(member.pk)}
    for text in ("resau", "REZEAU fictif", "enfnats", "anc com", "eseau"):
        assert ids(anonymous.get("organisations/", q=text)) == {str(member.pk)}
    assert ids(anonymous.get("organisations/", q="reseau autre")) == set()
    assert ids(anonymous.get("organisations/", q="!!!")) == set()


def test_a_row_shows_its_names_and_keeps_the_note_for_staff(anonymous, secretariat, member):
    public = anonymous.get(f"organisations/{member.pk}/").json()
    staff = secretariat.get(f"organisations/{member.pk}/").json()

    assert [(name["text"], name["kind"]) for name in public["names"]] == [
        ("Ancien Comité Fictif", "former"),
        ("Réseau Fictif des Enfants", "official"),
    ]
    assert (public["note"], staff["note"]) == ("", "call before writing")


def test_a_company_that_is_no_public_fact_looks_absent(anonymous, secretariat, member):
    company = make_organisation(kind="company", name="Hotel Fictif")

    foreign, absent = (
        anonymous.get(f"organisations/{company.pk}/"),
        anonymous.get("organisations/01936f5e-0000-7000-8000-000000000001/"),
    )

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert {**foreign.json(), "request_id": ""} == {**absent.json(), "request_id": ""}
    assert ids(anonymous.get("organisations/")) == {str(member.pk)}
    assert str(company.pk) in ids(secretariat.get("organisations/"))


def test_a_representative_sees_the_companies_of_its_country_only(lcr_be, lcr_nl):
    company = make_organisation(kind="company", name="Hotel Fictif", country_id="BE")

    assert lcr_be.get(f"organisations/{company.pk}/").status_code == 200
    assert lcr_nl.get(f"organisations/{company.pk}/").status_code == 404


def test_a_reader_of_totals_reads_no_more_than_the_public(evaluator, anonymous, member):
    company = make_organisation(kind="company", name="Hotel Fictif")

    assert evaluator.get(f"organisations/{company.pk}/").status_code == 404
    assert evaluator.get("organisations/").json() == anonymous.get("organisations/").json()


def test_the_list_costs_the_same_for_one_row_and_for_many(secretariat):
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert secretariat.get("organisations/", q="resau fictif").status_code == 200
        return len(context)

    make_organisation()
    few = queries()
    for _ in range(20):
        make_organisation()

    assert queries() == few


def test_an_unknown_kind_is_refused(anonymous):
    response = anonymous.get("organisations/", kind="club")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?kind")
