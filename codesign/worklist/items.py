"""The worklist itself: every piece of work of a caller, ranked, and a page of it with what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from codesign.companies.models import Company
from codesign.worklist.kinds import WorkKind, age_days, weight
from codesign.worklist.models import Snooze
from codesign.worklist.sources import COLUMNS, kinds_of, rows_of, side_of
from members.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Work:
    """One piece of work: what, about which row of which company, since when, until when, how pressing."""

    kind: WorkKind
    subject_id: UUID
    company_id: UUID
    since: date | None
    due_on: date | None
    age_days: int | None
    weight: int

    @property
    def key(self) -> str:
        """Names it: `kind:id of the row`."""
        return f"{self.kind.value}:{self.subject_id}"

    @property
    def rank(self) -> tuple[int, date, str]:
        """The order of the list: the weightiest first, of equals the one that waits longest."""
        return -self.weight, self.since or date.max, self.key


@dataclass(frozen=True, kw_only=True)
class About:
    """What is told of a company beside its work."""

    name: str
    country_id: str
    category: str


def worklist(
    scope: Scope,
    *,
    on: date,
    kinds: Sequence[WorkKind] = (),
    companies: Sequence[UUID] = (),
    countries: Sequence[str] = (),
    everywhere: bool = False,
    asleep: bool = False,
) -> list[Work]:
    """Every piece of work of the caller on `on`, in order. One statement, and one for the target of training."""
    wanted = [kind for kind in kinds_of(scope) if not kinds or kind in kinds]
    parts = [rows_of(kind, scope, on=on, everywhere=everywhere, asleep=asleep) for kind in wanted]
    if companies:
        parts = [part.filter(work_company__in=companies) for part in parts]
    if countries:
        here = Company.objects.filter(organisation__country__in=countries).values("pk")
        parts = [part.filter(work_company__in=here) for part in parts]
    if not parts:
        return []
    first, *others = [part.values_list(*COLUMNS) for part in parts]
    found = first.union(*others, all=True) if others else first
    return sorted((_work(on, *values) for values in found), key=lambda work: work.rank)


def _work(on: date, kind: str, subject_id: UUID, company_id: UUID, since: Any, due_on: Any) -> Work:
    which = WorkKind(kind)
    since, due_on = _day(since), _day(due_on)
    return Work(
        kind=which,
        subject_id=subject_id,
        company_id=company_id,
        since=since,
        due_on=due_on,
        age_days=age_days(since, on),
        weight=weight(which, since=since, due_on=due_on, on=on),
    )


def _day(value: Any) -> date | None:
    """SQLite answers a union's later parts as text where the first part's column is a bare cast."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def counted(found: Sequence[Work]) -> dict[str, int]:
    """Pieces of work by kind, the kinds in the order of the list."""
    return dict(Counter(work.kind.value for work in found))


def about(found: Sequence[Work]) -> dict[UUID, About]:
    """The companies of a page. One query."""
    rows = Company.objects.filter(pk__in={work.company_id for work in found})
    columns = rows.values_list("pk", "organisation__name", "organisation__country_id", "category")
    return {key: About(name=name, country_id=country, category=category) for key, name, country, category in columns}


def put_off(found: Sequence[Work], scope: Scope, *, on: date) -> dict[str, Snooze]:
    """What a page of sleeping work was put off with, by its key. One query."""
    rows = Snooze.objects.asleep_on(on).filter(side=side_of(scope), subject_id__in={work.subject_id for work in found})
    return {f"{row.kind}:{row.subject_id}": row for row in rows}
