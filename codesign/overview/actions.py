"""Keep the figures of companies for the day, by statement."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DateField, Q, UUIDField, Value

from codesign.companies.models import Company
from codesign.overview.figures import FIGURES, live, stale
from codesign.overview.models import CompanyOverview, CompanyTouch
from registry.kernel.compiled import Among, Compiled, Slot

CHUNK = 500
# The figures of one chunk are counted and written while nobody else does: the later count is the truer one.
_ALONE = "LOCK TABLE codesign_companyoverview IN SHARE ROW EXCLUSIVE MODE"


def refresh(*, on: date) -> int:
    """Count every company anew that was touched, or has no figures for `on`; how many. A transaction per chunk."""
    for_all = list(CompanyTouch.objects.filter(company_id=None).order_by("pk").values_list("pk", flat=True))
    keys = list(stale(Company.objects.all(), on=on).order_by("pk").values_list("pk", flat=True))
    count = _count(keys, on=on)
    gone = CompanyTouch.objects.exclude(company_id=None).exclude(company_id__in=Company.objects.values("pk"))
    CompanyTouch.objects.filter(Q(pk__in=for_all) | Q(pk__in=gone.values("pk"))).delete()
    return count


def recount(*, on: date) -> int:
    """Count every company anew, whatever is kept; how many differed (none, by promise)."""
    touched = set(CompanyTouch.objects.values_list("company_id", flat=True))
    before = {} if None in touched else {key: row for key, row in _kept(on) if key not in touched}
    _count(list(Company.objects.order_by("pk").values_list("pk", flat=True)), on=on)
    return sum(before.get(key, row) != row for key, row in _kept(on))


def _kept(on: date) -> list[tuple[UUID, tuple[object, ...]]]:
    rows = CompanyOverview.objects.filter(counted_on=on).order_by("pk").values_list("pk", *FIGURES)
    return [(row[0], row[1:]) for row in rows]


def _count(keys: list[UUID], *, on: date) -> int:
    if not keys:
        return 0
    figures = live(Company.objects.filter(Among("pk", Slot("keys", UUIDField()))).with_current(), on=on)
    columns = ("pk", "day", *FIGURES)
    statement = Compiled(figures.order_by().annotate(day=Value(on, DateField())).values_list(*columns))
    for start in range(0, len(keys), CHUNK):
        _write(statement, keys[start : start + CHUNK])
    return len(keys)


@transaction.atomic
def _write(statement: Compiled, keys: list[UUID]) -> None:
    """One chunk: what is in the log now is counted with it, what comes later stays in the log."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ALONE)
        touches = list(CompanyTouch.objects.filter(company_id__in=keys).order_by("pk").values_list("pk", flat=True))
        names = ["company_id", "counted_on", *FIGURES]
        changes = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        cursor.execute(
            f"INSERT INTO {CompanyOverview._meta.db_table} ({', '.join(names)}) {statement.sql} "
            f"ON CONFLICT (company_id) DO UPDATE SET {changes}",
            statement.bound({"keys": keys}),
        )
    CompanyTouch.objects.filter(pk__in=touches).delete()
