"""People: who sees them, how they leave, and what the log says of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from members.people.actions import contacts, people
from members.people.models import Contact, Person, PersonRole
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.organisations import make_organisation
from tests.factories.people import make_contact, make_held_role, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def scope(role: Role, *organisations: UUID, countries: frozenset[str] = frozenset()) -> Scope:
    return Scope(hats=(Hat(role=role, organisation_ids=frozenset(organisations), countries=countries),), day=DAY)


def test_own_organisation_representative_and_secretariat_see_a_person_and_nobody_else():
    house, other = make_organisation(), make_organisation()
    person = make_person(organisation=house)
    belgium, france = frozenset({"BE"}), frozenset({"FR"})

    seen = {
        name: Person.objects.visible_to(caller).filter(pk=person.pk).exists()
        for name, caller in {
            "own": scope(Role.COMPANY_EDITOR, house.pk),
            "viewer": scope(Role.COMPANY_VIEWER, house.pk),
            "other": scope(Role.COMPANY_EDITOR, other.pk),
            "site_editor": scope(Role.SITE_EDITOR, house.pk),
            "lcr": scope(Role.LCR, other.pk, countries=belgium),
            "foreign_lcr": scope(Role.LCR, other.pk, countries=france),
            "secretariat": scope(Role.SECRETARIAT),
            "auditor": scope(Role.AUDITOR),
            "evaluator": scope(Role.EVALUATOR),
            "public": scope(Role.PUBLIC),
        }.items()
    }

    assert {name for name, is_seen in seen.items() if is_seen} == {"own", "viewer", "lcr", "secretariat"}


def test_who_has_moved_on_is_seen_by_the_new_organisation_alone():
    before, after = make_organisation(), make_organisation()
    person = make_person(organisation=before)
    PersonRole.objects.filter(person=person).update(valid_until=date(2026, 6, 30))
    callers = [scope(Role.MEMBER_GROUP, house.pk) for house in (before, after)]
    seen_at_rest = [Person.objects.visible_to(caller).count() for caller in callers]
    make_held_role(person=person, organisation=after, valid_from=date(2026, 7, 1))

    assert seen_at_rest == [1, 0]
    assert [Person.objects.visible_to(caller).count() for caller in callers] == [0, 1]


def test_leaving_ends_roles_and_stops_mail_after_the_last_day(at):
    house, other = make_organisation(), make_organisation()
    person = make_person(organisation=house)
    make_held_role(person=person, organisation=house, role="trainer")
    make_held_role(person=person, organisation=other)
    make_contact(organisation=house, person=person)
    make_contact(organisation=other, person=person)

    people.leave(person_id=person.pk, organisation_id=house.pk, valid_until=date(2026, 11, 30), actor=SYSTEM, at=at)

    ends = PersonRole.objects.order_by("organisation_id", "role").values_list("organisation_id", "role", "valid_until")
    assert set(ends) == {
        (house.pk, "reporting_officer", date(2026, 11, 30)),
        (house.pk, "trainer", date(2026, 11, 30)),
        (other.pk, "reporting_officer", None),
    }
    live = [
        Contact.objects.live(day).filter(organisation=house).count() for day in (date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert (live, Contact.objects.live(date(2026, 12, 1)).count()) == ([1, 0], 1)


def test_nobody_leaves_before_beginning_or_where_nothing_is_held(at):
    house = make_organisation()
    person = make_person(organisation=house)
    told = {"person_id": person.pk, "actor": SYSTEM, "at": at}

    with pytest.raises(Invalid) as too_early:
        people.leave(organisation_id=house.pk, valid_until=date(2025, 12, 31), **told)
    with pytest.raises(Refused) as nowhere:
        people.leave(organisation_id=make_organisation().pk, valid_until=DAY, **told)

    assert (too_early.value.faults[0].pointer, too_early.value.faults[0].code) == ("/valid_until", "before_start")
    assert nowhere.value.code == "holds_no_role"
    person.refresh_from_db()
    assert (person.version, person.roles.get().valid_until, AuditEvent.objects.count()) == (1, None, 0)


def test_a_role_is_held_once_at_a_time(at):
    house = make_organisation()
    person = make_person(organisation=house)

    with pytest.raises(Refused) as refusal:
        people.give_role(person_id=person.pk, organisation_id=house.pk, role="reporting_officer", actor=SYSTEM, at=at)

    assert (refusal.value.code, person.roles.count(), AuditEvent.objects.count()) == ("role_held", 1, 0)


def test_an_old_version_changes_nothing(at):
    person = make_person(name="Camille Fictif")

    with pytest.raises(Stale):
        people.update(person_id=person.pk, name="Dominique Fictif", expected_version=7, actor=SYSTEM, at=at)

    assert (Person.objects.get().name, AuditEvent.objects.count()) == ("Camille Fictif", 0)


def test_the_log_holds_neither_names_nor_numbers(at):
    house = make_organisation()
    person = people.add(name="Camille Fictif", organisation_id=house.pk, role="director", actor=SYSTEM, at=at)
    people.update(person_id=person.pk, name="Dominique Fictif", language="nl", actor=SYSTEM, at=at)
    point = contacts.add(
        organisation_id=house.pk, role="director", phone="+3225550100", person_id=person.pk, actor=SYSTEM, at=at
    )
    contacts.update(contact_id=point.pk, phone="+3225550101", actor=SYSTEM, at=at)

    events = list(AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", "changes"))
    assert [action for action, _ in events] == ["people.create", "people.update", "contacts.create", "contacts.update"]
    assert not [word for word in ("Camille", "Dominique", "+3225550") if word in str(events)]
    assert events[1][1] == {"name": ["(not kept)", "(not kept)"], "language": ["en", "nl"]}


def test_a_number_alone_is_never_mailed_and_a_point_is_reached_somehow(at):
    house = make_organisation()
    told = {"organisation_id": house.pk, "role": "director", "actor": SYSTEM, "at": at}
    point = contacts.add(phone="+3225550100", **told)

    with pytest.raises(Invalid) as refusal:
        contacts.add(**told)
    with pytest.raises(Invalid):
        contacts.update(contact_id=point.pk, phone="", actor=SYSTEM, at=at)

    assert refusal.value.faults[0].code == "required"
    assert (Contact.objects.count(), Contact.objects.on(DAY).count(), Contact.objects.live(DAY).count()) == (1, 1, 0)


def test_a_contact_point_belongs_to_somebody_who_holds_a_role_there(at):
    person = make_person()

    with pytest.raises(Invalid) as refusal:
        contacts.add(
            organisation_id=make_organisation().pk,
            role="director",
            email="x@reseau-fictif.example",
            person_id=person.pk,
            actor=SYSTEM,
            at=at,
        )

    assert (refusal.value.faults[0].pointer, refusal.value.faults[0].code) == ("/person", "holds_no_role")
    assert Contact.objects.count() == 0


def test_a_point_entered_after_the_last_day_stops_too(at, day):
    house = make_organisation()
    person = make_person(organisation=house)
    now = make_contact(organisation=house, person=person, valid_from=day)
    make_contact(organisation=house, person=person, valid_from=date(2027, 1, 1))

    people.leave(person_id=person.pk, organisation_id=house.pk, valid_until=date(2026, 10, 31), actor=SYSTEM, at=at)

    assert list(Contact.objects.values_list("pk", "valid_until")) == [(now.pk, day)]
    assert person.roles.get().valid_until == date(2026, 10, 31)
