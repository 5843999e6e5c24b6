"""What a first plan proposes: versions from a day on, by category of company."""

from __future__ import annotations

import pytest

from codesign.criteria.models import ActionTemplate
from tests.factories.companies import make_company, make_membership
from tests.factories.criteria import load_plan_templates

pytestmark = pytest.mark.django_db
TITLES = {language: f"Title in {language}" for language in ("en", "fr", "nl", "de", "es")}
POLICY = {
    "code": "policy",
    "criterion_number": 1,
    "titles": TITLES,
    "responsible_role": "owner",
    "due_months": 2,
    "effective_from": "2026-11-22",
}


def titles(client, **params):
    rows = client.get("plan-templates/", code="policy", **params).json()["results"]
    return [(row["version"], row["titles"]["en"]) for row in rows]


def drafted(client, membership):
    rows = client.post("plan-actions/draft/", {"membership": str(membership.pk)}).json()
    return {row["title"] for row in rows}


def test_a_new_version_is_proposed_from_its_day_on(secretariat, lcr_be):
    load_plan_templates()
    first = ActionTemplate.objects.get(code="policy").titles["en"]

    answer = secretariat.post("plan-templates/", {**POLICY, "effective_from": "2026-11-23"})

    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    assert titles(lcr_be) == [(1, first)]
    assert titles(lcr_be, valid_on="2026-11-23") == [(2, "Title in en")]
    versions = lcr_be.get("plan-templates/versions/").json()
    assert [row["version"] for row in versions if row["code"] == "policy"] == [1, 2]
    assert first in drafted(lcr_be, make_membership(state="submitted"))


def test_a_category_gets_its_own(secretariat, lcr_be):
    load_plan_templates()

    body = {**POLICY, "code": "crew-briefing", "category": "airline"}
    assert secretariat.post("plan-templates/", body).status_code == 201

    airline, hotel = (
        drafted(lcr_be, make_membership(company=make_company(category=category), state="submitted"))
        for category in ("airline", "hotel")
    )
    assert ("Title in en" in airline, "Title in en" in hotel) == (True, False)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"titles": {"en": "Only English"}}, 400, "required"),
        ({"effective_from": "2026-11-21"}, 400, "in_the_past"),
        ({"criterion_number": 7}, 400, "max_value"),
    ],
)
def test_a_template_with_faults_is_not_published(secretariat, change, status, code):
    load_plan_templates()
    before = ActionTemplate.objects.count()

    answer = secretariat.post("plan-templates/", {**POLICY, **change})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert ActionTemplate.objects.count() == before


def test_no_criterion_is_left_without_an_action(secretariat):
    load_plan_templates()
    last = ActionTemplate.objects.filter(criterion_number=3, category="").get()
    body = {**POLICY, "code": last.code, "criterion_number": 3, "is_active": False}

    answer = secretariat.post("plan-templates/", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "criterion_without_template")
    assert answer.json()["details"] == {"criteria": [3]}
    assert ActionTemplate.objects.filter(code=last.code).count() == 1


def test_one_that_is_given_up_is_proposed_no_more(secretariat, lcr_be):
    load_plan_templates()
    known = ActionTemplate.objects.get(code="procedure")

    body = {**POLICY, "code": "procedure", "titles": known.titles, "is_active": False}
    assert secretariat.post("plan-templates/", body).status_code == 201

    assert known.titles["en"] not in drafted(lcr_be, make_membership(state="submitted"))
