"""References are forgotten, 24 months after leaving or on request, and every count stays."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from codesign.tasks import forget_leavers
from codesign.training import figures
from codesign.training.actions import erasing
from codesign.training.models import StaffMember
from members.people import ledger
from registry.kernel.errors import NotFound, Refused
from registry.kernel.idempotency.models import StoredAnswer
from tests.domain.people.test_erasing import bytes_of_the_database, columns_with
from tests.factories import rosters
from tests.factories.training import (
    AT,
    complete,
    editor_of,
    load_default_requirements,
    make_course,
    make_staff,
    make_workplace,
)

REFERENCE = "ZQX-778899-Q"


@pytest.fixture(autouse=True)
def _empty_ledger():
    (Path(settings.DATA_DIR) / ledger.NAME).unlink(missing_ok=True)


def make_leaver(left_on, reference=REFERENCE, site=None):
    load_default_requirements()
    person = make_staff(site or make_workplace(heads=4), reference=reference, hired_on=date(2021, 1, 1))
    complete(person, make_course(), date(2023, 5, 4))
    StaffMember.objects.get(pk=person.pk)
    make_staff(person.site, reference=reference, hired_on=date(2021, 1, 1), left_on=left_on)
    return StaffMember.objects.get(pk=person.pk)


@pytest.mark.django_db
def test_after_24_months_the_reference_goes_and_counts_stay():
    due = make_leaver(date(2024, 11, 21))
    kept = make_staff(due.site, reference="KEPT-1", hired_on=date(2021, 1, 1), left_on=date(2024, 11, 22))
    scope = editor_of(due.company)
    days = (date(2023, 6, 1), date(2024, 11, 21), AT.date())
    before = [figures.coverage(scope, on=day) for day in days]

    counts = [erasing.forget_leavers(on=AT.date(), at=AT) for _ in range(2)]

    rows = {row.pk: (row.reference, row.reference_key) for row in StaffMember.objects.all()}
    assert counts == [1, 0]
    assert rows == {due.pk: ("", None), kept.pk: ("KEPT-1", "kept-1")}
    assert [figures.coverage(scope, on=day) for day in days] == before


@pytest.mark.django_db
def test_a_number_that_was_forgotten_may_be_somebody_elses():
    due = make_leaver(date(2024, 1, 1))
    forget_leavers()

    again = make_staff(due.site, reference=REFERENCE)

    assert (again.pk != due.pk, StaffMember.objects.count()) == (True, 2)


@pytest.mark.django_db
def test_on_request_only_of_own_people_who_left():
    person, foreign = make_leaver(date(2026, 10, 31)), make_staff(make_workplace(), reference="F-1")
    there = make_staff(person.site, reference="HERE-1")
    actor = editor_of(person.company)

    with pytest.raises(Refused, match="last day"):
        erasing.erase(staff_id=there.pk, actor=actor, at=AT)
    with pytest.raises(NotFound):
        erasing.erase(staff_id=foreign.pk, actor=actor, at=AT)
    row = erasing.erase(staff_id=person.pk, actor=actor, at=AT)

    assert (row.reference, row.reference_key) == ("", None)
    assert set(StaffMember.objects.exclude(reference_key=None).values_list("reference", flat=True)) == {"F-1", "HERE-1"}


@pytest.mark.django_db(transaction=True)
def test_no_byte_is_left_and_a_restore_brings_nobody_back():
    person = make_leaver(date(2026, 10, 31))
    StoredAnswer.objects.create(
        caller="user:x",
        key="key-1",
        fingerprint="f" * 64,
        status=200,
        body=f'{{"reference":"{REFERENCE}"}}'.encode(),
        created_at=AT,
    )
    planned = rosters.plan(person.company, rosters.csv_of((REFERENCE, str(person.site_id), "driver", "2021-01-01")))
    assert (planned.state, planned.rows.count()) == ("planned", 1)
    found = [columns_with(REFERENCE)]

    erasing.erase(staff_id=person.pk, actor=editor_of(person.company), at=AT)

    found.append(columns_with(REFERENCE))
    assert (len(found[0]) >= 2, found[1]) == (True, [])
    if connection.vendor == "sqlite":
        assert REFERENCE.encode() not in bytes_of_the_database()
    # A backup from before comes back.
    StaffMember.objects.filter(pk=person.pk).update(reference=REFERENCE, reference_key=REFERENCE.casefold())
    told = StringIO()
    call_command("reapply_erasures", stdout=told)
    assert "1 staff" in told.getvalue()
    assert columns_with(REFERENCE) == []
