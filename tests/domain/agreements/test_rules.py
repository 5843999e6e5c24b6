"""Periods from partial dates, and the moves between states."""

from __future__ import annotations

from datetime import date

import pytest

from members.agreements.lifecycle import MOVES, AgreementMove, AgreementState, target_of
from members.agreements.rules import Period, notice_due_on, period
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.errors import Invalid, MoveNotAllowed


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_open_ended", "expected"),
    [
        ("2014", "2016-06", False, (date(2014, 1, 1), date(2014, 12, 31), date(2016, 6, 1), date(2016, 6, 30))),
        ("--01-22", "", False, (date(1900, 1, 22), date(2200, 1, 22), EARLIEST, LATEST)),
        ("2017/2018", "", True, (date(2017, 1, 1), date(2018, 12, 31), LATEST, LATEST)),
        ("", "2027-12-31", False, (EARLIEST, LATEST, date(2027, 12, 31), date(2027, 12, 31))),
    ],
)
def test_a_period_is_bounded_by_what_is_known(starts_on, ends_on, is_open_ended, expected):
    assert period(starts_on=starts_on, ends_on=ends_on, is_open_ended=is_open_ended) == Period(*expected)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_open_ended", "faults"),
    [
        ("2014-13", "early", False, [("/starts_on", "invalid_date"), ("/ends_on", "invalid_date")]),
        ("2026", "2025", False, [("/ends_on", "before_start")]),
        ("2026", "--01-22", False, [("/ends_on", "year_missing")]),
        ("2026", "2027", True, [("/is_open_ended", "has_end")]),
    ],
)
def test_a_period_that_cannot_be_is_refused(starts_on, ends_on, is_open_ended, faults):
    with pytest.raises(Invalid) as refused:
        period(starts_on=starts_on, ends_on=ends_on, is_open_ended=is_open_ended)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == faults


@pytest.mark.parametrize(
    ("ends_on", "days", "expected"),
    [("2027-12-31", 90, date(2027, 10, 2)), ("", 90, None), ("2027-12-31", None, None)],
)
def test_notice_is_due_so_many_days_before_the_end(ends_on, days, expected):
    assert notice_due_on(ends_on=ends_on, ends_earliest=date(2027, 12, 31), renewal_notice_days=days) == expected


@pytest.mark.parametrize("move", AgreementMove)
@pytest.mark.parametrize("state", AgreementState)
def test_a_move_starts_from_the_states_of_the_table_alone(move, state):
    if state in MOVES[move]:
        assert target_of(move, state) == MOVES[move][state]
    else:
        with pytest.raises(MoveNotAllowed) as refused:
            target_of(move, state)
        assert refused.value.details == {"move": move.value, "state": state.value}


def test_nothing_leads_out_of_an_end():
    ends = {AgreementState.ENDED, AgreementState.RENEWED, AgreementState.REPLACED}

    assert ends.isdisjoint(state for starts in MOVES.values() for state in starts)
