"""Due dates, lateness and completeness."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from codesign.reporting import rules
from codesign.reporting.lifecycle import MOVES, ReportMoveKind, ReportState, target_of
from registry.kernel.errors import MoveNotAllowed

DUE, LAPSES = date(2026, 3, 31), date(2026, 6, 29)


def test_a_year_opens_on_1_january_and_is_due_on_31_march():
    assert (rules.opens_on(2025), rules.due_on(2025)) == (date(2026, 1, 1), DUE)
    assert rules.lapses_on(DUE, rules.LAPSE_DAYS) == LAPSES


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), "Europe/Brussels", date(2026, 3, 31)),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), "Europe/Brussels", date(2026, 4, 1)),
        (datetime(2026, 4, 1, 6, 59, tzinfo=UTC), "America/Los_Angeles", date(2026, 3, 31)),
        (datetime(2025, 12, 31, 10, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 1, 1)),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "Europe/London", date(2025, 12, 31)),
    ],
)
def test_a_legal_day_ends_at_midnight_in_the_companys_zone(moment, zone, day):
    assert rules.day_in(moment, zone) == day


@pytest.mark.parametrize(
    ("submitted", "on", "lateness", "late"),
    [
        (None, date(2026, 3, 31), "pending", 0),
        (None, date(2026, 4, 1), "overdue", 1),
        (None, date(2026, 6, 28), "overdue", 89),
        (None, date(2026, 6, 29), "lapsed", 90),
        (date(2026, 3, 31), date(2026, 12, 1), "on_time", 0),
        (date(2026, 4, 2), date(2026, 12, 1), "late", 2),
        (date(2026, 7, 30), date(2026, 7, 1), "lapsed", 92),
    ],
)
def test_lateness_counts_from_the_first_submission(submitted, on, lateness, late):
    assert rules.lateness(due=DUE, lapses=LAPSES, submitted=submitted, on=on) == lateness
    assert rules.days_late(due=DUE, submitted=submitted, on=on) == late


def test_what_is_not_owed_is_never_late():
    assert rules.days_late(due=None, submitted=None, on=date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("answered", "required", "share"),
    [(0, 0, "1.00"), (0, 3, "0.00"), (2, 3, "0.66"), (299, 300, "0.99"), (3, 3, "1.00")],
)
def test_completeness_is_cut_not_rounded(answered, required, share):
    assert rules.completeness_share(answered=answered, required=required) == Decimal(share)


@pytest.mark.parametrize("state", list(ReportState))
@pytest.mark.parametrize("move", list(ReportMoveKind))
def test_moves_start_from_the_states_of_the_table_alone(move, state):
    sources, target = MOVES[move]

    if state in sources:
        assert target_of(move, state) == target
    else:
        with pytest.raises(MoveNotAllowed) as refusal:
            target_of(move, state)
        assert (refusal.value.code, refusal.value.details["state"]) == ("move_not_allowed", state)


def test_the_table_of_moves_is_the_one_of_the_rules():
    read = {(source.value, move.value, target.value) for move, (sources, target) in MOVES.items() for source in sources}

    assert read == {
        ("draft", "provisional", "draft"),
        ("accepted", "correct", "returned"),
        ("published", "correct", "returned"),
        ("draft", "submit", "submitted"),
        ("returned", "submit", "submitted"),
        ("submitted", "return", "returned"),
        ("submitted", "accept", "accepted"),
        ("accepted", "publish", "published"),
    }
