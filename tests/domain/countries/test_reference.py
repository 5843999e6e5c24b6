"""The reference list of countries."""

from __future__ import annotations

from collections import Counter
from zoneinfo import available_timezones

import pytest

from members.countries import reference
from members.countries.actions import load_countries
from members.countries.models import Country, Region


def test_every_country_has_five_names_and_a_real_zone():
    rows = reference.rows()

    assert (len(rows), len({row["code"] for row in rows})) == (250, 250)
    assert [row["code"] for row in rows if set(row["names"]) != {"en", "fr", "nl", "de", "es"}] == []
    assert [row["code"] for row in rows if not all(row["names"].values())] == []
    assert [row["code"] for row in rows if row["zone"] not in available_timezones()] == []


def test_countries_are_spread_over_the_five_regions_of_the_network():
    rows = reference.rows()

    assert Counter(row["region_id"] for row in rows) == {
        "europe": 62,
        "americas": 57,
        "asia-and-the-pacific": 57,
        "sub-saharan-africa": 53,
        "middle-east-and-north-africa": 20,
        None: 1,
    }
    assert sum(row["is_eu"] for row in rows) == 27


@pytest.mark.parametrize(
    ("code", "zone", "region"),
    [
        ("BE", "Europe/Brussels", "europe"),
        ("TR", "Europe/Istanbul", "europe"),
        ("UZ", "Asia/Tashkent", "europe"),
        ("MA", "Africa/Casablanca", "middle-east-and-north-africa"),
        ("CD", "Africa/Kinshasa", "sub-saharan-africa"),
        ("AU", "Australia/Sydney", "asia-and-the-pacific"),
        ("AQ", "Antarctica/McMurdo", None),
        ("XK", "Europe/Belgrade", "europe"),
    ],
)
def test_zone_is_the_capitals_and_the_networks_filing_wins(code, zone, region):
    (row,) = (row for row in reference.rows() if row["code"] == code)

    assert (row["zone"], row["region_id"]) == (zone, region)


@pytest.mark.django_db
def test_loading_again_adds_nothing():
    assert load_countries() == 0
    assert (Country.objects.count(), Region.objects.count()) == (250, 5)
