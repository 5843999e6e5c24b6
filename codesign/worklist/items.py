"""The worklist itself: every piece of work of a caller, ranked, and a page of it with what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, UUIDField

from codesign.companies.models import Company, SignatoryClaim
from codesign.worklist.kinds import WorkKind, weight
from codesign.worklist.models import Snooze
from codesign.worklist.sources import COLUMNS, in_countries, kinds_of, rows_of, side_of
from members.countries.models import Country
from members.scope import Scope
from registry.kernel.compiled import Among, Compiled, Slot, kept

_KINDS = {kind.value: kind for kind in WorkKind}


class Work(NamedTuple):
    """One piece of work: what, about which row of which company, since when, until when, how pressing.

    The first four say its place in the list, so that thousands are sorted as plain tuples.
    """

    lightness: int
    waits_from: date
    kind: WorkKind
    number: int
    subject_id: UUID
    company_id: UUID | None
    since: date | None
    due_on: date | None

    @property
    def key(self) -> str:
        """Names it: `kind:id of the row`."""
        return f"{self.kind.value}:{self.subject_id}"

    @property
    def weight(self) -> int:
        """How pressing it is."""
        return -self.lightness


class About(NamedTuple):
    """Whom a piece of work is about: a company, or one that a claim names (no category then)."""

    name: str
    country_id: str
    category: str | None


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
    """Every piece of work of the caller on `on`: the weightiest first, of equals the one that waits longest.

    One statement, built once for each caller and day: building it costs many times what running it does.
    """
    wanted = tuple(kind for kind in kinds_of(scope) if not kinds or kind in kinds)
    shape = _Shape(wanted, bool(companies), bool(countries), everywhere, asleep)
    key = ("worklist", scope.user_id, scope.token_id, scope.hats, on, shape)
    statement = kept(key, lambda: _statement(scope, on, shape))
    rows = statement.rows(companies=list(companies), countries=list(countries)) if wanted else []
    return sorted(_work(on, *values) for values in rows)


class _Shape(NamedTuple):
    kinds: tuple[WorkKind, ...]
    of_companies: bool
    of_countries: bool
    everywhere: bool
    asleep: bool


def _statement(scope: Scope, on: date, shape: _Shape) -> Compiled:
    parts = [rows_of(kind, scope, on=on, everywhere=shape.everywhere, asleep=shape.asleep) for kind in shape.kinds]
    if shape.of_companies:
        parts = [part.filter(Among("work_company", Slot("companies", UUIDField()))) for part in parts]
    if shape.of_countries:
        here = Country.objects.filter(Among("pk", Slot("countries", CharField()))).values("pk")
        parts = [part.filter(in_countries(kind, here)) for kind, part in zip(shape.kinds, parts, strict=True)]
    first, *others = [part.values_list(*COLUMNS) for part in parts] or [Company.objects.none().values_list("pk")]
    return Compiled(first.union(*others, all=True) if others else first)


def _work(on: date, name: str, subject_id: UUID, company_id: UUID, since: Any, due_on: Any) -> Work:
    kind, since, due_on = _KINDS[name], _day(since), _day(due_on)
    lightness = -weight(kind, since=since, due_on=due_on, on=on)
    return Work(lightness, since or date.max, kind, subject_id.int, subject_id, company_id, since, due_on)


def _day(value: Any) -> date | None:
    """SQLite answers a union's later parts as text where the first part's column is a bare cast."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def counted(found: Sequence[Work]) -> dict[str, int]:
    """Pieces of work by kind, the kinds in the order of the list."""
    return dict(Counter(work.kind.value for work in found))


def about(found: Sequence[Work]) -> dict[str, About]:
    """Whom each piece of work of a page is about, by its key. One query, and one where there are claims."""
    rows = kept("companies of work", _companies).rows(keys=list({work.company_id for work in found if work.company_id}))
    companies = {key: About(*told) for key, *told in rows}
    claims = [work.subject_id for work in found if work.kind == WorkKind.CLAIM_TO_DECIDE]
    named = SignatoryClaim.objects.filter(pk__in=claims).values_list("pk", "name", "country_id") if claims else ()
    claimed = {key: About(name, country, None) for key, name, country in named}
    return {work.key: companies[work.company_id] if work.company_id else claimed[work.subject_id] for work in found}


def _companies() -> Compiled:
    rows = Company.objects.filter(Among("pk", Slot("keys", UUIDField())))
    return Compiled(rows.order_by().values_list("pk", "organisation__name", "organisation__country_id", "category"))


def put_off(found: Sequence[Work], scope: Scope, *, on: date) -> dict[str, Snooze]:
    """What a page of sleeping work was put off with, by its key. One query."""
    rows = Snooze.objects.asleep_on(on).filter(side=side_of(scope), subject_id__in={work.subject_id for work in found})
    return {f"{row.kind}:{row.subject_id}": row for row in rows}
