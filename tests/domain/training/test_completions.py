"""Completions: pushed once, corrected by superseding."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from codesign.training.actions import completions
from codesign.training.models import Completion, StatusTile
from members.scope import Hat, Role, Scope
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import NotFound, Refused
from tests.factories.training import (
    AT,
    complete,
    editor_of,
    load_default_requirements,
    make_completion,
    make_course,
    make_staff,
    make_workplace,
    register,
    scope_for,
    staff_item,
)

pytestmark = pytest.mark.django_db


def item(reference: str, course: str = "basics", completed_on: date = date(2026, 5, 4), **more: object) -> dict:
    return {"reference": reference, "course": course, "completed_on": completed_on, **more}


def push(actor: Scope, *rows: dict) -> list[tuple[str, list[tuple[str, str]]]]:
    results = completions.push(items=dict(enumerate(rows)), actor=actor, at=AT)
    return [(r.status.value, [(f.pointer, f.code) for f in r.errors]) for r in results]


def test_a_push_counts_once_however_often_it_comes():
    load_default_requirements()
    make_course(code="basics")
    person = make_staff(reference="A1")
    actor = editor_of(person.company)

    found = [push(actor, item("a1"), item("A1")), push(actor, item("A1"))]

    assert found == [[("created", []), ("unchanged", [])], [("unchanged", [])]]
    assert Completion.objects.count() == 1
    assert AuditEvent.objects.filter(action="completions.push").count() == 1
    assert StatusTile.objects.on(date(2027, 5, 4)).get().status == "valid"
    assert StatusTile.objects.on(date(2027, 5, 5)).get().status == "lapsed"


def test_bad_items_are_told_and_good_ones_kept():
    make_course(code="basics")
    foreign = make_staff(reference="F1")
    theirs = make_course(code="theirs", company=foreign.company)
    person = make_staff(reference="A1")

    found = push(
        editor_of(person.company),
        item("A1"),
        item("F1"),
        item("A1", theirs.code),
        item("A1", "nothing"),
        item("A1", completed_on=date(2026, 11, 23)),
        item("F1", company=foreign.company_id),
        item("A1", completed_on=date(2026, 11, 22)),
    )

    assert found == [
        ("created", []),
        ("error", [("/1/reference", "unknown_reference")]),
        ("error", [("/2/course", "unknown_reference")]),
        ("error", [("/3/course", "unknown_reference")]),
        ("error", [("/4/completed_on", "in_future")]),
        ("error", [("/5/company", "unknown_reference")]),
        ("created", []),
    ]
    assert set(Completion.objects.values_list("staff_member", flat=True)) == {person.pk}


def test_a_caller_with_several_companies_says_which_one():
    make_course(code="basics")
    north, south = make_staff(reference="A1"), make_staff(reference="A1")
    both = frozenset({north.company_id, south.company_id})
    scope = Scope(hats=(Hat(role=Role.COMPANY_SYSTEM, organisation_ids=both),), day=AT.date())

    found = push(scope, item("A1"), item("A1", company=south.company_id))

    assert found == [("error", [("/0/company", "required")]), ("created", [])]
    row = Completion.objects.get()
    assert (row.staff_member_id, row.source) == (south.pk, "company_system")


def test_the_companys_own_course_comes_before_everyones_of_the_same_code():
    make_course(code="basics")
    person = make_staff(reference="A1")
    own = make_course(code="basics", company=person.company)

    push(editor_of(person.company), item("A1"))

    assert Completion.objects.get().course_id == own.pk


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.LCR, Role.EVALUATOR])
def test_nobody_from_outside_pushes(role):
    make_course(code="basics")
    make_staff(reference="A1")

    found = push(scope_for(role, countries=frozenset({"BE"})), item("A1"))

    assert found == [("error", [("/0/company", "required")])]
    assert Completion.objects.count() == 0


def test_statements_do_not_grow_with_the_push():
    load_default_requirements()
    make_course(code="basics")
    site = make_workplace()
    register(site, *(staff_item(site, f"A{n}") for n in range(1001)))
    numbers = []
    for rows in ([item("A1000")], [item(f"A{n}") for n in range(1000)]):
        with CaptureQueriesContext(connection) as queries:
            push(editor_of(site.company), *rows)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20
    assert Completion.objects.count() == 1001


def test_a_correction_supersedes_and_names_what_it_replaces():
    load_default_requirements()
    row = make_completion(on=date(2026, 5, 4))
    actor = editor_of(row.staff_member.company)

    new = completions.correct(
        completion_id=row.pk, reason="wrong_day", completed_on=date(2026, 4, 4), actor=actor, at=AT
    )

    row.refresh_from_db()
    assert (row.superseded_at, row.superseded_reason, row.completed_on) == (AT, "wrong_day", date(2026, 5, 4))
    assert (new.corrects_id, new.completed_on, new.superseded_at) == (row.pk, date(2026, 4, 4), None)
    assert StatusTile.objects.on(date(2027, 4, 5)).get().status == "lapsed"
    with pytest.raises(Refused):
        completions.correct(completion_id=row.pk, reason="wrong_day", actor=actor, at=AT)


def test_a_withdrawn_completion_can_be_recorded_again():
    row = make_completion(on=date(2026, 5, 4))
    actor = editor_of(row.staff_member.company)
    standing = completions.correct(completion_id=row.pk, reason="not_completed", actor=actor, at=AT)

    complete(row.staff_member, row.course, date(2026, 5, 4))

    assert standing.pk == row.pk
    assert (Completion.objects.count(), Completion.objects.current().count()) == (2, 1)


def test_a_foreign_completion_is_not_there():
    row = make_completion(on=date(2026, 5, 4))

    with pytest.raises(NotFound):
        completions.correct(completion_id=row.pk, reason="wrong_day", actor=editor_of(make_workplace().company), at=AT)

    row.refresh_from_db()
    assert row.superseded_at is None


def test_the_database_refuses_a_second_current_one():
    row = make_completion(on=date(2026, 5, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        Completion.objects.create(
            staff_member=row.staff_member,
            course=row.course,
            completed_on=row.completed_on,
            source="manual",
            recorded_at=AT,
        )

    assert Completion.objects.count() == 1
