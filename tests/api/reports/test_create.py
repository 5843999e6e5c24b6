"""POST /reports/."""

from __future__ import annotations

import pytest

from codesign.reporting.models import Report
from tests.factories.reporting import make_member, make_report, make_year

pytestmark = pytest.mark.django_db


def test_a_second_report_for_the_year_is_refused(secretariat):
    report = make_report()

    response = secretariat.post("reports/", {"company": str(report.company_id), "year": 2025})

    assert (response.status_code, response.json()["code"]) == (409, "report_exists")
    assert response.json()["details"] == {"report": str(report.pk)}
    assert Report.objects.count() == 1


@pytest.mark.parametrize("year", [2024, 2026])
def test_a_year_that_is_not_open_is_refused(secretariat, year):
    member = make_member()
    make_year(2025)

    response = secretariat.post("reports/", {"company": str(member.company_id), "year": year})

    assert (response.status_code, response.json()["code"]) == (409, "year_not_open")
    assert Report.objects.count() == 0


def test_a_foreign_company_looks_like_an_absent_one(client_for, lcr_nl):
    member, other = make_member(), make_member()
    make_year(2025)
    company = client_for("company_editor", organisation=other.company_id)

    for client in (company, lcr_nl):
        response = client.post("reports/", {"company": str(member.company_id), "year": 2025})
        assert response.status_code == 400
        assert [(f["pointer"], f["code"]) for f in response.json()["errors"]] == [("/company", "unknown_reference")]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/company", "/year"}),
        ({"company": "x", "year": "soon"}, {"/company", "/year"}),
        ({"company": None, "year": 10**30, "state": "accepted"}, {"/state"}),
    ],
)
def test_a_malformed_body_is_refused(secretariat, body, pointers):
    response = secretariat.post("reports/", body)

    assert response.status_code == 400
    assert {fault["pointer"] for fault in response.json()["errors"]} == pointers
    assert Report.objects.count() == 0
