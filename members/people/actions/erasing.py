"""Erase a person everywhere, and again after a restore. What is left says that somebody was, never who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from members.people import erasure, ledger, remains
from members.people.actions.people import expected
from members.people.erasure import Place, Subject
from members.people.models import Contact, ErasureLedger, Person, PersonRole
from members.people.querysets import ContactQuerySet
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused


@dataclass(frozen=True)
class Erased:
    """What an erasure took away: rows by place, and stored answers that would have shown the person."""

    person_id: UUID
    erased_at: datetime
    rows: dict[str, int]
    stored_answers: int
    roles_kept: int


@transaction.atomic
def erase(
    *, person_id: UUID, within: frozenset[UUID] | None, expected_version: int | None = None, actor: Actor, at: datetime
) -> Erased:
    """Take a person away for good, with name, addresses and log-in; roles stay, without the person, and have ended.

    `within`: organisations that the caller speaks for, None for all. Raises Refused (`held_elsewhere`).
    """
    person = expected(person_id, expected_version)
    if within is not None and person.roles.unended(at.date()).exclude(organisation_id__in=within).exists():
        raise Refused("Another organisation keeps this person too: ask the secretariat.", code="held_elsewhere")
    emails = person.contacts.exclude(email="").order_by("pk").values_list("email", flat=True)
    subject = Subject(person_id, frozenset(email.lower() for email in emails), within)
    found = {
        place: sorted(place.of(subject).values_list("pk", flat=True))
        for place in erasure.places()
        if place.of is not None
    }
    roles_kept = person.roles.filter(valid_from__lte=at.date()).count()
    answers = _forget(found, at=at)
    rows = {place.name: len(ids) for place, ids in found.items()}
    record("people.erase", person, actor=actor, at=at, changes={"rows": [rows, None]})
    _remember(found, at=at)
    return Erased(person_id, at, rows, answers, roles_kept)


@transaction.atomic
def reapply(*, actor: Actor) -> Counter[str]:
    """Erase again whatever a restore has brought back; how many rows by place. The day of each erasure stays."""
    ledger.merge()
    counts: Counter[str] = Counter()
    returned: dict[datetime, dict[Place, list[UUID]]] = {}
    for place in erasure.places():
        counts[place.name] = 0
        for moment, ids in erasure.recognised(place).items():
            returned.setdefault(moment, {})[place] = ids
            counts[place.name] += len(ids)
    transaction.on_commit(partial(_settle, ()), robust=True)
    for moment, found in sorted(returned.items()):
        _forget(found, at=moment)
        for place, ids in found.items():
            if place is PEOPLE:
                for key in ids:  # one event each, as at the first time
                    record("people.erase", Person(pk=key), actor=actor, at=moment, changes={})
    return counts


def _forget(found: dict[Place, list[UUID]], *, at: datetime) -> int:
    """Empty the rows and what was copied from them; how many stored answers went."""
    texts = {place: place.texts(ids) for place, ids in found.items()}
    ids = [key for keys in found.values() for key in keys]
    everything = set().union(*texts.values())
    # A name alone may be anybody's; an answer that shows the person shows the id.
    addresses = set().union(*(texts[place] for place in texts if place is not PEOPLE))
    for place, keys in found.items():
        place.empty(keys, at)
    remains.redact_events(ids, everything)
    transaction.on_commit(partial(remains.burn_letters, {text for text in addresses if "@" in text}), robust=True)
    return remains.drop_answers([*map(str, ids), *addresses])


def _remember(found: dict[Place, list[UUID]], *, at: datetime) -> None:
    tombstones = erasure.remember(((place.name, key) for place, ids in found.items() for key in ids), at=at)
    transaction.on_commit(partial(_settle, tombstones), robust=True)


def _settle(tombstones: Iterable[ErasureLedger]) -> None:
    """After the commit: the ledger's second copy, and no trace in SQLite's journal."""
    ledger.append(tombstones)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _end_people(ids: Collection[UUID], at: datetime) -> None:
    """Roles that have begun end that day and go on counting; those to come never begin."""
    roles = PersonRole.objects.filter(person_id__in=ids)
    roles.filter(valid_from__gt=at.date()).delete()
    roles.beyond(at.date()).update(valid_until=at.date())
    roles.update(person=None)
    Person.objects.filter(pk__in=ids).delete()


def _delete_contacts(ids: Collection[UUID], at: datetime) -> None:
    # What was sent there keeps its row and its count; only the address is gone.
    Contact.objects.filter(pk__in=ids).delete()


def _contacts_of(subject: Subject) -> ContactQuerySet:
    """The person's own points, and a desk's with the same address."""
    desks = Contact.objects.at_addresses(set(subject.emails), within=subject.within)
    return Contact.objects.filter(person_id=subject.person_id) | desks


PEOPLE = Place(
    name="people",
    rows=Person.objects.all,
    of=lambda subject: Person.objects.filter(pk=subject.person_id),
    empty=_end_people,
    columns=("name", "search_key"),
)
CONTACTS = Place(
    name="contacts",
    rows=Contact.objects.all,
    of=_contacts_of,
    empty=_delete_contacts,
    columns=("email", "phone"),
)
