"""What a row would do: labelled against the register, tried out, and done. One chunk of rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError

from members.imports.columns import Column, Line, Use, read_line
from members.imports.kinds import Clash, Importer
from members.imports.lifecycle import RowLabel
from members.imports.register import Found, Meant, Register, codes
from members.organisations import actions as organisations
from members.organisations.models import Organisation
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import DomainError, Fault, Invalid
from registry.kernel.text import search_key

SURE = ("", "sourced")
UNKNOWN = Fault("organisation_id", "unknown_organisation", "There is no organisation of this id.")
SAME_ROW = "Row {} of this table is about the same; one of them is enough."


@dataclass
class Judgement:
    """What one row means. `fields`: what an update would write, by the names of the register."""

    line: Line
    values: dict[str, Any]
    label: RowLabel = RowLabel.CREATE
    key: str = ""
    faults: list[Fault] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    meant: Meant | None = None
    target: Any = None
    target_id: UUID | None = None
    target_version: int | None = None
    organisation_id: UUID | None = None
    is_new_organisation: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_uncertain(self) -> bool:
        """Whether its source leaves a doubt."""
        return self.values.get("confidence", "") not in SURE

    def refuse(self, label: RowLabel, *faults: Fault) -> Judgement:
        """The same row, not to be carried out."""
        self.label, self.changes, self.fields = label, {}, {}
        self.faults += faults
        return self


class Chunk:
    """Rows of one kind that are judged together, each against the register and those before it.

    `seen` tells which earlier row of the table has a key; `ours`: organisations that the same import made before,
    `likely_since` when it came, once its rows are planned; `countries`: of which a row may be, None: of any.
    """

    def __init__(
        self,
        importer: Importer,
        lines: Iterable[Line],
        *,
        at: datetime,
        ours: frozenset[UUID] = frozenset(),
        likely_since: datetime | None = None,
        seen: Callable[[str], int | None] = lambda key: None,
        countries: list[str] | None = None,
    ) -> None:
        self.importer, self.at, self.seen, self.countries = importer, at, seen, countries
        self.codes = codes()
        self.read = [(line, *read_line(line, importer.columns, self.codes)) for line in lines]
        meant = [importer.meant(values) for _, values, faults in self.read if not faults]
        asked = [each for each in meant if each]
        self.register = Register(asked, on=at.date(), ours=ours, likely_since=likely_since)
        self.held = list(
            importer.held(
                {values["id"] for _, values, _ in self.read if "id" in values},
                {key for each in meant if each and (key := self.register.exactly(each))},
                {values["name"] for _, values, _ in self.read if "name" in values},
            ).order_by("pk")
        )

    def judgements(self) -> Iterable[Judgement]:
        """Each row in its order; carry one out before the next is asked for."""
        for line, values, faults in self.read:
            judgement = Judgement(line, values)
            yield judgement.refuse(RowLabel.ERROR, *faults) if faults else self._judged(judgement)

    def carry_out(self, judgement: Judgement, *, actor: Actor) -> None:
        """Do what a row to create or to update says. Raises Clash, DomainError; then nothing of it is done."""
        importer, values, key = self.importer, judgement.values, judgement.organisation_id
        if judgement.is_new_organisation and importer.organisation_use is not Use.NEW:
            key = importer.register(values, judgement.line, actor=actor, at=self.at)
            if importer.organisation_use is Use.EDITABLE and judgement.label is RowLabel.UPDATE:
                judgement.fields["organisation_id"] = key
        self._name_too(key, judgement.line, actor)
        if judgement.label is RowLabel.CREATE:
            judgement.target = importer.create(values, key, actor=actor, at=self.at)
        else:
            judgement.target = importer.update(judgement.target, dict(judgement.fields), actor=actor, at=self.at)
        judgement.organisation_id = judgement.target.pk if importer.organisation_use is Use.NEW else key
        if judgement.is_new_organisation and judgement.meant and judgement.organisation_id:
            self.register.learn(judgement.organisation_id, judgement.meant)

    def refusal(self, judgement: Judgement, error: Exception) -> Judgement:
        """The row as it is labelled when carrying it out was refused."""
        if isinstance(error, Clash):
            return judgement.refuse(RowLabel.ERROR if error.is_error else RowLabel.CONFLICT, error.fault)
        if isinstance(error, Invalid):
            return judgement.refuse(RowLabel.ERROR, *(self._at_column(fault) for fault in error.faults))
        if isinstance(error, DomainError):
            return judgement.refuse(RowLabel.CONFLICT, Fault("", error.code, error.detail))
        return judgement.refuse(RowLabel.CONFLICT, Fault("", "conflict", "Another row stands against this."))

    # ── one row ───────────────────────────────────────────────────────────────────────────────

    def _judged(self, judgement: Judgement) -> Judgement:
        importer, values = self.importer, judgement.values
        if self.countries is not None and values.get("country") not in self.countries:
            beyond = Fault("country", "another_country", "Your mandate does not cover this country.")
            return judgement.refuse(RowLabel.ERROR, beyond)
        judgement.meant = importer.meant(values)
        if judgement.meant is None and importer.needs_organisation:
            missing = Fault("organisation", "required", "Name an organisation, or give its id.")
            return judgement.refuse(RowLabel.ERROR, missing)
        found = self._found(judgement.meant) if judgement.meant else Found()
        if found.fault:
            judgement.candidates = found.candidates
            return judgement.refuse(RowLabel.ERROR if found.is_error else RowLabel.CONFLICT, found.fault)
        judgement.organisation_id = found.id
        judgement.is_new_organisation = bool(judgement.meant) and found.id is None
        judgement.key = self._key(judgement)
        if earlier := self.seen(judgement.key):
            return judgement.refuse(RowLabel.ERROR, Fault("", "duplicate_row", SAME_ROW.format(earlier)))
        try:
            judgement.target = self._target(judgement)
        except Clash as clash:
            return self.refusal(judgement, clash)
        if judgement.target is None:
            judgement.changes = _as_json({name: [None, value] for name, value in values.items()})
            return judgement
        judgement.target_id, judgement.target_version = judgement.target.pk, judgement.target.version
        return self._compared(judgement)

    def _found(self, meant: Meant) -> Found:
        """The organisation meant; one of another country than the row may be of is as unknown as an absent one."""
        found = self.register.find(meant)
        if self.countries is None or found.id is None:
            return found
        is_near = Organisation.objects.filter(pk=found.id, country_id__in=self.countries).exists()
        return found if is_near else Found(fault=UNKNOWN, is_error=True)

    def _key(self, judgement: Judgement) -> str:
        known = judgement.organisation_id
        name = "|".join(str(part or "") for part in judgement.meant.key) if judgement.meant else ""
        return self.importer.key(judgement.values, (self.register.made.get(known) or str(known)) if known else name)

    def _target(self, judgement: Judgement) -> Any:
        """The row of the register that it is, by its id, else by what it is about. Raises Clash."""
        importer, values, key = self.importer, judgement.values, judgement.organisation_id
        if asked := values.get("id"):
            for row in self.held:
                if row.pk == asked:
                    return row
            raise Clash("id", "unknown_id", "There is no row of this id.", is_error=True)
        if key and importer.needs_organisation and key != self.register.exactly(judgement.meant or Meant()):
            # Found by likeness, so its rows were not read with the others.
            self.held += list(importer.held((), {key}, ()).exclude(pk__in=[row.pk for row in self.held]).order_by("pk"))
        elif key and importer.organisation_use is Use.NEW and all(row.pk != key for row in self.held):
            self.held += list(importer.held((), {key}, ()))
        return importer.pick([row for row in self.held if importer.belongs(row, key, values)], values, at=self.at)

    def _compared(self, judgement: Judgement) -> Judgement:
        """The row beside what the register holds: a match, an update, or a conflict where it can't be one."""
        faults = []
        for column in self.importer.columns:
            if column.use is Use.NEW or column.name not in judgement.values:
                continue
            before, after = self.importer.current(judgement.target, column), judgement.values[column.name]
            if _same(before, after):
                continue
            if column.use is Use.FIXED:
                faults.append(Fault(column.name, "differs", "The register has another value, which no import changes."))
            judgement.fields[column.held_as] = after
            judgement.changes[column.name] = [before, after]
        faults += self._other_organisation(judgement)
        judgement.changes = _as_json(judgement.changes)
        if faults:
            return judgement.refuse(RowLabel.CONFLICT, *faults)
        judgement.label = RowLabel.UPDATE if judgement.changes else RowLabel.MATCH
        judgement.is_new_organisation &= judgement.label is RowLabel.UPDATE
        return judgement

    def _other_organisation(self, judgement: Judgement) -> list[Fault]:
        use = self.importer.organisation_use
        if judgement.meant is None or use is Use.NEW:
            return []
        held = judgement.target.organisation_id
        if judgement.organisation_id == held and held is not None:
            return []
        if use is Use.FIXED:
            return [Fault("organisation", "differs", "The row of this id is about another organisation.")]
        judgement.fields["organisation_id"] = judgement.organisation_id
        judgement.changes["organisation"] = [held, judgement.meant.name or judgement.meant.id]
        return []

    def _name_too(self, organisation_id: UUID | None, line: Line, actor: Actor) -> None:
        """A further name that a published list knows it by."""
        name = line.more.get("further_name")
        if not name or organisation_id is None:
            return
        known = Organisation.objects.get(pk=organisation_id).names.current()
        if not known.filter(search_key=search_key(name)).exists():
            kind = line.more["further_kind"]
            organisations.add_name(organisation_id=organisation_id, text=name, kind=kind, actor=actor, at=self.at)

    def _at_column(self, fault: Fault) -> Fault:
        """A fault of an action at the column that it is about."""
        name = fault.pointer.lstrip("/").partition("/")[0]
        known = {column.name for column in self.importer.columns}
        return Fault(name if name in known else "", fault.code, fault.message)


# What carrying out may raise for one row, and the others go on.
REFUSALS = (Clash, DomainError, IntegrityError)


def _same(before: Any, after: Any) -> bool:
    if isinstance(after, str):
        return str(before or "").strip() == after
    if isinstance(after, list):
        # In any order; of identifiers the register may know more.
        return set(after) <= set(before) if after and isinstance(after[0], tuple) else sorted(before) == sorted(after)
    return bool(before == after)


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


__all__ = ["REFUSALS", "Chunk", "Column", "Judgement"]
