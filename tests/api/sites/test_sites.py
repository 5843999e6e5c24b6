"""Sites and their head counts over HTTP."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.models import HeadCount, Site
from tests.factories.companies import make_company, make_membership, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site(company=make_membership().company, name="Brussels Centre", staff=40)


@pytest.fixture
def editor(client_for, site):
    return client_for("company_editor", organisation=site.company)


def test_the_company_adds_a_site(editor, site):
    body = {"company": str(site.company_id), "name": "Gent Zuid", "country": "BE", "kind": "office"}

    response = editor.post("sites/", body)

    shown = response.json()
    assert (response.status_code, shown["zone"], shown["staff_count"]) == (201, "Europe/Brussels", None)
    assert set(site.company.sites.values_list("name", "kind")) == {
        ("Brussels Centre", "hotel"),
        ("Gent Zuid", "office"),
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"country": "XX"}, "/country", "unknown_reference"),
        ({"zone": "Europe/Brussel"}, "/zone", "unknown_zone"),
        ({"opened_on": "1899-12-31"}, "/opened_on", "out_of_range"),
        ({"company": "01900000-0000-7000-8000-000000000000"}, "/company", "unknown_reference"),
    ],
)
def test_bad_input_is_named(editor, site, change, pointer, code):
    body = {"company": str(site.company_id), "name": "Gent", "country": "BE"} | change

    response = editor.post("sites/", body)

    assert response.status_code == 400
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [(pointer, code)]
    assert Site.objects.count() == 1


def test_a_foreign_company_gets_no_site(editor):
    foreign = make_company()

    response = editor.post("sites/", {"company": str(foreign.pk), "name": "Gent", "country": "BE"})

    assert response.json()["errors"][0] | {"message": ""} == {
        "pointer": "/company",
        "code": "unknown_reference",
        "message": "",
    }
    assert foreign.sites.count() == 0


def test_a_site_is_closed_and_still_counts_on_its_last_day(editor, site):
    response = editor.post(f"sites/{site.pk}/close/", {"closed_on": "2026-10-31"})

    assert (response.status_code, response.json()["closed_on"]) == (200, "2026-10-31")
    days = ("2026-10-31", "2026-11-01")
    counts = [editor.get(f"companies/{site.company_id}/", valid_on=day).json()["site_count"] for day in days]
    assert counts == [1, 0]


@pytest.mark.parametrize(
    ("fields", "closed_on", "code"),
    [
        ({}, "2025-12-31", "before_head_count"),
        ({"opened_on": date(2026, 2, 1)}, "2026-01-31", "before_opening"),
        ({"owned_since": date(2026, 5, 1)}, "2026-04-30", "before_opening"),
    ],
)
def test_a_site_does_not_close_before_it_was_open(editor, site, fields, closed_on, code):
    type(site).objects.filter(pk=site.pk).update(**fields)

    response = editor.post(f"sites/{site.pk}/close/", {"closed_on": closed_on})

    assert (response.status_code, [fault["code"] for fault in response.json()["errors"]]) == (400, [code])
    site.refresh_from_db()
    assert (site.closed_on, site.version) == (None, 1)


def test_nobody_is_counted_at_a_closed_site(editor, site):
    editor.post(f"sites/{site.pk}/close/", {"closed_on": "2026-10-31"})

    refused, none, before = (
        editor.post(f"sites/{site.pk}/head-counts/", {"staff_count": staff, "valid_from": day})
        for staff, day in ((3, "2026-11-01"), (0, "2026-11-01"), (38, "2026-10-31"))
    )

    assert [fault["code"] for fault in refused.json()["errors"]] == ["after_closing"]
    assert (refused.status_code, none.status_code, before.status_code) == (400, 200, 200)


def test_a_head_count_is_dated_and_its_history_stays(editor, site):
    response = editor.post(f"sites/{site.pk}/head-counts/", {"staff_count": 55, "valid_from": "2026-09-01"})

    assert (response.status_code, response.json()["staff_count"]) == (200, 55)
    assert editor.get(f"sites/{site.pk}/", valid_on="2026-08-31").json()["staff_count"] == 40
    history = editor.get(f"sites/{site.pk}/head-counts/").json()
    assert [
        (row["staff_count"], row["valid_from"], row["valid_until"], bool(row["superseded_at"])) for row in history
    ] == [
        (55, "2026-09-01", None, False),
        (40, "2026-01-01", "2026-08-31", False),
        (40, "2026-01-01", None, True),
    ]


@pytest.mark.parametrize("staff_count", [-1, 1_000_001, "many", None, 1.5])
def test_a_wrong_number_is_refused(editor, site, staff_count):
    response = editor.post(f"sites/{site.pk}/head-counts/", {"staff_count": staff_count, "valid_from": "2026-09-01"})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/staff_count")
    assert HeadCount.objects.count() == 1


def test_a_site_editor_counts_its_own_site_alone(client_for, site):
    other = make_site(company=site.company)
    client = client_for("site_editor", organisation=site.company, site=site)
    body = {"staff_count": 41, "valid_from": "2026-11-01"}

    statuses = [client.post(f"sites/{row.pk}/head-counts/", body).status_code for row in (site, other)]

    assert statuses == [200, 404]
    assert [row["name"] for row in client.get("sites/").json()["results"]] == ["Brussels Centre"]
    assert other.head_counts.count() == 0


def test_a_representative_reads_the_sites_of_its_country(lcr_be, lcr_nl, site):
    make_site(company=site.company, name="Utrecht", country_id="NL")

    seen = [{row["name"] for row in client.get("sites/").json()["results"]} for client in (lcr_be, lcr_nl)]

    assert seen == [{"Brussels Centre", "Utrecht"}, {"Utrecht"}]
