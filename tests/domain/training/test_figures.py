"""Coverage on a day, from outside and inside, and what other parts read of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.companies.models import Company
from codesign.standing.figures import below_target
from codesign.training import figures
from codesign.training.actions import courses
from codesign.training.figures import Coverage
from members.scope import Role
from tests.factories.training import (
    AT,
    complete,
    editor_of,
    load_default_requirements,
    make_course,
    make_hotel_company,
    make_staff,
    make_workplace,
    scope_for,
)

pytestmark = pytest.mark.django_db
DAY = AT.date()


@pytest.fixture
def chain() -> Company:
    """Two hotels: in the first 3 valid, 1 lapsed, 1 never trained, 1 in grace, 4 unknown; in the other 1 valid of 1."""
    load_default_requirements()
    course = make_course()
    north = make_workplace(name="North", heads=10)
    south = make_workplace(north.company, name="South", country_id="NL", heads=1)
    valid = [make_staff(north), make_staff(north), make_staff(north, role="driver"), make_staff(south)]
    for person in valid:
        complete(person, course, date(2026, 5, 4))
    complete(make_staff(north), course, date(2025, 11, 21))
    make_staff(north)
    make_staff(north, hired_on=date(2026, 8, 24))
    make_staff(north, left_on=date(2026, 10, 31))
    complete(make_staff(make_workplace()), course, date(2026, 5, 4))
    return north.company


def counts(figure: Coverage) -> tuple[int | None, ...]:
    return tuple(getattr(figure, name) for name in figures.COUNTS)


def test_coverage_counts_each_person_once(chain):
    (figure,) = figures.coverage(editor_of(chain), on=DAY)

    assert counts(figure) == (7, 1, 4, 1, 1, 4)
    assert (figure.denominator, figure.share, figure.in_grace_share) == (10, Decimal("0.40"), Decimal("0.14"))


def test_coverage_of_a_past_day_is_that_of_the_day(chain):
    (before,) = figures.coverage(editor_of(chain), on=date(2025, 11, 21))
    (in_grace,) = figures.coverage(editor_of(chain), on=date(2026, 11, 22))
    (no_more,) = figures.coverage(editor_of(chain), on=date(2026, 11, 23))

    assert counts(before) == (7, 0, 1, 0, 6, 4)
    assert (in_grace.in_grace, no_more.in_grace, no_more.never_trained) == (1, 0, 2)


def test_coverage_by_site_role_and_country(chain):
    scope = editor_of(chain)

    found = {
        by: {group.name: (group.valid, group.denominator) for group in figures.coverage(scope, on=DAY, by=by)}
        for by in ("site", "country", "role")
    }

    assert found == {
        "site": {"North": (3, 9), "South": (1, 1)},
        "country": {"BE": (3, 9), "NL": (1, 1)},
        "role": {"driver": (1, 1), "front_desk": (3, 5), "": (0, 4)},
    }


def test_a_representative_counts_the_sites_of_its_country(chain):
    lcr = scope_for(Role.LCR, countries=frozenset({"NL"}))

    (figure,) = figures.coverage(lcr, on=DAY, company=chain.pk)

    assert counts(figure) == (1, 0, 1, 0, 0, 0)


def test_nobody_else_counts_anything(chain):
    for role in (Role.PUBLIC, Role.AUDITOR, Role.STOP_PARTNER, Role.MEMBER_GROUP):
        (figure,) = figures.coverage(scope_for(role), on=DAY)
        assert counts(figure) == (0, 0, 0, 0, 0, 0)
        assert figure.share is None


def test_a_closed_site_has_no_unknown_people(chain):
    chain.sites.filter(name="North").update(closed_on=date(2026, 11, 21))

    (figure,) = figures.coverage(editor_of(chain), on=DAY)

    assert figure.unknown == 0


def test_head_count_sessions_are_in_no_figure(chain):
    before = figures.coverage(editor_of(chain), on=DAY)

    session = courses.record_session(
        site_id=chain.sites.get(name="North").pk,
        course_id=make_course().pk,
        held_on=DAY,
        attendance=25,
        actor=editor_of(chain),
        at=AT,
    )

    assert session.attendance == 25
    assert figures.coverage(editor_of(chain), on=DAY) == before


def test_shares_of_a_list_of_companies(chain):
    empty = make_hotel_company()

    rows = figures.with_training_share(Company.objects.filter(pk__in=[chain.pk, empty.pk]), on=DAY)

    names = ("training_valid", "training_denominator", "training_share")
    assert {row[0]: row[1:] for row in rows.order_by().values_list("pk", *names)} == {
        chain.pk: (4, 10, Decimal("0.40")),
        empty.pk: (0, 0, None),
    }
    assert list(rows.filter(below_target(DAY)).values_list("pk", flat=True)) == [chain.pk]


def test_a_share_at_the_target_is_not_below_it():
    load_default_requirements()
    site, course = make_workplace(), make_course()
    for person in [make_staff(site) for _ in range(5)][:4]:
        complete(person, course, date(2026, 5, 4))

    rows = figures.with_training_share(Company.objects.filter(pk=site.company_id), on=DAY)

    assert rows.get().training_share == Decimal("0.80")
    assert not rows.filter(below_target(DAY)).exists()


def test_from_outside_small_groups_are_hidden_and_never_alone():
    groups = [Coverage(key=n, in_scope=n, valid=n) for n in (4, 9, 30)]

    outside = figures.protected(groups, totals_only=False)
    totals = figures.protected([Coverage(in_scope=30, valid=27, lapsed=3)], totals_only=True)

    assert [group.suppressed for group in outside] == [True, True, False]
    assert counts(outside[0]) == (None,) * 6
    assert (totals[0].suppressed, totals[0].share, totals[0].denominator) == (True, None, None)
