"""Of two moves on what both have read, one wins and the other is told so."""

from __future__ import annotations

import itertools

import pytest

from tests.chaos.places import NOW, Place, rounds
from tests.chaos.web import Client, serving, together

pytestmark = pytest.mark.chaos

# Opposite and equal ones, all from `plan_submitted`.
PAIRS = [
    ("approve", "reject"),
    ("approve", "approve"),
    ("request-changes", "reject"),
    ("withdraw", "approve"),
    ("request-changes", "request-changes"),
    ("withdraw", "reject"),
]
LOST = {409, 412}
SAID = {"text": "Said by one of two."}
# Decisions, memberships decided on, and events of the audit log about moves.
DECISIONS = """
SELECT COUNT(*), COUNT(DISTINCT membership_id), (
    SELECT COUNT(*) FROM registry_auditevent
    WHERE object_type = 'codemembership' AND action <> 'code-memberships.endorse'
) FROM codesign_decision
"""


def race(clients: list[Client], membership: str, moves: tuple[str, str]) -> list[int]:
    """The statuses of two moves made at once on what was read before."""
    path = f"code-memberships/{membership}/"
    tag = clients[0].get(path).headers["ETag"]
    calls = [
        lambda client=client, move=move: client.post(f"{path}{move}/", SAID, if_match=tag)
        for client, move in zip(clients, moves, strict=True)
    ]
    return sorted(answer.status for answer in together(calls))


def test_of_two_opposite_moves_one_wins(place: Place) -> None:
    count = rounds(200, bounded=20)
    made = place.run("tests.chaos.seeding", "applications", count, REGISTRY_NOW=NOW)

    with serving(place) as web:
        clients = [web.client(token) for token in made["officers"]]
        outcomes = [
            race(clients, membership, moves)
            for membership, moves in zip(made["memberships"], itertools.cycle(PAIRS), strict=False)
        ]

    assert [one for one in outcomes if one[0] != 200 or one[1] not in LOST] == []
    assert place.rows(DECISIONS) == [(count, count, count)]


def test_of_two_equal_moves_one_wins_round_after_round(place: Place) -> None:
    count = rounds(200, bounded=20)
    made = place.run("tests.chaos.seeding", "applications", 1, REGISTRY_NOW=NOW)
    there_and_back = itertools.cycle([("request-changes", "request-changes"), ("submit-plan", "submit-plan")])

    with serving(place) as web:
        clients = [web.client(made["officers"][0]), web.client(made["lcr"])]
        outcomes = [race(clients, made["memberships"][0], moves) for moves in itertools.islice(there_and_back, count)]

    assert [one for one in outcomes if one[0] != 200 or one[1] not in LOST] == []
    versions = place.rows("SELECT version FROM codesign_decision ORDER BY version")
    assert [version for (version,) in versions] == list(range(2, count + 2))
    assert place.rows(DECISIONS) == [(count, 1, count)]
