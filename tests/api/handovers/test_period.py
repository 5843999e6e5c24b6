"""A former representative reads its own period as the register knew it then, and nothing later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from members.organisations import actions as organisations
from members.organisations.models import OrganisationName
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_company, make_decision, make_membership
from tests.factories.network import make_mandate

LAST_DAY = "2026-11-21"
BEFORE = datetime(2026, 3, 1, 9, tzinfo=UTC)
# Already the day of the successor in Brussels, the evening before in UTC.
AFTER = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
RESOURCES = ("companies", "code-memberships", "decisions")


@pytest.fixture
def membership(db):
    """Active since March; suspended on the first day of the successor."""
    company = make_company(name="Hotel Fictif")
    OrganisationName.objects.update(recorded_at=BEFORE)
    membership = make_membership(company=company, state="suspended", number="TC-BE-1", member_since=date(2026, 3, 1))
    for version, from_state, to_state, at in ((2, "approved", "active", BEFORE), (3, "active", "suspended", AFTER)):
        make_decision(
            membership=membership,
            version=version,
            move="activate" if version == 2 else "suspend",
            from_state=from_state,
            to_state=to_state,
            effective_on=at.date() if version == 2 else date(2026, 11, 1),
            decided_at=at,
        )
    return membership


@pytest.fixture
def former(lcr_be, secretariat, membership):
    """An officer of the representative of Belgium until yesterday; handed over to the secretariat."""
    mandate = lcr_be.organisation.mandates.get()
    response = secretariat.post(
        "handovers/", {"mandate": str(mandate.pk), "organisation": None, "effective_on": "2026-11-22"}
    )
    assert response.status_code == 201, response.content
    return lcr_be


def listed(client, resource: str, **params: str) -> list[dict]:
    response = client.get(f"{resource}/", **params)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_on_a_day_of_its_mandate_it_reads_what_was_known_then(former, membership):
    (company,) = listed(former, "companies", valid_on=LAST_DAY)
    (shown,) = listed(former, "code-memberships", valid_on=LAST_DAY)
    decisions = listed(former, "decisions", valid_on=LAST_DAY)

    assert company == {
        "state": "active",
        "number": "TC-BE-1",
        "member_since": "2026-03-01",
        "id": str(membership.company_id),
        "name": "Hotel Fictif",
        "country": "BE",
        "is_demo": True,
        "membership_id": str(membership.pk),
    }
    assert (shown["state"], shown["company"]["display"]) == ("active", "Hotel Fictif")
    assert [row["move"] for row in decisions] == ["activate"]


def test_before_its_activation_a_membership_has_neither_number_nor_day(former):
    (company,) = listed(former, "companies", valid_on="2026-02-28")

    assert (company["state"], company["number"], company["member_since"]) == ("approved", None, None)
    assert listed(former, "decisions", valid_on="2026-02-28") == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_of_today_and_of_days_outside_its_mandate_it_reads_nothing(former, membership, resource):
    rows = {
        "companies": membership.company_id,
        "code-memberships": membership.pk,
        "decisions": membership.decisions.get(version=2).pk,
    }
    path = f"{resource}/{rows[resource]}/"

    assert [listed(former, resource, **on) for on in ({}, {"valid_on": "2026-11-22"}, {"valid_on": "2016-12-31"})] == [
        [],
        [],
        [],
    ]
    days = ({"valid_on": LAST_DAY}, {"valid_on": "2026-11-22"}, {"valid_on": "2016-12-31"}, {})
    assert [former.get(path, **on).status_code for on in days] == [200, 404, 404, 404]


def test_nothing_that_came_later_shows(former, membership, at):
    organisations.rename(
        organisation_id=membership.company_id,
        name="Hotel Neuf (DEMO)",
        effective_on=date(2026, 11, 1),
        actor=SYSTEM,
        at=at,
    )
    late_company = make_company(name="Hotel Tardif (DEMO)", created_at=AFTER)
    make_membership(company=late_company, created_at=AFTER)
    early_company = make_company(name="Hotel Précoce (DEMO)")
    OrganisationName.objects.filter(organisation=early_company.pk).update(recorded_at=BEFORE)
    make_membership(company=early_company, created_at=AFTER)

    companies = listed(former, "companies", valid_on=LAST_DAY)
    memberships = listed(former, "code-memberships", valid_on=LAST_DAY)

    assert {row["name"]: row["state"] for row in companies} == {"Hotel Fictif": "active", "Hotel Précoce (DEMO)": None}
    assert [row["company"]["display"] for row in memberships] == ["Hotel Fictif"]
    late = membership.decisions.get(version=3)
    assert former.get(f"decisions/{late.pk}/", valid_on=LAST_DAY).status_code == 404
    assert former.get(f"companies/{late_company.pk}/", valid_on=LAST_DAY).status_code == 404
    assert listed(former, "companies", valid_on=LAST_DAY, state="suspended") == []


def test_what_tells_of_later_is_no_question_that_it_may_ask(former):
    answers = [
        former.get("companies/", valid_on=LAST_DAY, **params)
        for params in ({"category": "hotel"}, {"q": "neuf"}, {"representative": "x"}, {"fields": "revenue_band"})
    ]

    assert [answer.status_code for answer in answers] == [400] * 4


def test_the_tag_does_not_tell_that_something_changed_later(former, membership):
    path = f"code-memberships/{membership.pk}/"
    before = former.get(path, valid_on=LAST_DAY)["ETag"]

    type(membership).objects.filter(pk=membership.pk).update(version=9, state="terminated")

    assert former.get(path, valid_on=LAST_DAY)["ETag"] == before


def test_another_country_is_not_in_its_period(former):
    make_membership(company=make_company(country="NL"))

    assert len(listed(former, "companies", valid_on=LAST_DAY)) == 1


def test_it_changes_nothing_any_more(former, membership):
    events = AuditEvent.objects.count()
    company, path = str(membership.company_id), f"code-memberships/{membership.pk}/"

    answers = [
        former.patch(f"companies/{company}/", {"revenue_band": "to_50m"}),
        former.post(f"{path}request-changes/", {"text": "More."}, if_match="*"),
        former.post("sites/", {"company": company, "name": "Annexe", "country": "BE"}),
        former.post("code-memberships/", {"company": company}),
        former.post("companies/", {"name": "Hotel (DEMO)", "country": "BE", "category": "hotel"}),
        former.post("reporting-channels/", {"name": "x", "kind": "hotline", "about": "travel", "contact": "tel:112"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400, 400, 400, 400]
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("path", ["sites", "plan-actions", "reports", "staff", "contacts", "invoices"])
def test_other_rows_of_the_country_are_closed_to_it(former, membership, path):
    assert listed(former, path) == []


def test_it_still_reads_its_own_mandate_and_that_it_was_handed_over(former):
    (mandate,) = listed(former, "mandates", valid_on=LAST_DAY)
    (handover,) = listed(former, "handovers")

    assert (mandate["state"], mandate["valid_until"], handover["effective_on"]) == ("ended", LAST_DAY, "2026-11-22")


def test_with_another_mandate_today_both_are_read_as_of_the_day(former):
    make_mandate(organisation=former.organisation, country_id="NL", state="confirmed")
    type(former.grant).objects.update(countries=[])
    dutch = make_company(name="Hotel Hollands (DEMO)", country="NL")

    today = [row["name"] for row in listed(former, "companies")]
    then = {row["name"] for row in listed(former, "companies", valid_on=LAST_DAY)}

    assert today == ["Hotel Hollands (DEMO)"]
    assert then == {"Hotel Fictif", "Hotel Hollands (DEMO)"}
    assert "category" in former.get(f"companies/{dutch.pk}/").json()


def test_the_successor_and_the_secretariat_read_all_of_it(secretariat, former):
    (company,) = listed(secretariat, "companies", valid_on=LAST_DAY)
    decisions = listed(secretariat, "decisions")

    assert (company["state"], len(decisions)) == ("suspended", 2)


@pytest.mark.parametrize(("resource", "more"), [(resource, more) for resource in RESOURCES for more in (0, 5)])
def test_one_row_and_many_cost_the_same(former, django_assert_num_queries, resource, more):
    for _ in range(more):
        make_decision(membership=make_membership(), decided_at=BEFORE)

    with django_assert_num_queries(2):
        assert len(listed(former, resource, valid_on=LAST_DAY)) == 1 + more
