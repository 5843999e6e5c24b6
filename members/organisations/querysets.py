"""Questions about organisations: who may see them, how they are found, what belongs to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q

from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.facts import DatedQuerySet
from registry.kernel.search import lookup
from registry.kernel.search.rules import MAX_WORDS, words_of
from registry.kernel.text import search_key

# What makes an organisation public: relations of higher capabilities, each of whose querysets answers
# `public_on(day)`. They are named, not imported, because nothing points upward.
PUBLIC_BY = (
    "network_memberships",
    "participations",
    "channels",
    "assemblies",
    "initiative_roles",
    "trainings_given",
    "training_partnerships",
    "company",
)

_TREE = """
WITH RECURSIVE tree(id) AS (
    SELECT id FROM members_organisation WHERE id IN ({ids})
    UNION
    SELECT link.child_id FROM members_parentage link JOIN tree ON link.parent_id = tree.id
    WHERE link.superseded_at IS NULL
      AND (link.valid_from IS NULL OR link.valid_from <= %s)
      AND (link.valid_until IS NULL OR link.valid_until >= %s)
)
SELECT id FROM tree
"""


def squeezed() -> models.Func:
    """A folded text without its blanks; there is an index on it, which literals find and parameters would not."""
    return models.Func("search_key", template="REPLACE(%(expressions)s, ' ', '')", output_field=models.TextField())


class OrganisationQuerySet(models.QuerySet):
    """Questions about organisations."""

    def standing(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into=None)

    def visible_to(self, scope: Scope) -> Self:
        """What the caller's hats admit, merged ones left out; readers of totals see no row at all."""
        if scope.wears(*OVERSIGHT):
            return self.standing()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        seen = self._public(scope.day) | Q(pk__in=scope.organisations())
        if scope.wears(Role.LCR):
            seen |= Q(country_id__in=scope.countries)
        if scope.wears(Role.MEMBER_GROUP):
            seen |= self._of_regions(scope.organisations(Role.MEMBER_GROUP), scope.day)
        return self.standing().filter(seen)

    def _public(self, day: date) -> Q:
        """Asked row by row: else each list of all that are public would be made first."""
        reasons = Q()
        for relation in PUBLIC_BY:
            reasons |= Q(Exists(self._related(relation).public_on(day).filter(organisation_id=OuterRef("pk"))))
        return Q(is_listed=True) & reasons

    def _of_regions(self, own: Iterable[UUID], day: date) -> Q:
        memberships = self._related("network_memberships")
        return Q(pk__in=memberships.in_regions_of(own, on=day).values("organisation_id"))

    def _related(self, relation: str) -> Any:
        return self.model._meta.get_field(relation).related_model._default_manager

    def hold_demo_rows(self) -> bool:
        """Whether invented organisations are among them. One query."""
        return self.filter(is_demo=True).exists()

    def own_of(self, scope: Scope) -> Self:
        """Those that the caller keeps: everything for the secretariat, else the own organisation and its tree."""
        if scope.wears(Role.SECRETARIAT):
            return self.standing()
        return self.standing().filter(pk__in=scope.organisations(*COMPANY_ROLES, Role.MEMBER_GROUP, Role.STOP_PARTNER))

    def reached_by(self, scope: Scope) -> Self:
        """Those whose contacts the caller keeps: own ones, and for a representative those of its countries."""
        if scope.wears(Role.SECRETARIAT):
            return self.standing()
        return self.standing().filter(Q(pk__in=scope.organisations()) | Q(country_id__in=scope.countries))

    def found_by(self, text: str) -> Self:
        """Those with every word of `text` in one of their names, past ones included.

        Accents, case and a letter or two are forgiven. One query at once, for the words as they are spelt.
        """
        words = words_of(search_key(text))[:MAX_WORDS]
        if not words:
            return self.none()
        spelt, found = lookup.find(words), self
        for word in words:
            names = self._related("names").current()
            names = names.bearing(spelt[word].both) if word in spelt else names.with_word_from(word)
            found = found.filter(pk__in=names.values("organisation_id"))
        return found

    def named(self, text: str, *, country_id: str | None) -> Self:
        """Those of that country that bear exactly this name, once folded, now or earlier."""
        names = self._related("names").current().squeezed(search_key(text)).filter(search_key=search_key(text))
        return self.standing().filter(pk__in=names.values("organisation_id"), country_id=country_id)

    def tree_of(self, ids: Iterable[UUID], on: date) -> set[UUID]:
        """`ids` and all that belong to them, however indirectly, on that day. One query."""
        return self.tree_between(ids, on, on)

    def tree_between(self, ids: Iterable[UUID], start: date | None, end: date | None) -> set[UUID]:
        """`ids` and all that hang below them by links that each touch the period; None is an open end."""
        keys = list(ids)
        if not keys:
            return set()
        connection = connections[self.db]
        key_field = self.model._meta.pk
        sql = _TREE.format(ids=", ".join(["%s"] * len(keys)))
        values = [key_field.get_db_prep_value(key, connection) for key in keys]
        days = [connection.ops.adapt_datefield_value(day) for day in (end or LATEST, start or EARLIEST)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, *days])
            # SQLite answers the UUID as text.
            return {key if isinstance(key, UUID) else UUID(key) for (key,) in cursor.fetchall()}


class OrganisationNameQuerySet(DatedQuerySet):
    """Questions about names."""

    def bearing(self, words: Iterable[str]) -> Self:
        """Names that hold any of the words; one that holds several comes several times."""
        return self.filter(words__word__in=words)

    def with_word_from(self, beginning: str) -> Self:
        """Names that hold a word with this beginning; one that holds several comes several times."""
        return self.filter(words__word__range=lookup.beginning_with(beginning))

    def squeezed(self, key: str) -> Self:
        """Names that are the folded text once blanks are left out: `don t look` is `dont look`."""
        return self.alias(bare=squeezed()).filter(bare=key.replace(" ", ""))


class ParentageQuerySet(DatedQuerySet):
    """Questions about who belongs to whom."""

    def lock_all(self) -> None:
        """Let one writer at a time change parents, or two could close a ring between them.

        SQLite has one writer anyway.
        """
        connection = connections[self.db]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE members_parentage IN SHARE ROW EXCLUSIVE MODE")

    def with_parent_seen_by(self, scope: Scope) -> Self:
        """Links whose parent the caller may see."""
        organisations = self.model._meta.get_field("parent").related_model.objects
        # Asked row by row: a list of all that is visible would be made first on SQLite.
        return self.filter(Exists(organisations.visible_to(scope).filter(pk=OuterRef("parent_id"))))

    def below(self, root: UUID, *, on: date) -> set[UUID]:
        """Children, their children and so on of one organisation, by these links of that day alone. Two queries."""
        organisations = self.model._meta.get_field("parent").related_model.objects
        children = defaultdict(list)
        for parent, child in self.filter(parent__in=organisations.tree_of([root], on)).values_list("parent", "child"):
            children[parent].append(child)
        found, waiting = set(), [root]
        while waiting:
            new = [child for child in children[waiting.pop()] if child not in found]
            found.update(new)
            waiting += new
        return found
