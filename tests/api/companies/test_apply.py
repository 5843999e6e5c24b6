"""A person with the role of an applicant enters a company, applies for it, and edits it from then on."""

from __future__ import annotations

from codesign.companies.models import Company
from members.access.models import Grant
from tests.factories.organisations import make_organisation

COMPANY = {"name": "Hotel Fictif Marolles (DEMO)", "country": "BE", "category": "hotel", "revenue_band": "to_500k"}


def test_an_applicant_sees_the_company_that_it_entered(client_for):
    applicant = client_for("applicant")

    answer = applicant.post("companies/", COMPANY)

    assert (answer.status_code, answer.json()["name"]) == (201, COMPANY["name"])
    assert [row["id"] for row in applicant.get("companies/").json()["results"]] == [answer.json()["id"]]


def test_an_applicant_enters_one_company(client_for):
    applicant = client_for("applicant")
    applicant.post("companies/", COMPANY)

    answer = applicant.post("companies/", COMPANY | {"name": "Hotel Fictif Sablon (DEMO)"})

    assert (answer.status_code, answer.json()["code"]) == (409, "application_open")
    assert Company.objects.count() == 1


def test_who_hands_in_the_application_edits_the_company(client_for, lcr_be):
    applicant = client_for("applicant")
    company = applicant.post("companies/", COMPANY).json()["id"]
    draft = applicant.post("code-memberships/", {"company": company})

    answer = applicant.post(f"code-memberships/{draft.json()['id']}/submit/", {}, if_match=draft["ETag"])

    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert Grant.objects.get(user=applicant.user).role == "company_editor"
    assert applicant.get("me/").json()["hats"][0]["role"] == "company_editor"


def test_an_applicant_sees_nothing_of_others(client_for):
    client_for("applicant").post("companies/", COMPANY)

    assert client_for("applicant").get("companies/").json()["results"] == []


def test_what_is_entered_beside_the_demo_book_counts_as_invented(client_for):
    make_organisation(is_demo=True)

    answer = client_for("applicant").post("companies/", COMPANY)

    assert answer.json()["is_demo"] is True
