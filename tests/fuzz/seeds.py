"""A small book with a row behind every id that the fuzzer may name, and a token of each role."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from django.db import IntegrityError, transaction

from members.scope import Role
from registry.kernel.errors import DomainError
from tests.contract.contract import Operation, admitted, operations
from tests.contract.places import Caller, Place, make_caller
from tests.contract.specimens.every import SPECIMENS

# Keys of bodies and queries that name rows, and the lists whose ids they take.
KEYS = {
    "company": "companies",
    "organisation": "organisations",
    "site": "sites",
    "membership": "code_memberships",
    "invoice": "invoices",
    "course": "courses",
    "staff_member": "staff",
    "into": "companies",
    "parent": "organisations",
    "user": "grants",
    "grant": "grants",
    "reporting_year": "reporting_years",
    "representative": "organisations",
    "subject": "reminders_occurrences",
    "group": "groups",
}


class Seeds:
    """Callers by role and ids by resource; `random` chooses among them."""

    def __init__(self) -> None:
        self.callers = {role: make_caller(role) for role in Role}
        self.ids: dict[str, list[str]] = {}
        for name, specimen in SPECIMENS.items():
            roles = sorted(admitted()[name] & {Role.SECRETARIAT, Role.COMPANY_EDITOR, Role.LCR})
            if specimen.row is None or not roles:
                continue
            # Of the secretariat's and of a company's own; both end in the same lists.
            for role in roles[:2]:
                # A row that can't stand beside those made before, such as a second open one, is left out.
                with suppress(IntegrityError, DomainError), transaction.atomic():
                    row = specimen.row(Place(self.callers[role]))
                    if row is not None:
                        self.ids.setdefault(_resource(operations()[name]), []).append(str(row.pk))

    def caller(self, operation: Operation, random: Random) -> Caller:
        """Mostly somebody who may."""
        roles = sorted(admitted()[operation.id]) if random.random() < 0.85 else sorted(Role)
        return self.callers[random.choice(roles)]

    def fill(self, case: Any, operation: Operation, random: Random) -> None:
        """Put real ids where the generator made some up, most of the time."""
        if case.path_parameters and "id" in case.path_parameters and random.random() < 0.85:
            known = self.ids.get(_resource(operation))
            if known:
                case.path_parameters["id"] = random.choice(known)
        for part in (case.query, case.body):
            self._fill(part, random)

    def _fill(self, part: Any, random: Random) -> None:
        if isinstance(part, list):
            for item in part[:5]:
                self._fill(item, random)
        elif isinstance(part, dict):
            for key in set(part) & set(KEYS):
                if (known := self.ids.get(KEYS[key])) and random.random() < 0.8:
                    part[key] = random.choice(known)


def _resource(operation: Operation) -> str:
    return operation.resource.replace("-", "_").replace("/", "_")
