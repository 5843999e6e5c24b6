"""Readable numbers without gaps: drawn in the transaction that uses them, given back when it fails."""

from __future__ import annotations

from django.db.models import F

from codesign.companies.models import NumberSeries


def draw(series: str) -> int:
    """The next number of `series`, from 1. The row stays locked until the transaction ends."""
    NumberSeries.objects.get_or_create(code=series)
    NumberSeries.objects.filter(code=series).update(last=F("last") + 1)
    return NumberSeries.objects.get(code=series).last


def member_number(country_id: str | None) -> str:
    """A new member number, such as `TC-BE-00042`; `XX` stands for a company without a country."""
    place = country_id or "XX"
    return f"TC-{place}-{draw(f'TC-{place}'):05d}"
