"""How an organisation's own names, identifiers, countries and parents move when it is merged into another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from members.organisations.models import Activity, Identifier, NameKind, Organisation, OrganisationName, Parentage
from members.organisations.naming import write_name
from members.organisations.relations import register
from members.organisations.rules import SINGLE
from members.organisations.undoing import Journal


def _official_becomes_alias(journal: Journal) -> None:
    """Only one name can be the official one: the source's stays findable as an alias."""
    at = journal.merge.merged_at
    for name in OrganisationName.objects.current().filter(
        organisation=journal.source, kind=NameKind.OFFICIAL, valid_until=None
    ):
        journal.change(name, superseded_at=at)
        journal.created(write_name(journal.source, name.text, NameKind.ALIAS, name.language, name.valid_from, at=at))


def _same_countries_once(journal: Journal) -> None:
    """What both say of one country is held once: as the target says it."""
    for held in Activity.objects.current().filter(
        Exists(Activity.objects.current().filter(organisation=journal.target, country=OuterRef("country"))),
        organisation=journal.source,
    ):
        journal.change(held, superseded_at=journal.merge.merged_at)


def _forget_links_between(journal: Journal) -> None:
    """Superseded links between the two would point from the target to itself."""
    between = Q(child=journal.source, parent=journal.target) | Q(child=journal.target, parent=journal.source)
    for link in Parentage.objects.filter(between).order_by("pk"):
        journal.delete(link)


def _two_of_a_single_scheme(source: UUID, target: UUID) -> list[dict[str, Any]]:
    single = Identifier.objects.filter(scheme__in=sorted(SINGLE))
    both = single.filter(Exists(single.filter(organisation=target, scheme=OuterRef("scheme"))), organisation=source)
    keys = [str(key) for key in both.order_by("pk").values_list("pk", flat=True)]
    relation = "members.Identifier.organisation"
    return [{"relation": relation, "code": "two_identifiers", "rows": keys}] if keys else []


def _unlisted_into_listed(source: UUID, target: UUID) -> list[dict[str, Any]]:
    """Names move: those of an organisation that is hidden for its safety would show on a listed one."""
    hidden = Organisation.objects.filter(pk=source, is_listed=False)
    shown = Organisation.objects.filter(pk=target, is_listed=True)
    if hidden.exists() and shown.exists():
        return [{"relation": "members.Organisation.is_listed", "code": "unlisted_into_listed", "rows": [str(source)]}]
    return []


register(
    "members.OrganisationName",
    "organisation",
    prepare=_official_becomes_alias,
    conflicts=_unlisted_into_listed,
    ignored=frozenset({"organisation_one_official_name"}),
)
register("members.Identifier", "organisation", conflicts=_two_of_a_single_scheme)
register(
    "members.Activity",
    "organisation",
    prepare=_same_countries_once,
    ignored=frozenset({"activity_one_open_per_country"}),
)
register("members.Parentage", "child", prepare=_forget_links_between)
register("members.Parentage", "parent")
# An earlier merge into the source leads on to the target: a redirect is never longer than one step.
register("members.Organisation", "merged_into")
# What happened stays as it happened.
register("members.Merge", "source", stays=True)
register("members.Merge", "target", stays=True)
