"""Who to train, by when and in which sessions, so that a day is at the target with the fewest people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Value, When

from codesign.training.figures import coverage
from codesign.training.kinds import TrainingStatus
from codesign.training.models import Requirement
from codesign.training.querysets import SMALLEST_SITE, own_rows
from codesign.training.rules import DAY, Rulebook, expiry
from codesign.training.smallest import Need, fewest_sessions, need
from codesign.training.tallies import Coverage, population
from members.scope import Scope

SEATS = 25
_DUE = frozenset({TrainingStatus.LAPSED.value, TrainingStatus.NEVER_TRAINED.value})
_COLUMNS = (
    "staff_member_id",
    "site_id",
    "site__name",
    "site__country_id",
    "role",
    "status",
    "first_day",
    "staff_member__reference",
    "staff_member__language",
    "is_own",
)


@dataclass(frozen=True, kw_only=True)
class Trainee:
    """Somebody to train. `reference` and `language` are None from outside.

    `train_from`: the first day whose training still counts on the day; `train_by`: the last day before the
    present one lapses, else the day itself.
    """

    id: UUID
    site_id: UUID
    site_name: str
    role: str
    status: str
    reference: str | None
    language: str | None
    train_from: date
    train_by: date


@dataclass(frozen=True, kw_only=True)
class Session:
    """People of one site and language; `number` sessions hold them. No site: of sites too small to name."""

    site_id: UUID | None
    site_name: str
    language: str | None
    people: int
    number: int
    train_by: date


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The fewest people. `before`: coverage of the day without them."""

    on: date
    target_share: Decimal
    before: Coverage
    need: Need
    trainees: list[Trainee]
    sessions: list[Session]

    @property
    def people(self) -> int:
        """How many to train."""
        return self.need.due + self.need.in_grace

    @property
    def after(self) -> Coverage:
        """Coverage of the day with them trained."""
        kept = ("in_scope", "in_grace", "valid", "unknown")
        named: dict[str, Any] = {name: getattr(self.before, name) or 0 for name in kept}
        named["valid"] += self.people
        named["in_grace"] -= self.need.in_grace
        return Coverage(**named, lapsed=0, never_trained=0)


def plan(scope: Scope, *, today: date, on: date, target: Decimal, seats: int = SEATS, **within: Any) -> Plan:
    """The fewest people to train between `today` and `on`, in the fewest sessions of `seats`. Six queries at most.

    `within`: company, site or country. Of people who do equally well, those who lapse first.
    """
    (before,) = coverage(scope, on=on, **within)
    due = (before.lapsed or 0) + (before.never_trained or 0)
    wanted = need(
        valid=before.valid or 0,
        denominator=before.denominator or 0,
        due=due,
        in_grace=before.in_grace or 0,
        target=target,
    )
    if not wanted.due:
        return Plan(on=on, target_share=target, before=before, need=wanted, trainees=[], sessions=[])
    statuses = _DUE | ({TrainingStatus.IN_GRACE.value} if wanted.in_grace else set())
    people = _Candidates(scope, today, on, statuses, within)
    chosen = people.chosen(wanted, seats)
    return Plan(
        on=on,
        target_share=target,
        before=before,
        need=wanted,
        trainees=people.shown(chosen),
        sessions=_sessions(people.grouped(chosen), seats),
    )


class _Candidates:
    """People who hold no valid training on the day, in the order in which they lose it. Three queries."""

    def __init__(self, scope: Scope, today: date, on: date, statuses: Iterable[str], within: dict[str, Any]) -> None:
        tiles, _ = population(scope, **within)
        day: Any = tiles.on(on)
        own = own_rows(scope, company="company", site="site")
        is_own = Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField())
        rows = day.filter(status__in=statuses).annotate(is_own=is_own).order_by("first_day", "staff_member")
        windows = _Windows(Requirement.objects.all().rulebook(), today, on)
        self._rows = [_trainee(row, windows, on) for row in rows.values_list(*_COLUMNS)]
        counted = day.order_by().values("site").annotate(n=Count("pk")).filter(n__gte=SMALLEST_SITE)
        self._shown = set(counted.values_list("site", flat=True))

    def chosen(self, wanted: Need, seats: int) -> list[Trainee]:
        """As many as are needed, by whole sessions."""
        in_grace = TrainingStatus.IN_GRACE.value
        groups: dict[Any, list[Trainee]] = defaultdict(list)
        coming: Counter[Any] = Counter()
        if wanted.in_grace:
            optional = [one for one in self._rows if one.status == in_grace]
            fixed = [one for one in self._rows if one.status != in_grace]
        else:
            optional, fixed = self._rows, []
        for one in fixed:
            coming[one.site_id, one.language] += 1
        for one in optional:
            groups[one.site_id, one.language].append(one)
        sizes = {key: (coming[key], len(groups.get(key, ()))) for key in {**groups, **coming}}
        taken = fewest_sessions(sizes, wanted=wanted.in_grace or wanted.due, seats=seats)
        return [*fixed, *(one for key, some in taken.items() for one in groups.get(key, ())[:some])]

    def shown(self, chosen: list[Trainee]) -> list[Trainee]:
        """Those whom the reader may see one by one, by when they must be trained."""
        seen = [one for one in chosen if one.reference is not None or one.site_id in self._shown]
        return sorted(seen, key=lambda one: (one.train_by, one.site_name, str(one.id)))

    def grouped(self, chosen: list[Trainee]) -> dict[tuple[Any, str, str | None], list[Trainee]]:
        """By site and language, as the reader may know them."""
        found: dict[tuple[Any, str, str | None], list[Trainee]] = defaultdict(list)
        for one in chosen:
            is_named = one.reference is not None or one.site_id in self._shown
            found[(one.site_id, one.site_name, one.language) if is_named else (None, "", None)].append(one)
        return found


def _trainee(row: tuple[Any, ...], windows: _Windows, on: date) -> Trainee:
    key, site, name, country, role, status, first_day, reference, language, is_own = row
    train_from = windows.first_day(role, country)
    lapses = first_day - DAY
    return Trainee(
        id=key,
        site_id=site,
        site_name=name,
        role=role,
        status=status,
        reference=reference if is_own else None,
        language=language if is_own else None,
        train_from=train_from,
        train_by=lapses if train_from <= lapses <= on else on,
    )


def _sessions(groups: dict[tuple[Any, str, str | None], list[Trainee]], seats: int) -> list[Session]:
    found = [
        Session(
            site_id=site,
            site_name=name,
            language=language,
            people=len(people),
            number=-(-len(people) // seats),
            train_by=min(one.train_by for one in people),
        )
        for (site, name, language), people in groups.items()
    ]
    return sorted(found, key=lambda one: (one.train_by, one.site_name, one.language or ""))


class _Windows:
    """The first day, from `today` on, whose full training still counts on the day; by role and country."""

    def __init__(self, book: Rulebook, today: date, on: date) -> None:
        self._book, self._today, self._on = book, today, on
        self._found: dict[tuple[str, str], date] = {}

    def first_day(self, role: str, country: str) -> date:
        key = (role, country)
        if key not in self._found:
            self._found[key] = self._searched(role, country)
        return self._found[key]

    def _searched(self, role: str, country: str) -> date:
        """Halving: a later training never ends earlier."""
        rule = self._book.at(role, country, self._on)
        low, high = self._today, self._on
        while rule and low < high:
            middle = low + (high - low) // 2
            if expiry(middle, rule) >= self._on:
                high = middle
            else:
                low = middle + DAY
        return low
