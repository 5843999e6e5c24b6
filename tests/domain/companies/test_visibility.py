"""Who sees which company, membership and site: one table for all roles."""

from __future__ import annotations

import pytest

from codesign.companies.models import CodeMembership, Company, Decision, Site
from members.scope import COMPANY_ROLES, Role
from tests.factories.companies import make_company, make_decision, make_membership, make_scope, make_site

pytestmark = pytest.mark.django_db
OWN = {*COMPANY_ROLES, Role.APPLICANT}
# What each role sees of: own company, a Belgian one, one elsewhere, a recorded signatory in Belgium.
EXPECTED = {role: set() for role in Role} | {role: {"own"} for role in OWN}
EXPECTED[Role.LCR] = {"own", "belgian", "recorded"}
EXPECTED[Role.SECRETARIAT] = EXPECTED[Role.AUDITOR] = {"own", "belgian", "foreign", "recorded"}


@pytest.fixture
def book():
    """Four companies with a membership, a site and a decision each."""
    companies = {
        "own": make_company(),
        "belgian": make_company(),
        "foreign": make_company(country="FR"),
        "recorded": make_company(),
    }
    for name, company in companies.items():
        membership = make_membership(company=company, state="recorded" if name == "recorded" else "active")
        make_decision(membership=membership)
        make_site(company=company, name=name, country_id="FR" if name == "foreign" else "BE")
    return companies


def scope_for(role, book):
    mine = {book["own"].pk, book["recorded"].pk}
    if role is Role.LCR:
        return make_scope(role, countries={"BE"})
    return make_scope(role, organisation_ids=mine if role in OWN else set())


@pytest.mark.parametrize("role", Role)
def test_companies_memberships_and_decisions(book, role):
    scope = scope_for(role, book)
    names = {company.pk: name for name, company in book.items()}

    assert {names[pk] for pk in Company.objects.visible_to(scope).values_list("pk", flat=True)} == EXPECTED[role]
    seen = CodeMembership.objects.visible_to(scope).values_list("company_id", flat=True)
    assert {names[pk] for pk in seen} == EXPECTED[role]
    seen = Decision.objects.visible_to(scope).values_list("membership__company_id", flat=True)
    assert {names[pk] for pk in seen} == EXPECTED[role]


def test_a_representative_sees_sites_of_its_country_whoever_owns_them(book):
    make_site(company=book["foreign"], name="in Belgium", country_id="BE")
    make_site(company=book["belgian"], name="in France", country_id="FR")

    seen = Site.objects.visible_to(make_scope(Role.LCR, countries={"BE"})).values_list("name", flat=True)

    assert set(seen) == {"own", "belgian", "recorded", "in Belgium", "in France"}


def test_a_site_editor_sees_the_own_site_alone(book):
    site = Site.objects.get(name="belgian")
    scope = make_scope(Role.SITE_EDITOR, site_ids={site.pk}, organisation_ids={book["belgian"].pk})

    assert list(Site.objects.visible_to(scope)) == [site]
    assert list(Company.objects.visible_to(scope)) == []


def test_no_hat_sees_nothing(book):
    scope = make_scope().narrowed(())

    counts = [model.objects.visible_to(scope).count() for model in (Company, CodeMembership, Site, Decision)]

    assert counts == [0, 0, 0, 0]


def test_a_past_membership_hides_no_company_and_a_new_application_shows_a_recorded_one():
    company = make_company()
    make_membership(company=company, state="recorded", is_current=False)
    make_membership(company=company, state="draft")
    scope = make_scope(Role.COMPANY_EDITOR, organisation_ids={company.pk})

    assert list(Company.objects.visible_to(scope)) == [company]
    assert list(CodeMembership.objects.visible_to(scope).values_list("state", flat=True)) == ["draft"]
