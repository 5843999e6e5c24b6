"""What hiring, moving, leaving and coming back do to the posts of a person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from codesign.training.postings import Change, OutOfOrder, after
from codesign.training.rules import Post
from registry.kernel.calendar import LATEST

NORTH, SOUTH = UUID(int=1), UUID(int=2)
HIRED = date(2024, 1, 1)


def change(site: UUID = NORTH, **overrides: object) -> Change:
    values = {
        "site_id": site,
        "country": "BE",
        "role": "driver",
        "employment": "regular",
        "hired_on": HIRED,
        "since": date(2026, 11, 22),
    }
    return Change(**{**values, **overrides})


def post(site: UUID, first_day: date, last_day: date = LATEST, hired_on: date = HIRED) -> Post:
    return Post(site, "BE", "driver", "regular", hired_on, first_day, last_day)


def test_somebody_new_stands_in_the_post_from_the_day_of_hire():
    assert after([], change()) == [post(NORTH, HIRED)]


def test_the_same_again_changes_nothing():
    posts = after([], change())

    assert after(posts, change(since=date(2027, 1, 1))) == posts


def test_a_move_ends_one_post_and_begins_another():
    posts = after([], change())

    moved = after(posts, change(SOUTH, since=date(2026, 3, 1)))

    assert moved == [post(NORTH, HIRED, date(2026, 2, 28)), post(SOUTH, date(2026, 3, 1))]


def test_a_move_since_the_day_of_hire_replaces_the_post():
    assert after(after([], change()), change(SOUTH, since=HIRED)) == [post(SOUTH, HIRED)]


def test_moving_back_since_the_move_leaves_one_post():
    moved = after(after([], change()), change(SOUTH, since=date(2026, 3, 1)))

    assert after(moved, change(NORTH, since=date(2026, 3, 1))) == [post(NORTH, HIRED)]


def test_leaving_ends_the_post_and_null_opens_it_again():
    posts = after([], change())

    left = after(posts, change(left_on=date(2026, 5, 31)))

    assert left == [post(NORTH, HIRED, date(2026, 5, 31))]
    assert after(left, change(keeps_end=True)) == left
    assert after(left, change(left_on=None)) == posts


def test_coming_back_is_an_employment_of_its_own():
    left = after([], change(left_on=date(2025, 5, 31)))
    again = date(2026, 4, 1)

    back = after(left, change(SOUTH, hired_on=again))

    assert back == [post(NORTH, HIRED, date(2025, 5, 31)), post(SOUTH, again, hired_on=again)]


def test_a_corrected_day_of_hire_moves_the_first_post():
    moved = after(after([], change()), change(SOUTH, since=date(2026, 3, 1)))
    earlier = date(2023, 6, 1)

    corrected = after(moved, change(SOUTH, hired_on=earlier, since=date(2026, 3, 1)))

    assert corrected == [
        post(NORTH, earlier, date(2026, 2, 28), earlier),
        post(SOUTH, date(2026, 3, 1), hired_on=earlier),
    ]


@pytest.mark.parametrize(
    "bad",
    [change(left_on=date(2023, 12, 31)), change(hired_on=date(2022, 6, 1)), change(hired_on=date(2022, 5, 31))],
)
def test_days_that_contradict_each_other_are_refused(bad):
    earlier = after([], change(hired_on=date(2022, 1, 1), left_on=date(2022, 6, 30)))
    posts = after(earlier, change())

    with pytest.raises(OutOfOrder):
        after(posts, bad)
