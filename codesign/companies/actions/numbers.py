"""Readable numbers without gaps: drawn in the transaction that uses them, given back when it fails."""

from __future__ import annotations

from django.db.models import F

from codesign.companies.models import NumberSeries


def draw(series: str) -> int:
    """The next number of `series`, from 1. The row stays locked until the transaction ends."""
    return draw_many(series, 1)[0]


def draw_many(series: str, count: int) -> range:
    """The next `count` numbers of `series`, for rows that are written together."""
    NumberSeries.objects.get_or_create(code=series)
    NumberSeries.objects.filter(code=series).update(last=F("last") + count)
    last = NumberSeries.objects.get(code=series).last
    return range(last - count + 1, last + 1)


def member_number(country_id: str | None) -> str:
    """A new member number, such as `TC-BE-00042`; `XX` stands for a company without a country."""
    place = country_id or "XX"
    return f"TC-{place}-{draw(f'TC-{place}'):05d}"
