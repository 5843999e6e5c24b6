"""Reporting years over HTTP, and the command that opens one."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from codesign.reporting.models import ReportingYear, ReportObligation
from tests.factories.reporting import make_member, make_questionnaire, make_year

pytestmark = pytest.mark.django_db


def test_the_secretariat_opens_a_year(secretariat):
    make_questionnaire()
    make_member()

    response = secretariat.post("reporting-years/", {"year": 2026})

    assert response.status_code == 201
    wanted = {
        "year": 2026,
        "opens_on": "2027-01-01",
        "due_on": "2027-03-31",
        "lapse_days": 90,
        "questionnaire_version": 1,
    }
    assert {name: response.json()[name] for name in wanted} == wanted
    assert ReportObligation.objects.count() == 1


def test_opening_it_again_answers_the_same_row(secretariat):
    year = make_year(2025)

    response = secretariat.post("reporting-years/", {"year": 2025})

    assert (response.status_code, response.json()["id"]) == (201, str(year.pk))
    assert ReportingYear.objects.count() == 1


def test_without_a_questionnaire_no_year_opens(secretariat):
    response = secretariat.post("reporting-years/", {"year": 2025})

    assert (response.status_code, response.json()["code"]) == (409, "no_questionnaire")
    assert ReportingYear.objects.count() == 0


def test_every_login_reads_the_calendar_and_the_secretariat_alone_opens(client_for, lcr_be, anonymous):
    year = make_year(2025)
    company = client_for("company_viewer", organisation=make_member().company_id)

    for client in (company, lcr_be):
        assert [row["year"] for row in client.get("reporting-years/").json()["results"]] == [2025]
        assert client.get(f"reporting-years/{year.pk}/").json()["due_on"] == "2026-03-31"
        assert client.post("reporting-years/", {"year": 2024}).status_code == 403
    assert anonymous.get("reporting-years/").status_code == 401
    assert ReportingYear.objects.count() == 1


def test_the_command_opens_a_year_from_an_empty_register():
    make_member()
    out = StringIO()

    for _ in range(2):
        call_command("open_reporting_year", "2026", stdout=out)

    line = "2026: open from 2027-01-01, due 2027-03-31, owed by 1.\n"
    assert out.getvalue() == line * 2
    with pytest.raises(CommandError, match="invalid"):
        call_command("open_reporting_year", "2027", stdout=out)
