"""Quorum under doubt, and seats over time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.assemblies.rules import VOTES, Quorum, Span, Tally, VoteReason, first_overfull_day, quorum

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("share", "number", "present", "entitled", "expected"),
    [
        (None, None, Tally(5), Tally(9), Quorum(None, "no_rule")),
        (HALF, None, None, Tally(9), Quorum(None, "count_missing")),
        (HALF, None, Tally(5), None, Quorum(None, "count_missing")),
        (None, 5, Tally(5), None, Quorum(True, None, 5, 5)),
        (None, 6, Tally(5), None, Quorum(False, None, 6, 6)),
        # Half of nine is five, not four and a half.
        (HALF, None, Tally(5), Tally(9), Quorum(True, None, 5, 5)),
        (HALF, None, Tally(4), Tally(9), Quorum(False, None, 5, 5)),
        # Both rules must hold.
        (HALF, 6, Tally(5), Tally(9), Quorum(False, None, 6, 6)),
        # Nobody is no assembly.
        (HALF, None, Tally(0), Tally(0), Quorum(False, None, 1, 1)),
        # Six certain of at most eleven: met even if none of the two absent doubtful ones counts.
        (HALF, None, Tally(6, 0), Tally(9, 2), Quorum(True, None, 5, 6)),
        # Five certain: enough of nine, not of eleven.
        (HALF, None, Tally(5, 0), Tally(9, 2), Quorum(None, "uncertain", 5, 6)),
        # The two doubtful ones are there: counted or not, five of nine or seven of eleven.
        (HALF, None, Tally(5, 2), Tally(9, 2), Quorum(True, None, 5, 6)),
        (HALF, None, Tally(4, 2), Tally(9, 2), Quorum(None, "uncertain", 5, 6)),
        (HALF, None, Tally(2, 1), Tally(9, 2), Quorum(False, None, 5, 6)),
        (HALF, None, Tally(0, 3), Tally(0, 4), Quorum(None, "uncertain", 1, 2)),
    ],
)
def test_a_quorum_is_met_missed_or_not_to_be_told(share, number, present, entitled, expected):
    assert quorum(share=share, number=number, present=present, entitled=entitled) == expected


def test_the_bounds_hold_for_every_way_the_doubt_may_end():
    """Against counting all cases: which of the doubtful ones have a vote."""
    for certain, there, away in [(c, t, a) for c in range(4) for t in range(3) for a in range(3)]:
        entitled = Tally(certain + 2, there + away)
        outcomes = set()
        for counted_there in range(there + 1):
            for counted_away in range(away + 1):
                base = certain + 2 + counted_there + counted_away
                outcomes.add(2 * (certain + counted_there) >= base and certain + counted_there > 0)

        weighed = quorum(share=HALF, number=None, present=Tally(certain, there), entitled=entitled)

        assert weighed.is_met == (outcomes.pop() if len(outcomes) == 1 else None), (certain, there, away)


def test_every_reason_leads_to_a_vote():
    assert set(VOTES) == set(VoteReason)


@pytest.mark.parametrize(
    ("seats", "holders", "expected"),
    [
        ([Span(date(2024, 1, 1), None, 2)], [Span(date(2025, 1, 1), None)] * 2, None),
        ([Span(date(2024, 1, 1), None, 2)], [Span(date(2025, 1, 1), None)] * 3, (date(2025, 1, 1), 3, 2)),
        # One ends on the day before the next begins.
        (
            [Span(None, None, 1)],
            [Span(date(2025, 1, 1), date(2025, 6, 30)), Span(date(2025, 7, 1), None)],
            None,
        ),
        (
            [Span(None, None, 1)],
            [Span(date(2025, 1, 1), date(2025, 7, 1)), Span(date(2025, 7, 1), None)],
            (date(2025, 7, 1), 2, 1),
        ),
        # A seat less from a day on.
        (
            [Span(None, date(2025, 12, 31), 2), Span(date(2026, 1, 1), None, 1)],
            [Span(date(2025, 1, 1), None)] * 2,
            (date(2026, 1, 1), 2, 1),
        ),
        ([], [Span(date(2025, 1, 1), None)], (date(2025, 1, 1), 1, 0)),
    ],
)
def test_the_first_day_with_more_holders_than_seats(seats, holders, expected):
    assert first_overfull_day(start=date(2025, 1, 1), end=None, seats=seats, holders=holders) == expected


def test_days_outside_the_period_do_not_count():
    holders = [Span(date(2027, 1, 1), None)] * 3

    found = first_overfull_day(
        start=date(2025, 1, 1), end=date(2026, 12, 31), seats=[Span(None, None, 2)], holders=holders
    )

    assert found is None
