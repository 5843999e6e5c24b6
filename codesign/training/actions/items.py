"""The answer to a list: one result per item, the good ones done although others are bad."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from registry.kernel.errors import Fault


class ItemStatus(TextChoices):
    """What became of one item of a list."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class ItemResult:
    """What became of the item at `index`; `id` is None for an error."""

    index: int
    status: ItemStatus
    id: UUID | None = None
    errors: tuple[Fault, ...] = field(default=())


def refused(index: int, name: str, code: str, message: str) -> ItemResult:
    """An error at the field `name` of one item. The message never repeats the value."""
    return ItemResult(index=index, status=ItemStatus.ERROR, errors=(Fault(f"/{index}/{name}", code, message),))


def in_order(results: Iterable[ItemResult]) -> list[ItemResult]:
    """The results as the list came."""
    return sorted(results, key=lambda result: result.index)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def day_in(zone: str, at: datetime) -> date:
    """The legal day at a site."""
    return at.astimezone(_zone(zone)).date()
