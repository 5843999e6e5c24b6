"""Organisations that rows may mean although their names differ by a letter: judged as at the door, for a whole chunk.

The door looks for one name with seven queries; a table has hundreds. Here the names of the countries concerned
are read once (five queries), thinned by RapidFuzz, and what is left is judged by the same `likeness`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz, process

from members.organisations.likeness import CHOSEN_FROM, Asked, Judgement, Known, core, judge, ranked
from members.organisations.models import Activity, Identifier, NameKind, Organisation, OrganisationName

# A name is judged at most 0.97 of how alike it is spelt: below this it can't reach CHOSEN_FROM.
SPELT_FROM = 100 * CHOSEN_FROM / 0.97 - 1
MOST = 20


@dataclass
class _Names:
    """Names of one country, in two spellings that are compared: without blanks, and with the words in order."""

    squeezed: list[str] = field(default_factory=list)
    sorted: list[str] = field(default_factory=list)
    bearers: list[UUID] = field(default_factory=list)

    def add(self, key: str, bearer: UUID) -> None:
        self.squeezed.append(_squeezed(key))
        self.sorted.append(_sorted(key))
        self.bearers.append(bearer)

    def near(self, key: str) -> set[UUID]:
        found = set()
        for text, names in ((_squeezed(key), self.squeezed), (_sorted(key), self.sorted)):
            near = process.extract(text, names, scorer=fuzz.ratio, score_cutoff=SPELT_FROM, limit=MOST)
            found |= {self.bearers[place] for _, _, place in near}
        return found


class Likely:
    """The organisations that a chunk of rows may mean. `since`: those alone that are in the register since then."""

    def __init__(
        self, wanted: Iterable[Asked], *, on: date, without: frozenset[UUID], since: datetime | None = None
    ) -> None:
        self.known: dict[UUID, Known] = {}
        self.names: dict[str | None, _Names] = defaultdict(_Names)
        self.domains: dict[str, set[UUID]] = defaultdict(set)
        self.identifiers: dict[tuple[str, str], set[UUID]] = defaultdict(set)
        rows = _concerned(list(wanted), on)
        if since is not None:
            rows = rows.filter(created_at__gte=since)
        self._read(rows, without, on)

    def find(self, asked: Asked) -> list[Judgement]:
        """Those that are certainly or very likely meant, the likeliest first."""
        near = set(self.domains.get(asked.domain, ())) if asked.domain else set()
        for identifier in asked.identifiers:
            near |= self.identifiers.get(identifier, set())
        places = [asked.country_id, None] if asked.country_id else list(self.names)
        for place in places:
            if place in self.names:
                near |= self.names[place].near(asked.key)
        judged = ranked(judge(asked, self.known[key]) for key in near)
        return [each for each in judged if each.is_certain or each.score >= CHOSEN_FROM]

    def add(self, known: Known) -> None:
        """Know one more."""
        self.known[known.id] = known
        for place in {known.country_id, *known.active_in}:
            for key, kind in known.names:
                if kind != NameKind.ACRONYM:
                    self.names[place].add(key, known.id)
        if known.domain:
            self.domains[known.domain].add(known.id)
        for identifier in known.identifiers:
            self.identifiers[identifier].add(known.id)

    def _read(self, rows: QuerySet, without: frozenset[UUID], on: date) -> None:
        columns = rows.order_by("pk").values_list("pk", "name", "country_id", "domain")
        found = {
            key: Known(id=key, display=n, country_id=c, domain=d) for key, n, c, d in columns if key not in without
        }
        belonging: dict[str, Any] = {"organisation__in": rows.values("pk")}
        for key, *name in _of(OrganisationName.objects.current(), belonging, "search_key", "kind"):
            if key in found:
                found[key].names.append((name[0], name[1]))
        for key, *identifier in _of(Identifier.objects.all(), belonging, "scheme", "value"):
            if key in found:
                found[key].identifiers.add((identifier[0], identifier[1]))
        for key, country in _of(Activity.objects.on(on), belonging, "country_id"):
            if key in found:
                found[key].active_in.add(country)
        for known in found.values():
            self.add(known)


def _concerned(wanted: list[Asked], on: date) -> QuerySet:
    """Organisations at home or at work in the countries of the rows or in none, or with their domain or identifier."""
    rows = Organisation.objects.standing()
    if any(asked.country_id is None for asked in wanted):
        return rows
    countries = {asked.country_id for asked in wanted}
    there = Activity.objects.on(on).filter(country_id__in=countries).values("organisation_id")
    values = {value for asked in wanted for _, value in asked.identifiers}
    bearers = Identifier.objects.filter(value__in=values).values("organisation_id")
    domains = {asked.domain for asked in wanted if asked.domain}
    near = Q(country_id__in=countries) | Q(country_id=None) | Q(pk__in=there)
    return rows.filter(near | Q(domain__in=domains) | Q(pk__in=bearers))


def _of(queryset: QuerySet, belonging: dict[str, Any], *columns: str) -> QuerySet:
    return queryset.filter(**belonging).order_by("pk").values_list("organisation_id", *columns)


def _squeezed(key: str) -> str:
    return core(key).replace(" ", "")


def _sorted(key: str) -> str:
    return " ".join(sorted(core(key).split()))
