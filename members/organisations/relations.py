"""What points at an organisation, and how it moves when two rows turn out to be one body.

Every capability registers its own foreign keys in its module `merging`; a foreign key that nobody
registered fails a test. Keys to a row that *is* an organisation (its key is the organisation's) count too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from members.organisations.models import Organisation
from members.organisations.undoing import Journal

LISTED = 20


@dataclass(frozen=True)
class Relation:
    """A foreign key `field` of `model`, and what else is done where moving it is not all.

    `prepare` runs before anything moves, `finish` after all has moved. `ignored`: unique constraints that
    `prepare` sees to. `conflicts` finds what stands against it besides unique constraints. `stays`: it is not
    pointed at the other row, for a reason told where it is registered.
    """

    model: str
    field: str
    prepare: Callable[[Journal], None] | None = None
    finish: Callable[[Journal], None] | None = None
    conflicts: Callable[[UUID, UUID], list[dict[str, Any]]] | None = None
    ignored: frozenset[str] = frozenset()
    stays: bool = False

    @property
    def name(self) -> str:
        """`app.Model.field`."""
        return f"{self.model}.{self.field}"

    @property
    def rows(self) -> Any:
        """All rows of the model, whatever its default manager hides."""
        return apps.get_model(self.model)._base_manager


_registered: dict[str, Relation] = {}


def register(model: str, field: str, **how: Any) -> None:
    """Let `field` of `model` (`app.Model`) move with a merge."""
    relation = Relation(model, field, **how)
    _registered[relation.name] = relation


def registered() -> dict[str, Relation]:
    """All relations by name, in the order in which they move."""
    return dict(_registered)


def discover(package: str) -> None:
    """Import the module `merging` of every capability of a package, which registers its relations."""
    for capability in iter_modules(import_module(package).__path__, f"{package}."):
        if capability.ispkg and find_spec(f"{capability.name}.merging"):
            import_module(f"{capability.name}.merging")


def foreign_keys() -> Iterator[str]:
    """Every foreign key of the register that leads to an organisation, as `app.Model.field`."""
    targets: set[type[models.Model]] = {Organisation}
    tables = apps.get_models(include_auto_created=True)
    targets |= {table for table in tables if getattr(table._meta.pk, "related_model", None) is Organisation}
    for table in tables:
        for field in table._meta.concrete_fields:
            if field.related_model in targets:
                yield f"{table._meta.label}.{field.name}"


def conflicts(source: UUID, target: UUID) -> list[dict[str, Any]]:
    """What keeps the two from being one: rows of both that exclude each other."""
    found = []
    for relation in _registered.values():
        if not relation.stays:
            found += [
                {"relation": relation.name, "code": name, "rows": keys}
                for name, keys in _clashes(relation, source, target)
            ]
        if relation.conflicts:
            found += relation.conflicts(source, target)
    return found


def move_all(journal: Journal) -> None:
    """Move every relation from the source to the target of a merge."""
    moving = [relation for relation in _registered.values() if not relation.stays]
    for relation in _registered.values():
        if relation.prepare:
            relation.prepare(journal)
    for relation in moving:
        journal.move(relation.model, relation.field)
    for relation in reversed(_registered.values()):
        if relation.finish:
            relation.finish(journal)


def _clashes(relation: Relation, source: UUID, target: UUID) -> Iterator[tuple[str, list[str]]]:
    """Unique constraints that moving would break, with the rows of the source concerned."""
    for constraint in apps.get_model(relation.model)._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or constraint.name in relation.ignored:
            continue
        if relation.field not in constraint.fields:
            continue
        counted = constraint.condition or Q()
        twin = {name: OuterRef(name) for name in constraint.fields if name != relation.field}
        theirs = relation.rows.filter(counted, **{relation.field: target}, **twin)
        ours = relation.rows.filter(counted, Exists(theirs), **{relation.field: source}).order_by("pk")
        if keys := [str(key) for key in ours.values_list("pk", flat=True)[:LISTED]]:
            yield constraint.name, keys
