"""A site keeps its past when it changes hands; one node reports for another; what is declared blocks or not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from codesign.companies import actions
from codesign.companies.figures import with_owner, with_site_count, with_staff
from codesign.companies.models import Company, FormerOwnership, ReportsThrough, Site, VoluntourismDeclaration
from codesign.reporting.figures import owing
from codesign.training.actions.handing_over import hand_over_site
from codesign.training.models import StaffMember, StatusTile
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError
from tests.factories.companies import make_company, make_membership, make_scope, make_site
from tests.factories.training import make_requirement, make_staff

pytestmark = pytest.mark.django_db
SINCE = date(2026, 7, 1)


def counted(company: Company, on: date) -> tuple[int, int | None, int]:
    rows = with_staff(with_site_count(Company.objects.filter(pk=company.pk), on=on), on=on)
    return rows.values_list("site_count", "staff_count", "counted_site_count").get()


def refused(call: Any, code: str) -> None:
    tables = (FormerOwnership, ReportsThrough, VoluntourismDeclaration, Site, Company, StaffMember, AuditEvent)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises(DomainError) as refusal:
        call()
    faults = [fault.code for fault in refusal.value.faults]
    assert code in {refusal.value.code, *faults}
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_a_site_that_changes_hands_keeps_its_past(at):
    make_requirement()
    seller, buyer = make_company(), make_company()
    site = make_site(company=seller, staff=30)
    make_site(company=buyer, staff=4)
    person = make_staff(site, hired_on=date(2026, 1, 5))

    hand_over_site(site_id=site.pk, to_company_id=buyer.pk, since=SINCE, expected_version=1, actor=SYSTEM, at=at)

    for on, expected in ((date(2026, 6, 30), [(1, 30, 1), (1, 4, 1)]), (SINCE, [(0, None, 0), (2, 34, 2)])):
        assert [counted(company, on) for company in (seller, buyer)] == expected
        owner = seller if on < SINCE else buyer
        assert with_owner(Site.objects.filter(pk=site.pk), on=on).values_list("owner_id", flat=True).get() == owner.pk
    person.refresh_from_db()
    assert (person.left_on, person.company_id) == (date(2026, 6, 30), seller.pk)
    assert not StatusTile.objects.on(SINCE).filter(site=site).exists()
    own = make_scope(Role.COMPANY_EDITOR, organisation_ids={seller.pk})
    seen = [site in Site.objects.seen_on(own, on) for on in (date(2026, 6, 30), SINCE)]
    assert seen == [True, False]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"since": date(2026, 11, 23)}, "out_of_range"),
        ({"since": date(2026, 1, 1)}, "out_of_range"),
        ({"to": "seller"}, "same_company"),
        ({"expected_version": 7}, "stale"),
        ({"twin": True}, "site_exists"),
        ({"hired_on": date(2026, 8, 1)}, "hired_since"),
        ({"closed_on": date(2026, 6, 1)}, "site_closed"),
    ],
)
def test_a_site_does_not_change_hands_out_of_order(at, change, code):
    seller, buyer = make_company(), make_company()
    closed = {"closed_on": change["closed_on"]} if "closed_on" in change else {}
    site = make_site(company=seller, name="Centre", opened_on=date(2026, 1, 1), **closed)
    if "twin" in change:
        make_site(company=buyer, name="CENTRE")
    if "hired_on" in change:
        make_staff(site, hired_on=change["hired_on"])
    asked = {"to_company_id": (seller if change.get("to") else buyer).pk, "since": change.get("since", SINCE)}
    asked |= {"expected_version": change.get("expected_version")}

    refused(lambda: hand_over_site(site_id=site.pk, **asked, actor=SYSTEM, at=at), code)


def test_a_company_that_another_reports_for_owes_no_report(at):
    group, hotel = make_membership(), make_membership()

    def owed(year: int) -> set[Any]:
        return set(owing(year=year, on=date(year + 1, 1, 2)).values_list("pk", flat=True))

    line = actions.report_through(
        company_id=hotel.company_id, through_id=group.company_id, valid_from=date(2025, 6, 1), actor=SYSTEM, at=at
    )
    actions.end_report_through(line_id=line.pk, valid_until=date(2026, 12, 30), actor=SYSTEM, at=at)

    assert (owed(2025), owed(2026)) == ({group.pk}, {group.pk, hotel.pk})


def test_one_node_reports_for_others_in_one_step(at):
    group, hotel, third = make_membership(), make_membership(), make_membership()
    applicant = make_membership(state="draft")

    def line(company: Any, through: Any, valid_from: date = date(2026, 1, 1)) -> ReportsThrough:
        keys = {"company_id": company.company_id, "through_id": through.company_id}
        return actions.report_through(**keys, valid_from=valid_from, actor=SYSTEM, at=at)

    line(hotel, group)
    refused(lambda: line(group, third), "reports_in_chain")
    refused(lambda: line(third, hotel), "reports_in_chain")
    refused(lambda: line(third, third), "same_company")
    refused(lambda: line(third, applicant), "no_membership")
    refused(lambda: line(hotel, third), "out_of_order")
    line(hotel, third, date(2027, 1, 1))

    assert list(ReportsThrough.objects.order_by("valid_from").values_list("through", "valid_until")) == [
        (group.company_id, date(2026, 12, 31)),
        (third.company_id, None),
    ]


def test_the_newest_declaration_says_what_is_offered(at):
    company = make_company()

    def declare(year: int, care: bool, *measures: str) -> VoluntourismDeclaration:
        offers = {"offers_volunteering": False, "offers_residential_care": care, "measures": measures}
        return actions.declare(company_id=company.pk, year=year, **offers, actor=SYSTEM, at=at)

    refused(lambda: declare(2026, True), "required")
    refused(lambda: declare(2027, False), "in_future")
    declare(2026, True, "The visits end in March.")
    company.refresh_from_db()
    assert company.offers_residential_care
    declare(2025, False)
    company.refresh_from_db()
    assert company.offers_residential_care
    refused(lambda: actions.open_membership(company_id=company.pk, actor=SYSTEM, at=at), "residential_care")

    declare(2026, False)

    company.refresh_from_db()
    rows = VoluntourismDeclaration.objects.current().order_by("year")
    assert (company.offers_residential_care, list(rows.values_list("year", flat=True))) == (False, [2025, 2026])
