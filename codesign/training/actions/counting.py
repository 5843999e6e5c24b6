"""Keep the counts of coverage for today and tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from codesign.companies.models import Company, HeadCount
from codesign.training.actions import bulk
from codesign.training.models import CoverageCount, CoverageDay, StatusTile
from codesign.training.rules import DAY
from codesign.training.tallies import COUNTS, sums_of

CHUNK = 500


def count(companies: Sequence[UUID], *, on: date) -> None:
    """Count these companies anew for `on` and the day after. Call it in a transaction that nobody else counts in."""
    rows = [row for day in (on, on + DAY) for row in _counted(companies, day)]
    CoverageCount.objects.filter(company__in=companies).delete()
    bulk.write(rows)


def complete(*, on: date) -> int:
    """Count whom nobody has counted yet for `on` and the day after, and forget the days before; how many companies."""
    days = CoverageDay.objects.filter(day__in=(on, on + DAY))
    if days.count() == 2:
        return 0
    tomorrows = CoverageCount.objects.filter(company=OuterRef("pk"), counted_on=on + DAY)
    missing = list(Company.objects.filter(~Exists(tomorrows)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(missing), CHUNK):
        with transaction.atomic():
            count(missing[start : start + CHUNK], on=on)
    with transaction.atomic():
        CoverageDay.objects.exclude(day__gte=on).delete()
        CoverageCount.objects.filter(counted_on__lt=on).delete()
        CoverageDay.objects.bulk_create([CoverageDay(day=on), CoverageDay(day=on + DAY)], ignore_conflicts=True)
    return len(missing)


def differing(*, on: date) -> int:
    """How many companies have another count on `on` than their people say (none but those just touched, by promise)."""
    columns = ("company_id", "country", *COUNTS)
    wrong = 0
    keys = list(Company.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        rows = CoverageCount.objects.filter(counted_on=on, company__in=chunk).values_list(*columns)
        known = {row for row in rows if any(row[2:])}
        true = {tuple(getattr(row, name) for name in columns) for row in _counted(chunk, on)}
        wrong += len({row[0] for row in known ^ {row for row in true if any(row[2:])}})
    return wrong


def _counted(companies: Sequence[UUID], day: date) -> list[CoverageCount]:
    """Counts by company and country; a company without staff has zeros at home. Three queries."""
    tiles = StatusTile.objects.filter(company__in=companies)
    heads = HeadCount.objects.filter(site__company__in=companies)
    found = sums_of(tiles, heads, on=day, by="company and country")
    homes = Company.objects.filter(pk__in=companies).values_list("pk", "organisation__country")
    for company, country in homes:
        found.setdefault((company, country or ""), (0,) * len(COUNTS))
    return [
        CoverageCount(company_id=company, country=country, counted_on=day, **dict(zip(COUNTS, counts, strict=True)))
        for (company, country), counts in sorted(found.items())
    ]
