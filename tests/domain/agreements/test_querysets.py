"""Which agreements hold on a day, which run out, and how many there are."""

from __future__ import annotations

from datetime import date

import pytest

from members.agreements.figures import by_state, expiring
from members.agreements.models import Agreement
from members.scope import Hat, Role, Scope
from tests.factories.agreements import make_agreement

pytestmark = pytest.mark.django_db
STAFF = Scope(day=date(2026, 11, 22), hats=(Hat(role=Role.SECRETARIAT),))
TOTALS = Scope(day=date(2026, 11, 22), hats=(Hat(role=Role.EVALUATOR),))
STRANGER = Scope(day=date(2026, 11, 22), hats=(Hat(role=Role.STOP_PARTNER),))


@pytest.mark.parametrize(
    ("values", "possible", "proven"),
    [
        ({}, True, True),
        ({"starts_on": "2026-11-22", "ends_on": "2026-11-22"}, True, True),
        ({"starts_on": "2026-11-23"}, False, False),
        ({"ends_on": "2026-11-21"}, False, False),
        ({"starts_on": "2026"}, True, False),
        ({"ends_on": "2026-11"}, True, False),
        ({"starts_on": "--01-22", "ends_on": ""}, True, False),
        ({"ends_on": "", "is_open_ended": True}, True, True),
        ({"ends_on": ""}, True, False),
        ({"state": "draft"}, False, False),
        ({"state": "signed"}, True, False),
        ({"state": "ended"}, True, True),
        ({"state": "renewed"}, True, True),
    ],
)
def test_what_holds_on_a_day(day, values, possible, proven):
    agreement = make_agreement(**values)

    assert Agreement.objects.possibly_on(day).filter(pk=agreement.pk).exists() is possible
    assert Agreement.objects.on(day).filter(pk=agreement.pk).exists() is proven
    assert Agreement.objects.with_certainty(on=day).get(pk=agreement.pk).is_uncertain is not proven


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        ({"ends_on": "2027-02-20"}, True),
        ({"ends_on": "2027-02-21"}, False),
        ({"ends_on": "2027-02"}, True),
        ({"ends_on": "2026-11-22"}, True),
        ({"ends_on": "2026-11-21"}, False),
        ({"ends_on": ""}, False),
        ({"ends_on": "", "is_open_ended": True}, False),
        ({"ends_on": "2027-02-20", "state": "signed"}, True),
        ({"ends_on": "2027-02-20", "state": "draft"}, False),
        ({"ends_on": "2027-02-20", "state": "ended"}, False),
        ({"ends_on": "2027-02-20", "state": "renewed"}, False),
    ],
)
def test_what_runs_out_within_ninety_days(day, values, is_found):
    make_agreement(**values)

    assert Agreement.objects.expiring(on=day, within_days=90).exists() is is_found


def test_figures_count_what_the_reader_may_list(day, django_assert_num_queries):
    make_agreement(ends_on="2026-12-31")
    make_agreement(ends_on="2026-12-31", kind="partnership")
    make_agreement(ends_on="2028-12-31")
    make_agreement(state="draft")

    with django_assert_num_queries(2):
        counts = expiring(STAFF, day), by_state(STAFF, day)

    assert counts == ({("memorandum",): (1,), ("partnership",): (1,)}, {("draft",): (1,), ("in_force",): (3,)})
    assert by_state(TOTALS, day) == {("draft",): (1,), ("in_force",): (3,)}
    assert (by_state(STRANGER, day), expiring(STRANGER, day)) == ({}, {})


def test_strangers_and_the_public_see_none(day):
    make_agreement()

    assert not Agreement.objects.visible_to(STRANGER).exists()
    assert not Agreement.objects.visible_to(Scope(day=day)).exists()
