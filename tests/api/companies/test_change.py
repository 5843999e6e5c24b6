"""POST and PATCH on /companies/."""

from __future__ import annotations

import pytest

from codesign.companies.models import Company
from members.organisations.models import Organisation
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_company, make_membership
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
NEW = {"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel", "revenue_band": "to_500k"}


def test_a_representative_enters_a_new_company(lcr_be):
    response = lcr_be.post("companies/", NEW)

    body = response.json()
    assert (response.status_code, body["name"], body["country"], body["state"]) == (201, NEW["name"], "BE", None)
    assert body["revenue_band_confirmed_on"] == "2026-11-22"
    assert response.headers["Location"] == f"/api/v1/companies/{body['id']}/"
    assert AuditEvent.objects.get(action="companies.create").actor_id == lcr_be.user.pk


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"country": "NL"}, "/country", "unknown_reference"),
        ({"category": "spaceport"}, "/category", "invalid_choice"),
        ({"name": "x" * 201}, "/name", "max_length"),
        ({"number": "TC-1"}, "/number", "unknown_field"),
        ({"organisation": "not-an-id"}, "/organisation", "unknown_reference"),
    ],
)
def test_bad_input_is_named_and_nothing_is_entered(lcr_be, change, pointer, code):
    before = Organisation.objects.count()

    response = lcr_be.post("companies/", NEW | change)

    assert response.status_code == 400
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [(pointer, code)]
    assert (Company.objects.count(), Organisation.objects.count()) == (0, before)


def test_a_foreign_organisation_is_unknown_and_the_own_is_entered_once(lcr_be):
    foreign, own = make_organisation(country_id="FR"), make_organisation(country_id="BE")
    body = {"organisation": str(foreign.pk), "category": "hotel"}
    assert lcr_be.post("companies/", body).json()["errors"][0]["code"] == "unknown_reference"

    first, second = (lcr_be.post("companies/", {**body, "organisation": str(own.pk)}) for _ in range(2))

    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "company_exists")
    assert list(Company.objects.values_list("pk", flat=True)) == [own.pk]


def test_a_dry_run_leaves_nothing(lcr_be):
    response = lcr_be.post("companies/?dry_run=true", NEW)

    assert response.status_code == 201
    assert Company.objects.count() == 0


def test_the_company_confirms_its_band_on_the_version_that_it_read(client_for):
    company = make_membership().company
    editor = client_for("company_editor", organisation=company)
    tag = editor.get(f"companies/{company.pk}/").headers["ETag"]

    response = editor.patch(f"companies/{company.pk}/", {"revenue_band": "to_50m"}, if_match=tag)
    late = editor.patch(f"companies/{company.pk}/", {"revenue_band": "to_500k"}, if_match=tag)

    company.refresh_from_db()
    assert (response.status_code, response.json()["revenue_band"]) == (200, "to_50m")
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (company.revenue_band, company.version) == ("to_50m", 2)


@pytest.mark.parametrize("role", ["company_viewer", "company_system", "auditor", "evaluator"])
def test_readers_change_nothing(client_for, role):
    company = make_membership().company
    own = {"organisation": company} if role.startswith("company") else {}

    response = client_for(role, **own).patch(f"companies/{company.pk}/", {"category": "airline"})

    company.refresh_from_db()
    assert (response.status_code, company.category) == (403, "hotel")


def test_absent_foreign_and_recorded_look_the_same(client_for):
    own = make_membership(state="recorded").company
    foreign = make_company()
    editor = client_for("company_editor", organisation=own)
    absent = "01900000-0000-7000-8000-000000000000"

    answers = [editor.patch(f"companies/{key}/", {"category": "airline"}) for key in (own.pk, foreign.pk, absent)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert set(Company.objects.values_list("category", flat=True)) == {"hotel"}
