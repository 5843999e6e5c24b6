"""How long a training counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from codesign.training.kinds import TrainingStatus
from codesign.training.rules import Post, Rule, Rulebook, cut_share, expiry, tiles, valid_periods

SITE = UUID(int=1)
START = date(1900, 1, 1)


def book(**rule: object) -> Rulebook:
    return Rulebook([Rule(START, **rule)])


def post(**overrides: object) -> Post:
    values = {
        "site_id": SITE,
        "country": "BE",
        "role": "other",
        "employment": "regular",
        "hired_on": date(2024, 1, 1),
        "first_day": date(2024, 1, 1),
    }
    return Post(**{**values, **overrides})


def status(person: list, day: date) -> str | None:
    return next((tile.status for tile in person if tile.first_day <= day <= tile.last_day), None)


@pytest.mark.parametrize(
    ("completed_on", "months", "last_day"),
    [
        (date(2025, 3, 10), 24, date(2027, 3, 10)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(completed_on, months, last_day):
    assert expiry(completed_on, Rule(START, validity_months=months)) == last_day


@pytest.mark.parametrize(
    ("completed_on", "last_day"),
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 6, 30), date(2026, 12, 31)),
        (date(2026, 7, 1), date(2027, 12, 31)),
        (date(2026, 11, 20), date(2027, 12, 31)),
    ],
)
def test_a_yearly_window_ends_on_31_december_at_least_six_months_later(completed_on, last_day):
    assert expiry(completed_on, Rule(START, yearly_window=True)) == last_day


@pytest.mark.parametrize(
    ("refreshers", "last_day"),
    [
        ([], date(2026, 1, 10)),
        ([date(2026, 1, 10)], date(2027, 1, 10)),  # on the last valid day
        ([date(2026, 1, 11)], date(2026, 1, 10)),  # too late
        ([date(2024, 12, 31)], date(2026, 1, 10)),  # before the training
        ([date(2025, 2, 1)], date(2026, 2, 1)),
        ([date(2025, 1, 10)], date(2026, 1, 10)),  # same day: no longer than the training itself
        ([date(2025, 2, 1), date(2025, 12, 1)], date(2026, 12, 1)),  # the last one within decides
        ([date(2025, 12, 1), date(2026, 11, 1)], date(2026, 12, 1)),  # once: the second extends nothing
    ],
)
def test_a_refresher_extends_once_from_its_own_day(refreshers, last_day):
    rule = Rule(START, validity_months=12)

    assert valid_periods([date(2025, 1, 10)], refreshers, rule) == [(date(2025, 1, 10), last_day)]


def test_a_refresher_never_shortens():
    rule = Rule(START, validity_months=24)

    periods = valid_periods([date(2025, 1, 10)], [date(2025, 3, 1)], rule)

    assert periods == [(date(2025, 1, 10), date(2027, 1, 10))]


@pytest.mark.parametrize(
    ("employment", "last_day_of_grace"), [("regular", date(2024, 3, 31)), ("seasonal", date(2024, 1, 15))]
)
def test_grace_ends_after_its_last_day(employment, last_day_of_grace):
    person = tiles([post(employment=employment)], [], [], book())

    found = [(tile.status, tile.first_day, tile.last_day) for tile in person]

    assert found[0] == (TrainingStatus.IN_GRACE, date(2024, 1, 1), last_day_of_grace)
    assert [status for status, _, _ in found] == [TrainingStatus.IN_GRACE, TrainingStatus.NEVER_TRAINED]


def test_tiles_cover_every_day_in_scope_once():
    posts = [
        post(last_day=date(2025, 6, 30)),
        post(hired_on=date(2026, 1, 1), first_day=date(2026, 1, 1), last_day=date(2026, 12, 31)),
    ]

    person = tiles(posts, [date(2024, 2, 1)], [], book(validity_months=12))

    assert [(tile.status, tile.first_day, tile.last_day) for tile in person] == [
        ("in_grace", date(2024, 1, 1), date(2024, 1, 31)),
        ("valid", date(2024, 2, 1), date(2025, 2, 1)),
        ("lapsed", date(2025, 2, 2), date(2025, 6, 30)),
        ("in_grace", date(2026, 1, 1), date(2026, 4, 1)),
        ("lapsed", date(2026, 4, 2), date(2026, 12, 31)),
    ]


def test_the_most_specific_rule_wins_and_of_those_the_newest():
    rules = Rulebook(
        [
            Rule(START, validity_months=24),
            Rule(START, country="BE", validity_months=18),
            Rule(START, role="driver", validity_months=12),
            Rule(START, role="driver", country="BE", validity_months=6),
            Rule(date(2026, 1, 1), validity_months=36),
            Rule(date(2026, 1, 1), role="driver", validity_months=9),
        ]
    )

    def months(role: str, country: str, day: date) -> int:
        return rules.at(role, country, day).validity_months

    before, since = date(2025, 12, 31), date(2026, 1, 1)
    assert [months("other", "NL", day) for day in (before, since)] == [24, 36]
    assert [months("other", "BE", day) for day in (before, since)] == [18, 18]
    assert [months("driver", "NL", day) for day in (before, since)] == [12, 9]
    assert [months("driver", "BE", day) for day in (before, since)] == [6, 6]


def test_a_new_rule_changes_no_day_before_it():
    rules = [Rule(START, validity_months=24)]
    before = tiles([post()], [date(2025, 1, 1)], [], Rulebook(rules))

    after = tiles([post()], [date(2025, 1, 1)], [], Rulebook([*rules, Rule(date(2026, 6, 1), validity_months=12)]))

    assert status(after, date(2026, 5, 31)) == status(before, date(2026, 5, 31)) == "valid"
    assert (status(before, date(2026, 6, 1)), status(after, date(2026, 6, 1))) == ("valid", "lapsed")


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(796, 1000, "0.79"), (4, 5, "0.80"), (0, 3, "0.00"), (3, 3, "1.00")]
)
def test_a_share_is_cut_to_two_places(part, whole, share):
    assert cut_share(part, whole) == Decimal(share)


def test_a_share_of_nobody_is_unknown():
    assert cut_share(0, 0) is None
