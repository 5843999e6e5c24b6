"""What the five kinds of import have in common: an organisation that a row means, and a row that it is or becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from members.imports import cells
from members.imports.columns import Column, Header, Line, Use, header_of
from members.imports.lifecycle import ImportKind
from members.imports.register import Meant
from members.organisations import actions as organisations
from members.organisations.models import OrganisationKind
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault

Values = dict[str, Any]

ID = Column("id", cells.key, Use.NEW)
# Who is meant; kind and website are for one that is registered along with the row.
ORGANISATION = (
    Column("organisation_id", cells.key, Use.NEW),
    Column("organisation", cells.name, Use.NEW),
    Column("organisation_kind", cells.choice(OrganisationKind), Use.NEW),
    Column("is_another", cells.truth, Use.NEW),
)


def sourced(use: Use) -> tuple[Column, ...]:
    """Where a row comes from and how sure it is."""
    texts = (("source", 2000), ("confidence", 60), ("note", 2000))
    return tuple(Column(name, cells.text(most), use) for name, most in texts)


class Clash(Exception):
    """The row stands against what the register has; `is_error`: whatever the register has, it can't be done."""

    def __init__(self, column: str, code: str, message: str, *, is_error: bool = False) -> None:
        super().__init__(message)
        self.fault, self.is_error = Fault(column, code, message), is_error


class Importer:
    """One kind of import. Actions of the capability below do what its rows say."""

    kind: ClassVar[ImportKind]
    model: ClassVar[type[Model]]
    columns: ClassVar[tuple[Column, ...]]
    shown: ClassVar[frozenset[str]] = frozenset()
    needed: ClassVar[tuple[tuple[str, ...], ...]]
    new_organisation_kind: ClassVar[str] = ""
    # Whether each row is about an organisation, and what another one than the register's means.
    needs_organisation: ClassVar[bool] = True
    organisation_use: ClassVar[Use] = Use.FIXED

    def header(self, given: Sequence[str]) -> Header:
        """Where the columns stand. Raises Invalid."""
        return header_of(given, self.columns, shown=self.shown, needed=self.needed)

    def meant(self, values: Values) -> Meant | None:
        """The organisation that the row means; None when it names none."""
        if not {"organisation", "organisation_id"} & values.keys():
            return None
        return Meant(
            id=values.get("organisation_id"),
            name=values.get("organisation", ""),
            country_id=values.get("organisation_country") or values.get("country"),
            website=values.get("website", ""),
            is_another=values.get("is_another", False),
        )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        """The register's rows that a chunk may mean."""
        rows = self.model._default_manager.all()
        return rows.filter(Q(pk__in=ids) | Q(organisation_id__in=organisation_ids))

    def belongs(self, row: Any, organisation_id: UUID | None, values: Values) -> bool:
        """Whether a row of `held` is about the same thing."""
        return row.organisation_id == organisation_id

    def pick(self, rows: list[Any], values: Values, *, at: datetime) -> Any:
        """Of the register's rows about the same thing the one that is meant; None for none. Raises Clash."""
        return rows[0] if rows else None

    def current(self, row: Any, column: Column) -> Any:
        """What the register holds in a column."""
        return getattr(row, column.held_as)

    def key(self, values: Values, organisation: str) -> str:
        """What makes two rows of a table the same."""
        return organisation

    def register(self, values: Values, line: Line, *, actor: Actor, at: datetime) -> UUID:
        """Register the new organisation that the row means; it keeps the row's source. Raises Clash."""
        kind = values.get("organisation_kind", self.new_organisation_kind)
        if not kind:
            message = "It is not in the register; say its kind to add it."
            raise Clash("organisation", "unknown_organisation", message, is_error=True)
        meant = self.meant(values)
        assert meant is not None
        return organisations.register(
            kind=kind,
            name=meant.name,
            country_id=meant.country_id,
            website=meant.website,
            source=line.more.get("organisation_source") or values.get("source", ""),
            confidence=line.more.get("organisation_confidence") or values.get("confidence", ""),
            note=values.get("note", ""),
            is_another=True,
            actor=actor,
            at=at,
        ).pk

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        """Do what a new row says."""
        raise NotImplementedError

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        """Do what a changed row says; `fields` by their names in the register."""
        raise NotImplementedError


def of(values: Values, *names: str) -> Values:
    """Those of the values that the row gives."""
    return {name: values[name] for name in names if name in values}
