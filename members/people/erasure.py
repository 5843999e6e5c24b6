"""What it takes to forget a person: the places that hold something of one, and the tombstones that outlive it.

Each package names its own places, once, when the program starts. Erasing finds a person's rows in all of
them, empties these and keeps a salted hash of each id; after a restore the same hashes find the same rows.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from members.people.models import ErasureLedger


@dataclass(frozen=True)
class Subject:
    """Whom to forget. `within`: organisations whose word counts; None for the secretariat, whose word counts in all."""

    person_id: UUID
    emails: frozenset[str]
    within: frozenset[UUID] | None


@dataclass(frozen=True)
class Place:
    """A table with something of people in it.

    `of` finds the rows of a subject, None where no person of the network is known; `empty` takes away all that is
    personal in the rows of these ids;
    `columns` hold names, addresses and numbers in the clear. Rows whose id is in the ledger are emptied again.
    """

    name: str
    rows: Callable[[], QuerySet]
    of: Callable[[Subject], QuerySet] | None
    empty: Callable[[Collection[UUID], datetime], None]
    columns: tuple[str, ...]

    def texts(self, ids: Collection[UUID]) -> set[str]:
        """What stands in the personal columns of these rows."""
        found = self.rows().filter(pk__in=ids).values_list(*self.columns)
        return {text for row in found for text in row if text}


_PLACES: dict[str, Place] = {}


def register(place: Place) -> None:
    """Name a place; once, when the program starts."""
    _PLACES[place.name] = place


def places() -> tuple[Place, ...]:
    """Every place that was named."""
    return tuple(_PLACES.values())


def digest_of(salt: str, place: str, key: UUID) -> str:
    """The hash under which an erased row stands in the ledger."""
    return hashlib.sha256(f"{salt}:{place}:{key}".encode()).hexdigest()


def remember(erased: Iterable[tuple[str, UUID]], *, at: datetime) -> list[ErasureLedger]:
    """Put tombstones for (place, id) into the ledger. One salt serves the whole register: ids can't be guessed."""
    salt = ErasureLedger.objects.order_by("erased_at", "pk").values_list("salt", flat=True).first()
    salt = salt or secrets.token_hex(16)
    rows = [
        ErasureLedger(place=place, salt=salt, digest=digest_of(salt, place, key), erased_at=at) for place, key in erased
    ]
    ErasureLedger.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def recognised(place: Place) -> dict[datetime, list[UUID]]:
    """Ids of rows in `place` that were erased once and have come back, by the moment of the erasure. Two queries."""
    known: dict[str, dict[str, datetime]] = {}
    tombstones = ErasureLedger.objects.filter(place=place.name)
    for salt, digest, moment in tombstones.values_list("salt", "digest", "erased_at"):
        known.setdefault(salt, {})[digest] = moment
    found: dict[datetime, list[UUID]] = {}
    keys: Any = place.rows().order_by("pk").values_list("pk", flat=True) if known else ()
    for key in keys:
        for salt, digests in known.items():
            if erased_at := digests.get(digest_of(salt, place.name, key)):
                found.setdefault(erased_at, []).append(key)
    return found
