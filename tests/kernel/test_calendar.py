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


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2014-12-02", date(2014, 12, 2), date(2014, 12, 2)),
        ("--01-22", date(1900, 1, 22), date(2200, 1, 22)),
        # Neither 1900 nor 2200 has the day: the bounds are the ends of their Februaries.
        ("--02-29", date(1900, 2, 28), date(2200, 2, 28)),
        ("2017/2018", date(2017, 1, 1), date(2018, 12, 31)),
        ("2014-12/2015-01-15", date(2014, 12, 1), date(2015, 1, 15)),
    ],
)
def test_a_loose_date_may_lack_its_year_or_span_several(text, earliest, latest):
    assert PartialDate.parse_loose(text) == PartialDate(text, earliest, latest)
    assert PartialDate.parse_loose(text).is_exact is (earliest == latest)


@pytest.mark.parametrize(
    "text", ["--02-30", "--13-01", "--1-2", "2018/2017", "2017/", "/2017", "2017/2018/2019", "a/b"]
)
def test_anything_else_is_no_loose_date(text):
    with pytest.raises(ValueError):
        PartialDate.parse_loose(text)


@pytest.mark.parametrize("text", ["--01-22", "2017/2018"])
def test_a_strict_date_has_a_year_and_only_one(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)
