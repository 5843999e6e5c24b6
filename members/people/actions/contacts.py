"""Every change of a contact point. Addresses and numbers are never written into the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.organisations.models import Organisation
from members.people.actions.people import NOT_KEPT, holds_role_in
from members.people.models import Contact, ContactLanguage, ContactRole
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

EDITABLE = frozenset({"email", "phone", "language", "zone"})
_IN_THE_CLEAR = EDITABLE - {"email", "phone"}


@transaction.atomic
def add(
    *,
    organisation_id: UUID,
    role: str,
    email: str = "",
    phone: str = "",
    person_id: UUID | None = None,
    language: str = ContactLanguage.EN,
    zone: str = "",
    valid_from: date | None = None,
    actor: Actor,
    at: datetime,
) -> Contact:
    """Let an address or a number hold a role, from the day of `at` unless said; of a person who holds a role there.

    The zone is the organisation's unless given.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    _require_reach(email, phone)
    if person_id is not None and not holds_role_in(person_id, organisation_id, on=valid_from or at.date()):
        raise Invalid.at("/person", "holds_no_role", "The person holds no role in this organisation.")
    _require_unused(organisation_id, role, email)
    contact = Contact.objects.create(
        organisation=organisation,
        person_id=person_id,
        role=ContactRole(role),
        email=email,
        phone=phone,
        language=ContactLanguage(language),
        zone=zone or organisation.zone,
        valid_from=valid_from or at.date(),
        created_at=at,
    )
    record("contacts.create", contact, actor=actor, at=at, changes={"role": [None, role]})
    return contact


@transaction.atomic
def update(
    *, contact_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Contact:
    """Change address, number, language or zone; a new address lifts the hold that a bounce has set."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    contact = _expected(contact_id, expected_version)
    changed = {name: value for name, value in fields.items() if getattr(contact, name) != value}
    if not changed:
        return contact
    _require_reach(changed.get("email", contact.email), changed.get("phone", contact.phone))
    changes = {
        name: [getattr(contact, name), value] if name in _IN_THE_CLEAR else [NOT_KEPT, NOT_KEPT]
        for name, value in changed.items()
    }
    if "email" in changed:
        if contact.valid_until is None:
            _require_unused(contact.organisation_id, contact.role, changed["email"])
        if contact.on_hold_since is not None:
            changes["on_hold_since"] = [contact.on_hold_since, None]
        changed["on_hold_since"] = None
    return _write("contacts.update", contact, changed, changes, actor=actor, at=at)


@transaction.atomic
def end(
    *, contact_id: UUID, valid_until: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> Contact:
    """The address holds the role until that day, inclusive; afterwards nothing is sent there."""
    contact = _expected(contact_id, expected_version)
    if valid_until < contact.valid_from:
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    if contact.valid_until is not None:
        raise Refused("The contact has ended already.", code="already_ended")
    changes = {"valid_until": [None, valid_until]}
    return _write("contacts.end", contact, {"valid_until": valid_until}, changes, actor=actor, at=at)


@transaction.atomic
def hold(*, contact_id: UUID, source: str, actor: Actor, at: datetime) -> Contact:
    """Stop writing to an address after a bounce; a second one changes nothing.

    `source` is what told of it, by kind and Message-ID: the event keeps it.
    """
    contact = _expected(contact_id, None)
    if contact.on_hold_since is not None:
        return contact
    changes = {"on_hold_since": [None, at], "source": [None, source]}
    return _write("contacts.hold", contact, {"on_hold_since": at}, changes, actor=actor, at=at)


def _require_reach(email: str, phone: str) -> None:
    if not email and not phone:
        raise Invalid.at("/email", "required", "A contact point has an address or a number.")


def _require_unused(organisation_id: UUID, role: str, email: str) -> None:
    same = Contact.objects.filter(organisation_id=organisation_id, role=role, email=email, valid_until=None)
    if email and same.exists():
        raise Refused("This address holds the role already.", code="contact_exists")


def _expected(contact_id: UUID, version: int | None) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound("There is no such contact.")
    if version is not None and contact.version != version:
        raise Stale("The contact has changed since you read it.")
    return contact


def _write(
    action: str, contact: Contact, fields: dict[str, Any], changes: dict[str, Any], *, actor: Actor, at: datetime
) -> Contact:
    """Compare and set, then record."""
    rows = Contact.objects.filter(pk=contact.pk, version=contact.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The contact has changed since you read it.")
    contact.refresh_from_db()
    record(action, contact, actor=actor, at=at, changes=changes)
    return contact
