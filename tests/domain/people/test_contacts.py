"""Contacts: who holds a role on a day, and how it ends."""

from __future__ import annotations

from datetime import date

import pytest

from members.people import actions
from members.people.models import Contact
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused
from tests.factories.organisations import make_organisation
from tests.factories.people import make_contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "is_live"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_contact_is_live_from_its_first_to_its_last_day(day, is_live):
    make_contact(valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30))

    assert Contact.objects.live(day).exists() is is_live


def test_a_contact_on_hold_is_not_live_until_its_address_changes(at, day):
    contact = make_contact()
    actions.hold(contact_id=contact.pk, source="hard_bounce <1@registry.example>", actor=SYSTEM, at=at)
    assert not Contact.objects.live(day).exists()

    actions.update(contact_id=contact.pk, email="other@reseau-fictif.example", actor=SYSTEM, at=at)

    assert Contact.objects.live(day).get().email == "other@reseau-fictif.example"
    events = list(AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", "actor_label", "changes"))
    assert [action for action, *_ in events] == ["contacts.hold", "contacts.update"]
    assert [label for _, label, _ in events] == [SYSTEM.label, SYSTEM.label]
    since = "2026-11-22T10:00:00Z"
    assert events[0][2] == {"on_hold_since": [None, since], "source": [None, "hard_bounce <1@registry.example>"]}
    assert events[1][2]["on_hold_since"] == [since, None]


def test_the_log_never_holds_an_address(at):
    organisation = make_organisation()
    contact = actions.add(
        organisation_id=organisation.pk, role="director", email="a@reseau-fictif.example", actor=SYSTEM, at=at
    )
    actions.update(contact_id=contact.pk, email="b@reseau-fictif.example", actor=SYSTEM, at=at)

    events = AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", "changes")
    assert [action for action, _ in events] == ["contacts.create", "contacts.update"]
    assert "reseau-fictif" not in str(list(events))
    assert (contact.zone, contact.valid_from) == ("Europe/Brussels", date(2026, 11, 22))


def test_an_address_holds_a_role_once(at):
    contact = make_contact()

    with pytest.raises(Refused) as refusal:
        actions.add(
            organisation_id=contact.organisation_id, role=contact.role, email=contact.email, actor=SYSTEM, at=at
        )

    assert (refusal.value.code, Contact.objects.count(), AuditEvent.objects.count()) == ("contact_exists", 1, 0)


def test_a_contact_cannot_end_before_it_began_nor_twice(at):
    contact = make_contact(valid_from=date(2026, 5, 1))

    with pytest.raises(Invalid):
        actions.end(contact_id=contact.pk, valid_until=date(2026, 4, 30), actor=SYSTEM, at=at)
    actions.end(contact_id=contact.pk, valid_until=date(2026, 5, 1), actor=SYSTEM, at=at)
    with pytest.raises(Refused):
        actions.end(contact_id=contact.pk, valid_until=date(2026, 6, 1), actor=SYSTEM, at=at)

    contact.refresh_from_db()
    assert (contact.valid_until, contact.version, AuditEvent.objects.count()) == (date(2026, 5, 1), 2, 1)
