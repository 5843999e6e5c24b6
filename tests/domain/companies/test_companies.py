"""Entering companies, sites and head counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from codesign.companies import actions
from codesign.companies.figures import with_head_count, with_site_count, with_staff
from codesign.companies.models import Company, HeadCount, Site
from members.organisations.models import Organisation
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.companies import make_company, make_scope, make_site
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
ACTOR = make_scope()


def test_a_new_company_brings_its_organisation(at):
    company = actions.register_company(
        name="Hôtel Fictif (DEMO)", country_id="BE", category="hotel", revenue_band="to_500k", actor=ACTOR, at=at
    )

    company.refresh_from_db()
    organisation = company.organisation
    assert (organisation.name, organisation.kind, organisation.country_id) == ("Hôtel Fictif (DEMO)", "company", "BE")
    assert (company.pk, company.category, company.version) == (organisation.pk, "hotel", 1)
    assert (company.revenue_band, company.revenue_band_confirmed_on) == ("to_500k", date(2026, 11, 22))


def test_a_known_organisation_becomes_a_company_once(at):
    organisation = make_organisation(country_id="BE")
    actions.register_company(organisation_id=organisation.pk, category="hotel", actor=ACTOR, at=at)

    with pytest.raises(Refused) as refused:
        actions.register_company(organisation_id=organisation.pk, category="airline", actor=ACTOR, at=at)

    assert refused.value.code == "company_exists"
    assert list(Company.objects.values_list("category", flat=True)) == ["hotel"]


@pytest.mark.parametrize("given", [{}, {"organisation_id": "some", "name": "Both"}])
def test_a_company_is_a_known_organisation_or_a_new_one(at, given):
    if "organisation_id" in given:
        given["organisation_id"] = make_organisation().pk
    before = Organisation.objects.count()

    with pytest.raises(Invalid) as invalid:
        actions.register_company(**given, category="hotel", actor=ACTOR, at=at)

    assert [(fault.pointer, fault.code) for fault in invalid.value.faults] == [
        ("/organisation", "organisation_or_name")
    ]
    assert (Company.objects.count(), Organisation.objects.count()) == (0, before)


def test_sending_the_band_again_confirms_it(at):
    company = make_company()

    actions.update_company(company_id=company.pk, revenue_band="to_2_5m", expected_version=1, actor=ACTOR, at=at)

    company.refresh_from_db()
    assert (company.revenue_band_confirmed_on, company.version) == (date(2026, 11, 22), 2)
    assert AuditEvent.objects.get().changes == {"revenue_band_confirmed_on": ["2026-01-10", "2026-11-22"]}


def test_a_change_of_an_old_version_is_stale(at):
    company = make_company(version=3)

    with pytest.raises(Stale):
        actions.update_company(company_id=company.pk, category="airline", expected_version=2, actor=ACTOR, at=at)

    company.refresh_from_db()
    assert (company.category, company.version) == ("hotel", 3)


def test_a_change_to_the_same_writes_nothing(at):
    company = make_company()

    actions.update_company(company_id=company.pk, category="hotel", actor=ACTOR, at=at)

    company.refresh_from_db()
    assert (company.version, AuditEvent.objects.count()) == (1, 0)


def test_a_site_takes_the_zone_of_its_country(at):
    site = actions.open_site(company_id=make_company().pk, name="Süd", country_id="JP", actor=ACTOR, at=at)

    assert (site.zone, site.search_key, site.kind) == ("Asia/Tokyo", "sud", "hotel")


def test_two_spellings_of_one_site_are_one(at):
    site = make_site(name="Café Métropole")

    with pytest.raises(Refused) as refused:
        actions.open_site(company_id=site.company_id, name="CAFE METROPOLE", country_id="BE", actor=ACTOR, at=at)

    assert (refused.value.code, Site.objects.count()) == ("site_exists", 1)


def test_a_site_closes_once(at):
    site = make_site(opened_on=date(2020, 1, 1))
    actions.close_site(site_id=site.pk, closed_on=date(2026, 10, 31), actor=ACTOR, at=at)

    with pytest.raises(Refused) as refused:
        actions.close_site(site_id=site.pk, closed_on=date(2026, 11, 30), actor=ACTOR, at=at)

    site.refresh_from_db()
    assert (refused.value.code, site.closed_on, site.version) == ("site_closed", date(2026, 10, 31), 2)


def test_a_site_does_not_close_before_it_opened(at):
    site = make_site(opened_on=date(2020, 1, 1))

    with pytest.raises(Invalid) as invalid:
        actions.close_site(site_id=site.pk, closed_on=date(2019, 12, 31), actor=ACTOR, at=at)

    site.refresh_from_db()
    assert (invalid.value.faults[0].pointer, site.closed_on) == ("/closed_on", None)


def _periods(site):
    current = HeadCount.objects.current().filter(site=site).order_by("valid_from")
    return list(current.values_list("staff_count", "valid_from", "valid_until"))


def test_a_head_count_holds_until_the_next(at):
    site = make_site()
    for staff, since in ((40, date(2026, 1, 1)), (50, date(2026, 9, 1)), (45, date(2026, 5, 1))):
        actions.record_head_count(site_id=site.pk, staff_count=staff, valid_from=since, actor=ACTOR, at=at)

    assert _periods(site) == [
        (40, date(2026, 1, 1), date(2026, 4, 30)),
        (45, date(2026, 5, 1), date(2026, 8, 31)),
        (50, date(2026, 9, 1), None),
    ]


def test_a_corrected_head_count_supersedes_and_what_was_known_stays(at):
    site = make_site()
    first = datetime(2026, 10, 1, 9, tzinfo=UTC)
    actions.record_head_count(site_id=site.pk, staff_count=40, valid_from=date(2026, 9, 1), actor=ACTOR, at=first)

    actions.record_head_count(site_id=site.pk, staff_count=44, valid_from=date(2026, 9, 1), actor=ACTOR, at=at)

    assert _periods(site) == [(44, date(2026, 9, 1), None)]
    assert list(HeadCount.objects.known_at(first).values_list("staff_count", flat=True)) == [40]


def test_a_head_count_of_tomorrow_is_refused(at):
    site = make_site()

    with pytest.raises(Invalid) as invalid:
        actions.record_head_count(site_id=site.pk, staff_count=4, valid_from=date(2026, 11, 23), actor=ACTOR, at=at)

    assert (invalid.value.faults[0].code, HeadCount.objects.count()) == ("in_future", 0)


def test_figures_count_each_kind_by_itself(day):
    two_sites, empty = make_company(), make_company()
    make_site(company=two_sites, staff=10)
    make_site(company=two_sites, staff=5)
    make_site(company=two_sites)
    make_site(company=two_sites, staff=99, closed_on=date(2026, 6, 30))
    make_site(company=two_sites, staff=98, opened_on=date(2027, 1, 1))
    make_site(staff=1)

    rows = with_staff(with_site_count(Company.objects.all(), on=day), on=day)

    figures = {row.pk: (row.site_count, row.staff_count, row.counted_site_count) for row in rows}
    assert figures[two_sites.pk] == (3, 15, 2)
    assert figures[empty.pk] == (0, None, 0)


def test_the_head_count_of_a_site_is_that_of_the_day(at):
    site = make_site()
    for staff, since in ((40, date(2026, 1, 1)), (50, date(2026, 9, 1))):
        actions.record_head_count(site_id=site.pk, staff_count=staff, valid_from=since, actor=ACTOR, at=at)

    seen = {
        day: with_head_count(Site.objects.all(), on=day).get().staff_count
        for day in (date(2025, 12, 31), date(2026, 8, 31), date(2026, 9, 1))
    }

    assert seen == {date(2025, 12, 31): None, date(2026, 8, 31): 40, date(2026, 9, 1): 50}
