"""Erasing: nothing of the person is left anywhere, counts stay, and a restore brings nobody back."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from codesign.notices.models import Notice
from members.access.models import Grant, Invitation, User
from members.people import ledger
from members.people.actions import contacts, erasing, people
from members.people.models import Contact, ErasureLedger, Person, PersonRole
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Refused
from registry.kernel.idempotency.models import StoredAnswer
from registry.kernel.mail import MaildirTransport, mailbox_folder
from tests.factories.access import make_grant, make_token, make_user
from tests.factories.organisations import make_organisation
from tests.factories.people import AT, make_contact, make_held_role, make_person

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Zéphyrine Fictif-Ørsted", "zephyrine.unique@reseau-fictif.example", "+3225550177"


@pytest.fixture(autouse=True)
def _empty_ledger():
    (Path(settings.DATA_DIR) / ledger.NAME).unlink(missing_ok=True)


def make_known(house):
    """A person with a role, an address and a number in `house`."""
    person = make_person(organisation=house, name=NAME)
    make_contact(organisation=house, person=person, email=EMAIL, phone=PHONE)
    return person


def stored(body: object) -> StoredAnswer:
    return StoredAnswer.objects.create(
        caller="user:x",
        key=f"key-{StoredAnswer.objects.count()}",
        fingerprint="f" * 64,
        status=200,
        body=json.dumps(body, ensure_ascii=False).encode(),
        created_at=AT,
    )


def columns_with(text: str) -> list[str]:
    """Every table and column of the database that holds `text`."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                kind = "CAST({} AS TEXT)" if connection.vendor == "sqlite" else "{}::text"
                place = kind.format(connection.ops.quote_name(column.name))
                cursor.execute(
                    f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)} WHERE LOWER({place}) LIKE %s",
                    [f"%{text.lower()}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column.name}")
    return found


def bytes_of_the_database() -> bytes:
    """SQLite's file and its journal; nothing on PostgreSQL, whose files are not ours to read."""
    if connection.vendor != "sqlite":
        return b""
    file = Path(connection.settings_dict["NAME"])
    return b"".join(one.read_bytes() for one in (file, file.with_name(f"{file.name}-wal")) if one.exists())


def test_nothing_of_the_person_is_left_in_any_table(at):
    house = make_organisation()
    person = make_known(house)
    make_contact(organisation=house, email=EMAIL.upper(), role="finance")
    make_grant(user=make_user(email=EMAIL), role="member_group", organisation=house)
    stored({"id": str(person.pk), "name": NAME})
    stored({"recipient_email": EMAIL})
    kept = stored({"id": "another", "name": "Someone Else"})
    AuditEvent.objects.create(
        at=at, recorded_at=at, actor_label="slip", action="people.slip", object_type="person", object_id=person.pk,
        changes={"note": [None, f"called {NAME} at {PHONE}"], "by": [EMAIL, None]},
    )  # fmt: skip

    erased = erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    for text in (NAME, "zephyrine", EMAIL, PHONE):
        assert columns_with(text) == []
    assert erased.rows == {"contacts": 2, "people": 1, "logins": 1, "invitations": 0}
    assert (erased.stored_answers, erased.roles_kept) == (2, 1)
    assert set(StoredAnswer.objects.exclude(body=None).values_list("pk", flat=True)) == {kept.pk}
    slip = AuditEvent.objects.get(action="people.slip")
    assert slip.changes == {"note": [None, "called [erased] at [erased]"], "by": ["[erased]", None]}


def test_counts_stay_and_roles_have_ended(at, day):
    house = make_organisation()
    person = make_known(house)
    make_held_role(person=person, organisation=house, role="trainer", valid_from=day + timedelta(days=5))
    make_person(organisation=house)

    erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    assert PersonRole.objects.on(day).count() == 2
    assert PersonRole.objects.on(day + timedelta(days=1)).count() == 1
    gone = PersonRole.objects.get(person=None)
    assert (gone.role, gone.valid_until, PersonRole.objects.count()) == ("reporting_officer", day, 2)


def test_notices_that_were_sent_go_on_counting(at):
    from tests.factories.standing import make_membership

    membership = make_membership()
    house = membership.company.organisation
    person = make_known(house)
    Notice.objects.create(
        membership=membership, kind="report_due", contact=person.contacts.get(), sent_at=at, created_at=at
    )

    erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    assert list(Notice.objects.values_list("kind", "contact_id", "sent_at")) == [("report_due", None, at)]


def test_a_person_whom_another_organisation_keeps_is_not_erased_by_one(at):
    house = make_organisation()
    person = make_known(house)
    make_held_role(person=person, organisation=make_organisation())

    with pytest.raises(Refused) as refusal:
        erasing.erase(person_id=person.pk, within=frozenset({house.pk}), actor=SYSTEM, at=at)

    assert (refusal.value.code, Person.objects.count(), Contact.objects.count()) == ("held_elsewhere", 1, 1)
    assert (ErasureLedger.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_an_organisation_closes_only_log_ins_that_are_its_own(at):
    house, other = make_organisation(), make_organisation()
    own, foreign = make_user(email=EMAIL), make_user(email="officer.elsewhere@reseau-fictif.example")
    grant = make_grant(user=own, role="member_group", organisation=house)
    make_token(user=own, grant=grant)
    make_grant(user=foreign, role="member_group", organisation=other)
    person = make_known(house)
    make_contact(organisation=house, person=person, email=foreign.email, role="director")

    erased = erasing.erase(person_id=person.pk, within=frozenset({house.pk}), actor=SYSTEM, at=at)

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (erased.rows["logins"], own.email, own.is_active) == (1, f"{own.pk.hex}@erased.invalid", False)
    assert (foreign.email, foreign.is_active) == ("officer.elsewhere@reseau-fictif.example", True)
    assert Grant.objects.get(pk=grant.pk).revoked_at == at


def test_the_last_officer_of_the_secretariat_is_not_locked_out(at):
    make_grant(user=make_user(email=EMAIL), role="secretariat")
    person = make_known(make_organisation())

    with pytest.raises(Refused) as refusal:
        erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    assert (refusal.value.code, Person.objects.count()) == ("last_secretariat", 1)
    assert User.objects.get().is_active


def test_an_open_invitation_opens_nothing_any_more(at):
    house = make_organisation()
    person = make_known(house)
    invitation = Invitation.objects.create(
        email=EMAIL, role="member_group", organisation=house, token_hash="h" * 64, created_at=at,
        expires_at=at + timedelta(days=14),
    )  # fmt: skip

    erasing.erase(person_id=person.pk, within=frozenset({house.pk}), actor=SYSTEM, at=at)

    invitation.refresh_from_db()
    assert (invitation.email, invitation.revoked_at) == (f"{invitation.pk.hex}@erased.invalid", at)


@pytest.mark.django_db(transaction=True)
def test_mails_kept_as_files_go_too(at):
    from email.message import EmailMessage
    from urllib.parse import urlsplit

    person = make_known(make_organisation())
    box = MaildirTransport(urlsplit("maildir:"))
    for to in (EMAIL, "somebody.else@reseau-fictif.example"):
        mail = EmailMessage()
        mail["To"], mail["Subject"] = to, "Fictional"
        box.send(mail.as_bytes(), sender="x@y.example", recipient=to, deadline=0)

    erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    left = [file.read_text() for file in mailbox_folder().rglob("*") if file.is_file()]
    assert ["somebody.else" in text for text in left] == [True]


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_byte_of_the_person(at):
    if connection.vendor != "sqlite":
        pytest.skip("a file of its own is SQLite's")
    house = make_organisation()
    person = people.add(name=NAME, organisation_id=house.pk, role="director", actor=SYSTEM, at=at)
    contacts.add(
        organisation_id=house.pk, role="director", email=EMAIL, phone=PHONE, person_id=person.pk, actor=SYSTEM, at=at
    )
    stored({"id": str(person.pk), "name": NAME, "email": EMAIL})
    before = bytes_of_the_database()

    erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    after = bytes_of_the_database()
    traces = [text.encode() for text in (NAME, "zephyrine fictif", EMAIL, PHONE)]
    assert ([trace in before for trace in traces], [trace in after for trace in traces]) == ([True] * 4, [False] * 4)


@pytest.mark.django_db(transaction=True)
def test_a_restored_register_is_erased_again_with_the_same_day(at):
    house = make_organisation()
    person = make_known(house)
    point = person.contacts.get()
    row, contact, role = (
        {name: value for name, value in vars(one).items() if not name.startswith("_")}
        for one in (person, point, person.roles.get())
    )
    erasing.erase(person_id=person.pk, within=frozenset({house.pk}), actor=SYSTEM, at=at - timedelta(days=20))

    # What a backup of before holds: the rows, and no tombstone.
    ErasureLedger.objects.all().delete()
    PersonRole.objects.all().delete()
    Person.objects.create(**row)
    Contact.objects.create(**contact)
    PersonRole.objects.create(**role)
    printed = StringIO()
    call_command("reapply_erasures", stdout=printed)

    assert printed.getvalue() == "Erased again: 1 contacts, 1 people, 0 logins, 0 invitations, 0 staff.\n"
    assert (Person.objects.count(), Contact.objects.count(), ErasureLedger.objects.count()) == (0, 0, 2)
    assert PersonRole.objects.get().valid_until == (at - timedelta(days=20)).date()
    assert columns_with("zephyrine") == []
    assert NAME.encode() not in bytes_of_the_database()

    call_command("reapply_erasures", stdout=(again := StringIO()))
    assert again.getvalue() == "Erased again: 0 contacts, 0 people, 0 logins, 0 invitations, 0 staff.\n"


@pytest.mark.django_db(transaction=True)
def test_the_ledger_tells_nobody_who_it_was(at):
    person = make_known(make_organisation())
    keys = [person.pk, person.contacts.get().pk]

    erasing.erase(person_id=person.pk, within=None, actor=SYSTEM, at=at)

    text = (Path(settings.DATA_DIR) / ledger.NAME).read_text()
    assert {entry["place"] for line in text.splitlines() if line for entry in [json.loads(line)]} == {
        "people",
        "contacts",
    }
    forbidden = [NAME, EMAIL, PHONE, *(str(key) for key in keys), *(key.hex for key in keys)]
    assert [word for word in forbidden if word in text] == []


def test_a_torn_line_costs_no_other_one(at):
    file = Path(settings.DATA_DIR) / ledger.NAME
    file.write_text('\n{"place": "people", "salt": "s", "dig')
    tombstone = ErasureLedger(id=UUID(int=1), place="people", salt="s", digest="d" * 64, erased_at=at)

    ledger.append([tombstone])

    assert [(row.place, row.digest, row.erased_at) for row in ledger.read()] == [("people", "d" * 64, at)]
