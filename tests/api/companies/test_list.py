"""GET /companies/: who sees which rows, with which figures, in how many queries."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.overview.models import CompanyOverview
from codesign.tasks import count_overviews
from tests.factories.companies import make_company, make_membership, make_site
from tests.factories.criteria import make_plan_action
from tests.factories.organisations import make_organisation
from tests.factories.reporting import make_member, make_report
from tests.factories.training import make_completion, make_course, make_requirement, make_staff

pytestmark = pytest.mark.django_db


def names(response):
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


@pytest.fixture
def book():
    """A Belgian member, a Belgian applicant, a French member and a recorded signatory."""
    member = make_membership(company=make_company(name="Hotel Fictif Abeille", category="hotel_chain"))
    make_membership(company=make_company(name="Hôtel Fictif Été"), state="submitted")
    make_membership(company=make_company(name="Fictif Voyages", country="FR"))
    make_membership(company=make_company(name="Recorded Fictif"), state="recorded")
    return member


def test_a_row_holds_the_current_membership_and_figures(secretariat, lcr_be):
    company = make_company(name="Hotel Fictif Abeille")
    make_membership(company=company, state="rejected", is_current=False)
    membership = make_membership(company=company, number="TC-BE-00042", representative=lcr_be.organisation)
    make_site(company=company, staff=12)
    make_site(company=company)
    make_plan_action(membership=membership, criterion_number=1, state="verified")
    make_plan_action(membership=membership, criterion_number=2, state="done")

    (row,) = secretariat.get("companies/").json()["results"]

    assert row == {
        "id": str(company.pk),
        "name": "Hotel Fictif Abeille",
        "organisation": {
            "id": str(company.pk),
            "url": f"/api/v1/organisations/{company.pk}/",
            "display": "Hotel Fictif Abeille",
        },
        "country": "BE",
        "category": "hotel",
        "node": "company",
        "is_demo": True,
        "is_profile_public": True,
        "offers_residential_care": False,
        "revenue_band": "to_2_5m",
        "revenue_band_confirmed_on": "2026-01-10",
        "membership_id": str(membership.pk),
        "state": "active",
        "number": "TC-BE-00042",
        "member_since": "2024-03-01",
        "representative": {
            "id": str(lcr_be.organisation.pk),
            "url": f"/api/v1/organisations/{lcr_be.organisation.pk}/",
            "display": "ECPAT Belgium",
        },
        "criteria": [
            {"number": 1, "state": "met"},
            {"number": 2, "state": "in_progress"},
            *({"number": number, "state": "none"} for number in (3, 4, 5, 6)),
        ],
        "standing": "training_unproven",
        "latest_report": None,
        "training": {"value": "0.00", "numerator": 0, "denominator": 12},
        "site_count": 2,
        "staff_count": 12,
        "counted_site_count": 1,
    }


def test_each_role_sees_its_own(book, secretariat, auditor, lcr_be, client_for):
    everything = ["Fictif Voyages", "Hotel Fictif Abeille", "Hôtel Fictif Été", "Recorded Fictif"]

    assert set(names(secretariat.get("companies/"))) == set(everything)
    assert set(names(auditor.get("companies/"))) == set(everything)
    assert set(names(lcr_be.get("companies/"))) == set(everything[1:])
    for role in ("company_editor", "company_viewer", "company_system"):
        client = client_for(role, organisation=book.company)
        assert names(client.get("companies/")) == ["Hotel Fictif Abeille"]


@pytest.mark.parametrize("role", ["site_editor", "member_group", "stop_partner", "evaluator"])
def test_other_roles_are_refused(role, client_for, book):
    response = client_for(role).get("companies/")

    assert (response.status_code, response.json()["code"]) == (403, "right_missing")


def test_the_public_is_asked_to_log_in(anonymous, book):
    assert anonymous.get("companies/").status_code == 401


def test_a_group_sees_its_subsidiaries(client_for):
    from members.organisations.models import Parentage
    from tests.factories.companies import EARLIER

    group = make_organisation(kind="company", name="Groupe Fictif", country_id="FR")
    daughter = make_membership(company=make_company(name="Fictif Filiale", country="FR")).company
    make_membership()
    Parentage.objects.create(
        parent=group, child=daughter.organisation, valid_from=date(2020, 1, 1), recorded_at=EARLIER
    )

    assert names(client_for("company_editor", organisation=group).get("companies/")) == ["Fictif Filiale"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"q": "ete"}, {"Hôtel Fictif Été"}),
        ({"q": "FICTIF hotel"}, {"Hotel Fictif Abeille", "Hôtel Fictif Été"}),
        ({"country": "FR"}, {"Fictif Voyages"}),
        ({"country": ["FR", "BE"], "category": "hotel_chain"}, {"Hotel Fictif Abeille"}),
        ({"state": ["submitted", "recorded"]}, {"Hôtel Fictif Été", "Recorded Fictif"}),
        ({"is_demo": "false"}, set()),
    ],
)
def test_filters(secretariat, book, params, expected):
    assert set(names(secretariat.get("companies/", **params))) == expected


def test_the_representative_filter(secretariat, book, lcr_be):
    membership = make_membership(representative=lcr_be.organisation)

    found = names(secretariat.get("companies/", representative=str(lcr_be.organisation.pk)))

    assert found == [membership.company.organisation.name]


@pytest.mark.parametrize(
    ("params", "code"),
    [({"stat": "active"}, "unknown_parameter"), ({"state": "x"}, "invalid_choice"), ({"ordering": "staff"}, None)],
)
def test_bad_parameters_are_named(secretariat, params, code):
    response = secretariat.get("companies/", **params)

    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == [code or "unknown_ordering"]


def test_a_row_holds_the_newest_report(secretariat):
    report = make_report(membership=make_member())

    (row,) = secretariat.get("companies/").json()["results"]

    assert row["latest_report"] == {"id": str(report.pk), "year": 2025, "state": "draft", "due_on": "2026-03-31"}
    assert row["standing"] == "report_lapsed"


@pytest.fixture
def figures_book():
    """One whose report lapsed, one with half its staff trained, one that was never a member."""
    make_requirement()
    make_report(membership=make_member(), year=2025)
    trained = make_membership(company=make_company(name="Fictif Trained"))
    site = make_site(company=trained.company)
    course = make_course()
    for person in (make_staff(site), make_staff(site)):
        make_completion(person, course=course, on=date(2026, 10, 1))
    make_staff(site)
    make_membership(company=make_company(name="Fictif Applicant"), state="submitted")


FIGURE_FILTERS = [
    ({"standing": "training_below_target"}, ["Fictif Trained"]),
    ({"standing": ["good", "report_overdue"]}, []),
    ({"report_state": ["draft", "returned"], "standing": "report_lapsed"}, 1),
    ({"report_state": "accepted"}, []),
    ({"training_below": "0.67"}, ["Fictif Trained"]),
    ({"training_below": "0.66"}, []),
]


@pytest.mark.parametrize(("params", "expected"), FIGURE_FILTERS)
def test_figures_filter_worked_out_or_kept(secretariat, figures_book, params, expected):
    for _ in range(2):
        found = names(secretariat.get("companies/", **params))

        assert found == expected or len(found) == expected
        count_overviews()


def test_kept_rows_are_what_is_worked_out(secretariat, figures_book, book):
    worked_out = secretariat.get("companies/").content
    one = names(secretariat.get("companies/", ordering="-name", page_size=1))

    assert count_overviews() == 7

    assert secretariat.get("companies/").content == worked_out
    assert names(secretariat.get("companies/", ordering="-name", page_size=1)) == one
    assert CompanyOverview.objects.filter(shown="").count() == 0
    CompanyOverview.objects.update(shown='{"name":"kept"}')
    assert names(secretariat.get("companies/", fields="name")) == ["kept"] * 7


def test_pages_follow_each_other_kept_or_not(secretariat, figures_book, book):
    everything = names(secretariat.get("companies/"))
    for _ in range(2):
        found, following = [], "companies/?page_size=2"
        while following:
            answer = secretariat.get(following).json()
            found += [row["name"] for row in answer["results"]]
            following = answer["next"]

        assert found == everything
        assert names(secretariat.get("companies/", ordering="-name")) == everything[::-1]
        count_overviews()


def test_one_row_and_many_cost_the_same(lcr_be, django_assert_num_queries):
    make_membership()
    lcr_be.get("companies/", state="active")
    with django_assert_num_queries(3):  # token with grants and mandates, page, rows that are not fresh
        lcr_be.get("companies/", state="active")
    for _ in range(5):
        membership = make_membership()
        make_site(company=membership.company, staff=3)
        make_plan_action(membership=membership)
    with django_assert_num_queries(3):
        lcr_be.get("companies/", state="active")
    count_overviews()
    with django_assert_num_queries(2):
        assert len(names(lcr_be.get("companies/", state="active"))) == 6
