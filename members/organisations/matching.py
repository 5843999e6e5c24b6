"""Find the organisations that a name, a country and whatever else is known may mean.

Seven queries, whatever the size of the register; the comparison itself runs over at most 200 organisations.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from members.organisations.likeness import Asked, Judgement, Known, judge, ranked
from members.organisations.models import Activity, Identifier, NameWord, OrganisationName
from members.organisations.rules import checked, own_domain_of
from registry.kernel.search import lookup
from registry.kernel.search.rules import MAX_WORDS, words_of
from registry.kernel.text import search_key

if TYPE_CHECKING:
    from members.organisations.querysets import OrganisationQuerySet

COMPARED = 100


def asked_for(
    *, name: str, country_id: str | None = None, website: str = "", identifiers: Iterable[tuple[str, str]] = ()
) -> Asked:
    """What is looked for, folded. Raises Invalid for an identifier that is none of its scheme."""
    given = frozenset(checked(identifiers))
    domain = own_domain_of(website) or next((value for scheme, value in given if scheme == "domain"), "")
    return Asked(key=search_key(name), country_id=country_id, domain=domain, identifiers=given)


def candidates(rows: OrganisationQuerySet, asked: Asked, *, on: date) -> list[Judgement]:
    """Those of `rows` that it may be, the likeliest first. Nothing outside `rows` influences the answer."""
    ids = _plainly(rows, asked) | _by_words(rows, asked, on=on)
    return ranked(judge(asked, known) for known in _read(rows, ids, on=on))


def _plainly(rows: OrganisationQuerySet, asked: Asked) -> set[UUID]:
    """Those with the same name, identifier or domain, wherever they are."""
    same = Q(pk__in=OrganisationName.objects.current().squeezed(asked.key).values("organisation_id"))
    if asked.domain:
        same |= Q(domain=asked.domain)
    for scheme, value in sorted(asked.identifiers):
        bearers = Identifier.objects.filter(scheme=scheme, value=value)
        same |= Q(pk__in=bearers.values("organisation_id"))
    return set(rows.filter(same).order_by("pk").values_list("pk", flat=True)[:COMPARED])


def _by_words(rows: OrganisationQuerySet, asked: Asked, *, on: date) -> set[UUID]:
    """Those whose names share the most letters' worth of words, misspelt ones too, in that country or none."""
    spelt = {word: sorted(found.near) for word, found in lookup.find(words_of(asked.key)[:MAX_WORDS]).items()}
    spelt = {word: known for word, known in spelt.items() if known}
    if not spelt:
        return set()
    if asked.country_id:
        there = Activity.objects.on(on).filter(country_id=asked.country_id).values("organisation_id")
        rows = rows.filter(Q(country_id=asked.country_id) | Q(country_id=None) | Q(pk__in=there))
    worth = Case(
        *(When(word__in=known, then=Value(len(word))) for word, known in spelt.items()), output_field=IntegerField()
    )
    shared = NameWord.objects.filter(
        word__in=sorted({word for known in spelt.values() for word in known}),
        name__superseded_at=None,
        name__organisation__in=rows,
    )
    names = shared.order_by().values("name_id", "name__organisation_id").annotate(worth=Sum(worth))
    best = names.filter(worth__gte=sum(map(len, spelt)) / 3).order_by("-worth", "name_id")
    return set(best.values_list("name__organisation_id", flat=True)[:COMPARED])


def _read(rows: QuerySet, ids: set[UUID], *, on: date) -> list[Known]:
    found = {
        key: Known(id=key, display=name, country_id=country, domain=domain)
        for key, name, country, domain in rows.filter(pk__in=ids).values_list("pk", "name", "country_id", "domain")
    }
    belonging: dict[str, Any] = {"organisation_id__in": found}
    for key, text, kind in _rows(OrganisationName.objects.current(), belonging, "search_key", "kind"):
        found[key].names.append((text, kind))
    for key, scheme, value in _rows(Identifier.objects.all(), belonging, "scheme", "value"):
        found[key].identifiers.add((scheme, value))
    for key, country in _rows(Activity.objects.on(on), belonging, "country_id"):
        found[key].active_in.add(country)
    return list(found.values())


def _rows(queryset: QuerySet, belonging: dict[str, Any], *columns: str) -> QuerySet:
    return queryset.filter(**belonging).order_by("pk").values_list("organisation_id", *columns)
