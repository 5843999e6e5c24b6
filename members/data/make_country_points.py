"""Writes country_points.csv: a point in each country, from the tz database's zone.tab (public domain).

The point is the place that gives the country's first zone its name: a large city, not a centre.
Run by hand when the tz database knows a new country: `python members/data/make_country_points.py`.
"""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

_PLACE = re.compile(r"([+-])(\d{2,3})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return round(-value if sign == "-" else value, 4)


def main() -> None:
    lines = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines()
    points: dict[str, tuple[float, float, str]] = {}
    for line in lines:
        if line.startswith("#"):
            continue
        code, place, zone, *_ = line.split("\t")
        match = _PLACE.fullmatch(place)
        assert match is not None, line
        parts = match.groups()
        points.setdefault(code, (_degrees(*parts[:4]), _degrees(*parts[4:]), zone))
    with (Path(__file__).parent / "country_points.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["iso2", "latitude", "longitude", "source"])
        for code, (latitude, longitude, zone) in sorted(points.items()):
            writer.writerow([code, latitude, longitude, f"tz database, zone.tab: {zone}"])


if __name__ == "__main__":
    main()
