"""A worker killed at any chunk of a roster: the end is that of an uninterrupted run."""

from __future__ import annotations

import pytest

from tests.chaos.places import NOW, Place, rounds

pytestmark = pytest.mark.chaos
# On each database.
KILLS = rounds(50, bounded=8)


@pytest.mark.parametrize("reach", ["company", "group"])
def test_kills_at_random_chunks_end_as_an_uninterrupted_run_does(place: Place, reach: str) -> None:
    found = place.run("tests.chaos.rostering", 1000, KILLS, 6, reach, REGISTRY_NOW=NOW)

    assert found["kills"] == KILLS
    assert found["shaken written"] == found["steady written"]
    assert found["shaken"] == found["steady"]
    assert {part: len(rows) > 0 for part, rows in found["steady"].items()} == dict.fromkeys(found["steady"], True)
