"""Legal days and partial dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from registry.kernel.calendar import PartialDate, add_months, end_of_day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), 24, date(2028, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_clamp_to_the_end_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Brussels", datetime(2027, 3, 31, 22, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2027, 3, 31, 11, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2027, 4, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_its_own_zone(zone, expected):
    assert end_of_day(date(2027, 3, 31), zone) == expected


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2014-02", date(2014, 2, 1), date(2014, 2, 28)),
        ("2014-12-02", date(2014, 12, 2), date(2014, 12, 2)),
    ],
)
def test_partial_dates_have_bounds(text, earliest, latest):
    assert PartialDate.parse(text) == PartialDate(text, earliest, latest)


@pytest.mark.parametrize("text", ["", "14", "2014-13", "2014-02-30", "1899", "2201", "2014/12", "early 2014"])
def test_anything_else_is_no_date(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)
