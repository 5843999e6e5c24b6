"""What a source's date says about a membership."""

from __future__ import annotations

from datetime import date

import pytest

from members.network.lifecycle import MandateMove, MandateState, target_of
from members.network.rules import Presence, presence
from registry.kernel.errors import MoveNotAllowed

SEEN = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("since", "basis", "earliest", "proven"),
    [
        ("", "", None, SEEN),
        ("1995", "founded; with Defence for Children since 2003", date(1995, 1, 1), SEEN),
        ("2018", "admitted at the Bogota Assembly", date(2018, 1, 1), date(2018, 12, 31)),
        ("1991", "joined the movement", date(1991, 1, 1), date(1991, 12, 31)),
        ("2014-02", "first seen", None, date(2014, 2, 28)),
        ("2023", "admitted between the 2021 and 2023 Assemblies", None, date(2023, 12, 31)),
    ],
)
def test_presence_is_bounded_by_what_the_source_says(since, basis, earliest, proven):
    assert presence(since=since, basis=basis, seen_on=SEEN) == Presence(earliest, proven)


@pytest.mark.parametrize("text", ["2018 (early)", "18", "2018-13", "2018-02-30", "latest copy"])
def test_what_is_no_partial_date_is_refused(text):
    with pytest.raises(ValueError):
        presence(since=text, basis="first seen", seen_on=SEEN)


ALLOWED = {
    (MandateMove.CONFIRM, MandateState.RECORDED): MandateState.CONFIRMED,
    (MandateMove.END, MandateState.RECORDED): MandateState.ENDED,
    (MandateMove.END, MandateState.CONFIRMED): MandateState.ENDED,
}


@pytest.mark.parametrize("move", list(MandateMove))
@pytest.mark.parametrize("state", list(MandateState))
def test_a_mandate_moves_only_as_the_table_says(move, state):
    if (move, state) in ALLOWED:
        assert target_of(move, state) == ALLOWED[move, state]
    else:
        with pytest.raises(MoveNotAllowed):
            target_of(move, state)
