"""Requirements: drafted, published, frozen; the past is never rewritten."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.training.actions import requirements
from codesign.training.models import Requirement, StatusTile
from members.scope import Role
from registry.kernel.errors import Invalid, Refused
from tests.factories.training import (
    AT,
    load_default_requirements,
    make_completion,
    make_requirement,
    make_staff,
    scope_for,
)

pytestmark = pytest.mark.django_db
OFFICE = scope_for(Role.SECRETARIAT)


def draft(**values: object) -> Requirement:
    return requirements.draft(**{"effective_from": date(2027, 1, 1), **values}, actor=OFFICE, at=AT)


def publish(row: Requirement) -> Requirement:
    return requirements.publish(requirement_id=row.pk, expected_version=row.version, actor=OFFICE, at=AT)


def test_the_defaults_load_once():
    assert [load_default_requirements(), load_default_requirements()] == [6, 0]
    front_line = ("driver", "food_beverage", "front_desk", "housekeeping", "security")
    rows = Requirement.objects.published().values_list("role", "validity_months", "grace_days")
    assert set(rows) == {("", 24, 90), *((role, 12, 90) for role in front_line)}


def test_defaults_that_come_late_reach_who_is_there_already():
    make_staff(hired_on=date(2026, 11, 1))
    before = StatusTile.objects.on(AT.date()).get().status

    load_default_requirements()

    assert (before, StatusTile.objects.on(AT.date()).get().status) == ("never_trained", "in_grace")


def test_a_new_rule_counts_from_its_day_and_changes_no_day_before():
    load_default_requirements()
    make_completion(make_staff(role="management"), on=date(2026, 1, 10))

    publish(draft(validity_months=6))

    found = {day: StatusTile.objects.on(day).get().status for day in (date(2026, 12, 31), date(2027, 1, 1))}
    assert list(found.values()) == ["valid", "lapsed"]


def test_a_draft_counts_for_nothing_and_can_change():
    load_default_requirements()
    make_completion(make_staff(role="management"), on=date(2026, 1, 10))
    row = draft(validity_months=6)

    changed = requirements.change(requirement_id=row.pk, expected_version=1, actor=OFFICE, at=AT, validity_months=9)

    assert (changed.validity_months, changed.version) == (9, 2)
    assert StatusTile.objects.on(date(2027, 1, 1)).get().status == "valid"


@pytest.mark.parametrize("effective_from", [AT.date(), date(2020, 1, 1)])
def test_a_rule_for_a_day_that_has_come_is_refused(effective_from):
    row = draft(effective_from=effective_from)

    with pytest.raises(Invalid):
        publish(row)

    row.refresh_from_db()
    assert row.published_at is None


def test_two_rules_for_the_same_people_and_day_are_refused():
    make_requirement(effective_from=date(2027, 1, 1))
    row = draft()

    with pytest.raises(Refused):
        publish(row)

    row.refresh_from_db()
    assert row.published_at is None


def test_what_is_published_is_frozen():
    row = make_requirement()

    for change in (requirements.change, requirements.publish):
        with pytest.raises(Refused):
            change(requirement_id=row.pk, expected_version=1, actor=OFFICE, at=AT)

    row.refresh_from_db()
    assert row.version == 1
