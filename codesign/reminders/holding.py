"""Contacts to whom nothing is sent any more, because their server said so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from members.people import actions as people
from members.people.models import Contact
from registry.kernel.audit.actor import SYSTEM


def hold_contact(contact_id: UUID | None, *, source: str, at: datetime) -> int:
    """Write to this address no more, under any of its roles, until somebody has corrected it; how many contacts.

    The plan goes on with the next contact, and says so where there is none: the representative's task. `source`: the
    kind of the bounce and the Message-ID, kept by the event of each.
    """
    if contact_id is None:
        return 0
    email = Contact.objects.filter(pk=contact_id).values_list("email", flat=True).first()
    if not email:
        return 0
    same = list(
        Contact.objects.filter(email__iexact=email, on_hold_since=None).order_by("pk").values_list("pk", flat=True)
    )
    for key in same:  # one person's roles: a handful, each with its event
        people.hold(contact_id=key, source=source, actor=SYSTEM, at=at)
    return len(same)
