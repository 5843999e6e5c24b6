"""Certificates over HTTP: issued by officers, printed for the company, checked by everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from codesign.recognition.models import Certificate
from tests.api_client import ApiClient
from tests.factories.companies import make_company, make_membership
from tests.factories.fees import make_agreement, make_invoice
from tests.factories.recognition import make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Any:
    membership = make_membership()
    make_invoice(membership=membership, state="paid", paid_on="2026-11-05")
    make_agreement(membership=membership, company_signed_on="2026-11-03", representative_signed_on="2026-11-04")
    return membership


def test_an_officer_issues_and_everybody_checks(
    lcr_be: ApiClient, lcr_nl: ApiClient, secretariat: ApiClient, anonymous: ApiClient, member: Any
) -> None:
    body = {"membership": str(member.pk)}

    assert lcr_nl.post("certificates/", body).status_code == 400
    tried = lcr_be.post("certificates/?dry_run=true", body)
    issued = lcr_be.post("certificates/", body)
    twice = lcr_be.post("certificates/", body)
    row = issued.json()
    check = f"certificates/check/{row['number']}/"

    assert (tried.status_code, issued.status_code, twice.status_code) == (201, 201, 409)
    assert [fault["code"] for fault in twice.json()["errors"]] == ["certificate_exists"]
    assert row["check_url"].endswith(f"/api/v1/{check}")
    assert (row["status"], row["valid_until"], row["scope"]["site_count"]) == ("valid", "2027-03-31", 0)
    assert anonymous.get(check).json() == {"status": "valid"}
    assert anonymous.get(check.lower().replace("-", "")).json() == {"status": "valid"}
    assert lcr_be.post(f"certificates/{row['id']}/withdraw/", {"reason": "error"}).status_code == 403
    withdrawn = secretariat.post(f"certificates/{row['id']}/withdraw/", {"reason": "error"}).json()
    assert (withdrawn["status"], [each["move"] for each in withdrawn["decisions"]]) == (
        "withdrawn",
        ["issue", "withdraw"],
    )
    assert anonymous.get(check).json() == {"status": "withdrawn"}
    assert secretariat.get(f"certificates/{row['id']}/pdf/").json()["code"] == "certificate_withdrawn"


@pytest.mark.parametrize("number", ["0000-0000-0001", "7K3M-9XQ4-VD2P", "x", "%00", "1" * 3000, "é"])
def test_unknown_and_malformed_numbers_look_the_same(anonymous: ApiClient, number: str) -> None:
    problem = anonymous.get(f"certificates/check/{number}/")

    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")


def test_a_certificate_of_a_hidden_or_suspended_member_tells_no_reason(anonymous: ApiClient, member: Any) -> None:
    certificate = make_certificate(membership=member)
    check = f"certificates/check/{certificate.number}/"
    type(member).objects.update(is_public=False)
    assert anonymous.get(check).json() == {"status": "valid"}

    from tests.factories.companies import make_decision

    make_decision(membership=member, effective_on="2026-11-21", reason_code="safeguarding")
    type(member).objects.update(state="suspended")

    assert anonymous.get(check).json() == {"status": "lapsed"}


def test_checks_are_counted_by_address(anonymous: ApiClient, member: Any) -> None:
    check = f"certificates/check/{make_certificate(membership=member).number}/"

    found = [anonymous.get(check, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(31)]

    assert found == [200] * 30 + [429]
    assert int(anonymous.get(check)["Retry-After"]) <= 61


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de", "es"])
def test_the_company_prints_its_own(client_for: Any, lcr_nl: ApiClient, member: Any, language: str) -> None:
    certificate = make_certificate(membership=member)
    viewer = client_for("company_viewer", organisation=member.company)
    stranger = client_for("company_viewer", organisation=make_company())

    printed = viewer.get(f"certificates/{certificate.pk}/pdf/", language=language)

    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    assert printed.content == viewer.get(f"certificates/{certificate.pk}/pdf/", language=language).content
    assert [each.get(f"certificates/{certificate.pk}/pdf/").status_code for each in (stranger, lcr_nl)] == [404, 404]
    assert [row["id"] for row in viewer.get("certificates/", status="valid").json()["results"]] == [str(certificate.pk)]
    assert viewer.get("certificates/", status="valid", valid_on="2027-04-01").json()["results"] == []


def test_all_that_are_due_at_once(lcr_be: ApiClient, member: Any) -> None:
    make_membership()

    tried = lcr_be.post("certificates/issue-due/?dry_run=true", {})
    answers = [lcr_be.post("certificates/issue-due/", {}).json() for _ in range(2)]

    assert (tried.json()["issued"], tried["Dry-Run-Effects"]) == (1, "certificates.create")
    assert [(answer["issued"], answer["due"]) for answer in answers] == [(1, 0), (0, 0)]
    assert Certificate.objects.get().membership_id == member.pk


@pytest.mark.parametrize(
    ("change", "heading", "status"),
    [
        ({}, "This certificate is valid", 200),
        ({"valid_until": date(2026, 11, 21)}, "This certificate is not valid any more", 200),
        ({"withdrawn_on": date(2026, 11, 21)}, "This certificate was withdrawn", 200),
    ],
)
def test_the_code_on_paper_leads_to_a_page(member, client, secretariat, change, heading, status):
    certificate = make_certificate(membership=member, **change)
    row = secretariat.get(f"certificates/{certificate.pk}/").json()

    page = client.get(row["page_url"].removeprefix("http://testserver").removeprefix(settings.PUBLIC_URL))

    text = page.content.decode()
    assert (page.status_code, f"<h1>{heading}</h1>" in text, certificate.number in text) == (status, True, True)
    assert member.company.organisation.name not in text
    assert page["Content-Type"].startswith("text/html")


def test_a_number_may_be_typed(member, client):
    certificate = make_certificate(membership=member)

    form = client.get("/certificates/")
    page = client.get("/certificates/", {"number": f" {certificate.number.lower().replace('-', '')} "}, follow=True)
    unknown = client.get("/certificates/7K3M-9XQ4-0000/")
    french = client.get("/certificates/", headers={"Accept-Language": "fr"})

    assert (form.status_code, page.status_code, unknown.status_code) == (200, 200, 404)
    assert f"Number {certificate.number}, checked on Nov. 22, 2026." in page.content.decode()
    assert "<h1>There is no such certificate</h1>" in unknown.content.decode()
    assert "Vérifier un certificat" in french.content.decode()


def test_pages_are_counted_with_the_other_checks(member, client):
    number = make_certificate(membership=member).number

    found = [client.get(f"/certificates/{number}/").status_code for _ in range(31)]

    assert found == [200] * 30 + [429]
