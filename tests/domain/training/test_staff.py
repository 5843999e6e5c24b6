"""Staff by reference: registered, moved, left; never seen from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codesign.training.actions import staff, tiles
from codesign.training.models import Posting, StaffMember, StatusTile
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, NotFound, Refused, Stale
from tests.factories.training import (
    AT,
    editor_of,
    load_default_requirements,
    make_staff,
    make_workplace,
    register,
    scope_for,
    staff_item,
)

pytestmark = pytest.mark.django_db
DAY = AT.date()


def statuses(results: list) -> list[str]:
    return [result.status.value for result in results]


def test_the_same_roster_again_changes_nothing():
    site = make_workplace()
    rows = [staff_item(site, "A1"), staff_item(site, "A2", role="driver")]

    first = register(site, *rows)
    again = register(site, *rows)

    assert (statuses(first), statuses(again)) == (["created"] * 2, ["unchanged"] * 2)
    assert [result.id for result in first] == [result.id for result in again]
    assert (StaffMember.objects.count(), Posting.objects.count()) == (2, 2)
    assert AuditEvent.objects.filter(action="staff.register").count() == 1


def test_case_makes_nobody_new():
    site = make_workplace()
    register(site, staff_item(site, "bru-1"))

    (result,) = register(site, staff_item(site, "BRU-1", role="driver"))

    assert statuses([result]) == ["updated"]
    person = StaffMember.objects.get()
    assert (person.pk, person.reference, person.role, person.version) == (result.id, "BRU-1", "driver", 2)


def test_good_rows_are_kept_although_others_are_bad():
    site, foreign = make_workplace(), make_workplace()
    rows = [
        staff_item(site, "A1"),
        staff_item(site, "jane@hotel.example"),
        staff_item(foreign, "A2"),
        staff_item(site, "a1"),
        staff_item(site, "A3", left_on=date(2023, 12, 31)),
        staff_item(site, "A4", since=date(2026, 12, 1)),
        staff_item(site, "A5"),
    ]

    results = register(site, *rows)

    assert [(r.index, r.status.value, [(f.pointer, f.code) for f in r.errors]) for r in results] == [
        (0, "created", []),
        (1, "error", [("/1/reference", "looks_like_email")]),
        (2, "error", [("/2/site", "unknown_reference")]),
        (3, "error", [("/3/reference", "repeated")]),
        (4, "error", [("/4/hired_on", "out_of_order")]),
        (5, "error", [("/5/since", "in_future")]),
        (6, "created", []),
    ]
    assert set(StaffMember.objects.values_list("reference", flat=True)) == {"A1", "A5"}
    assert "jane" not in str(results)


def test_statements_do_not_grow_with_the_roster():
    load_default_requirements()
    site = make_workplace()
    numbers = []
    for start, length in ((0, 1), (1, 500)):
        rows = [staff_item(site, f"A{start + n}") for n in range(length)]
        with CaptureQueriesContext(connection) as queries:
            register(site, *rows)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20
    assert StatusTile.objects.count() == 2 * 501


def test_a_move_keeps_the_person_and_the_past():
    north = make_workplace()
    south = make_workplace(north.company, country_id="NL")
    person = make_staff(north)

    staff.move(staff_id=person.pk, site=south.pk, since=date(2026, 3, 1), actor=editor_of(north.company), at=AT)

    assert StaffMember.objects.get().site_id == south.pk
    site_on = {day: StatusTile.objects.on(day).get().site_id for day in (date(2026, 2, 28), date(2026, 3, 1))}
    assert list(site_on.values()) == [north.pk, south.pk]
    assert Posting.objects.count() == 3
    assert Posting.objects.current().count() == 2


@pytest.mark.parametrize("since", [date(2023, 12, 31), date(2026, 11, 23)])
def test_a_move_outside_the_employment_is_refused(since):
    person = make_staff()
    other = make_workplace(person.company)

    with pytest.raises(Invalid):
        staff.move(staff_id=person.pk, site=other.pk, since=since, actor=editor_of(person.company), at=AT)

    assert StaffMember.objects.get().site_id == person.site_id


def test_a_move_to_another_company_is_refused():
    person, foreign = make_staff(), make_workplace()

    with pytest.raises(Invalid):
        staff.move(staff_id=person.pk, site=foreign.pk, since=DAY, actor=editor_of(person.company), at=AT)

    assert StaffMember.objects.get().version == 1


def test_leaving_ends_and_deletes_nothing():
    person = make_staff()

    staff.leave(staff_id=person.pk, left_on=date(2026, 10, 31), actor=editor_of(person.company), at=AT)

    person.refresh_from_db()
    assert (person.left_on, person.version) == (date(2026, 10, 31), 2)
    assert StatusTile.objects.on(date(2026, 10, 31)).count() == 1
    assert StatusTile.objects.on(date(2026, 11, 1)).count() == 0
    with pytest.raises(Refused):
        staff.leave(staff_id=person.pk, left_on=date(2026, 9, 1), actor=editor_of(person.company), at=AT)


def test_a_leaver_is_not_brought_back_by_a_row_that_does_not_say_so():
    site = make_workplace()
    register(site, staff_item(site, "A1", left_on=date(2026, 10, 31)))

    kept = register(site, staff_item(site, "A1"))
    opened = register(site, staff_item(site, "A1", left_on=None))

    assert (statuses(kept), statuses(opened)) == (["unchanged"], ["updated"])
    assert StaffMember.objects.get().left_on is None


def test_a_stale_version_changes_nothing():
    person = make_staff()

    with pytest.raises(Stale):
        staff.leave(staff_id=person.pk, left_on=DAY, expected_version=7, actor=editor_of(person.company), at=AT)

    assert StaffMember.objects.get().left_on is None


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.LCR])
def test_nobody_from_outside_changes_staff(role):
    person = make_staff()

    with pytest.raises(NotFound):
        staff.leave(staff_id=person.pk, left_on=DAY, actor=scope_for(role, countries=frozenset({"BE"})), at=AT)

    assert StaffMember.objects.get().left_on is None


def test_from_outside_rows_are_masked_and_those_of_small_sites_are_not_there():
    big = make_workplace()
    small = make_workplace(big.company)
    for n in range(5):
        make_staff(big, reference=f"A{n}", language="nl")
    for n in range(4):
        make_staff(small, reference=f"B{n}")

    seen = {
        role: list(
            StaffMember.objects.visible_to(scope_for(role, countries=countries), on=DAY).values_list(
                "shown_reference", "shown_language", "site_id"
            )
        )
        for role, countries in ((Role.SECRETARIAT, frozenset()), (Role.LCR, frozenset({"BE"})))
    }
    own = StaffMember.objects.visible_to(editor_of(big.company), on=DAY)

    assert seen == dict.fromkeys(seen, [(None, None, big.pk)] * 5)
    assert StaffMember.objects.visible_to(scope_for(Role.LCR, countries=frozenset({"NL"})), on=DAY).count() == 0
    assert set(own.values_list("shown_reference", flat=True)) == {"A0", "A1", "A2", "A3", "A4", "B0", "B1", "B2", "B3"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT}))
def test_staff_is_denied_by_default(role):
    make_staff()

    assert StaffMember.objects.visible_to(scope_for(role), on=DAY).count() == 0


def test_a_site_editor_sees_and_changes_the_own_site_alone():
    north = make_workplace()
    south = make_workplace(north.company)
    make_staff(north, reference="N1")
    stranger = make_staff(south, reference="S1")
    scope = replace(scope_for(Role.SITE_EDITOR, company=north.company, site_ids=frozenset({north.pk})))

    results = staff.register(
        items={0: staff_item(north, "N2"), 1: staff_item(south, "S2"), 2: staff_item(north, "S1")}, actor=scope, at=AT
    )

    seen = StaffMember.objects.visible_to(scope, on=DAY).values_list("shown_reference", flat=True)
    assert set(seen) == {"N1", "N2"}
    assert [[fault.code for fault in result.errors] for result in results] == [[], ["unknown_reference"], ["taken"]]
    stranger.refresh_from_db()
    assert stranger.site_id == south.pk


def test_the_recount_finds_and_mends_what_is_wrong():
    person = make_staff()
    make_staff(person.site)
    StatusTile.objects.filter(staff_member=person).update(status="valid")

    assert [tiles.recount(chunk=1), tiles.recount(chunk=1)] == [1, 0]
    assert set(StatusTile.objects.values_list("status", flat=True)) == {"never_trained"}
