"""Keep the rows of the company list for the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, UUIDField

from codesign.companies.models import Company, CompanyTouch
from codesign.overview.figures import FILTERED, live, stale
from codesign.overview.models import CompanyOverview
from codesign.training.actions import counting
from registry.kernel.compiled import Among, Compiled, Slot

CHUNK = 500
# The rows of one chunk are counted and written while nobody else does: the later count is the truer one.
_ALONE = "LOCK TABLE codesign_companyoverview IN SHARE ROW EXCLUSIVE MODE"
_COLUMNS = ("company_id", "counted_on", *FILTERED, "shown", "shown_as")
Texts = Callable[[list[tuple[Any, ...]]], list[str]]


def refresh(*, on: date, columns: tuple[str, ...], texts: Texts, mark: str) -> int:
    """Make every row anew that is not fresh on `on`; how many. A transaction for each chunk of companies.

    `columns` are what `texts` makes the JSON of rows from; `mark` names that way of making it.
    """
    for_all = list(CompanyTouch.objects.filter(company_id=None).order_by("pk").values_list("pk", flat=True))
    keys = list(stale(Company.objects.all(), on=on, mark=mark).order_by("pk").values_list("pk", flat=True))
    if keys:
        figures = live(Company.objects.filter(Among("pk", Slot("keys", UUIDField()))).with_current(), on=on)
        read = Compiled(figures.order_by().values_list("pk", *map(F, FILTERED), *columns))
        for start in range(0, len(keys), CHUNK):
            _write(read, keys[start : start + CHUNK], on=on, texts=texts, mark=mark)
    counting.complete(on=on)
    gone = CompanyTouch.objects.exclude(company_id=None).exclude(company_id__in=Company.objects.values("pk"))
    CompanyTouch.objects.filter(Q(pk__in=for_all) | Q(pk__in=gone.values("pk"))).delete()
    return len(keys)


def recount(*, on: date, columns: tuple[str, ...], texts: Texts, mark: str) -> int:
    """Make every row anew, whatever is kept; how many fresh ones differed (none, by promise)."""
    stale_keys = set(stale(Company.objects.all(), on=on, mark=mark).values_list("pk", flat=True))
    before = {key: shown for key, shown in _shown() if key not in stale_keys}
    CompanyOverview.objects.update(shown_as="")
    refresh(on=on, columns=columns, texts=texts, mark=mark)
    return sum(before.get(key, shown) != shown for key, shown in _shown())


def _shown() -> list[tuple[UUID, str]]:
    return list(CompanyOverview.objects.order_by("pk").values_list("pk", "shown"))


@transaction.atomic
def _write(read: Compiled, keys: list[UUID], *, on: date, texts: Texts, mark: str) -> None:
    """One chunk: what is in the log now is counted with it, what comes later stays in the log."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ALONE)
        touches = list(CompanyTouch.objects.filter(company_id__in=keys).order_by("pk").values_list("pk", flat=True))
        found = read.plain_rows(keys=keys)
        width = 1 + len(FILTERED)
        shown = texts([values[width:] for values in found])
        day = connection.ops.adapt_datefield_value(on)
        changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
        cursor.executemany(
            f"INSERT INTO {CompanyOverview._meta.db_table} ({', '.join(_COLUMNS)}) "  # noqa: S608
            f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) ON CONFLICT (company_id) DO UPDATE SET {changes}",
            [
                (_key(values[0]), day, *map(_value, values[1:width]), text, mark)
                for values, text in zip(found, shown, strict=True)
            ],
        )
        counting.count(keys, on=on)
    CompanyTouch.objects.filter(pk__in=touches).delete()


def _key(key: Any) -> Any:
    return UUIDField().get_db_prep_value(key, connection)


def _value(value: Any) -> Any:
    """A share as the engine takes it."""
    return value if value is None or isinstance(value, str) else str(value)
