"""Signing in by a mailed link: once, soon, for people of companies, and without telling whose address is known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from members.access.models import SignInLink
from registry.kernel.audit.models import AuditEvent
from registry.kernel.outbox.handlers import Suppressed, handler_of
from registry.kernel.outbox.models import OutboxMessage
from tests.factories.access import PASSWORD, make_grant, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
ADDRESS = "desk@hotel-fictif.example"


@pytest.fixture
def editor():
    company = make_organisation(kind="company")
    return make_grant(user=make_user(email=ADDRESS, language="fr"), role="company_editor", organisation=company).user


def ask(client: Client, email: str = ADDRESS, **data: str):
    return client.post("/sign-in/", {"email": email, **data})


def mailed_link(at) -> str:
    message = OutboxMessage.objects.order_by("-created_at", "-pk").first()
    mail = handler_of(message.topic).build(message, at)
    return re.search(r"/sign-in/sl_[0-9a-f]{64}/", mail.get_content())[0]


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me/").json()["user_id"] is not None


def test_the_link_signs_in_once_and_goes_on_where_the_person_wanted(client, editor, at):
    ask(client, next="/workspace/?year=2025")
    link = mailed_link(at)

    assert client.get(link).status_code == 200
    assert not is_in(client)
    entered = client.post(link)

    assert (entered.status_code, entered["Location"], is_in(client)) == (302, "/workspace/?year=2025", True)
    assert Client().post(link).status_code == 410
    events = AuditEvent.objects.filter(action__startswith="sign_in_links").order_by("recorded_at", "pk")
    assert [event.action for event in events] == ["sign_in_links.create", "sign_in_links.use"]


def test_neither_the_row_nor_the_queue_holds_the_secret(client, editor, at):
    ask(client)

    secret = mailed_link(at).split("/")[2]
    row, message = SignInLink.objects.get(), OutboxMessage.objects.get()
    assert secret not in f"{row.secret_hash}{message.payload}{message.key}"


def test_the_answer_does_not_tell_whose_address_is_known(client, editor):
    known, unknown = ask(client), ask(client, "nobody@hotel-fictif.example")

    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|desk@|nobody@')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("role", ["secretariat", "lcr", "auditor", "evaluator"])
def test_who_decides_about_others_gets_no_link(client, editor, role):
    make_grant(user=editor, role=role)

    ask(client)

    assert (OutboxMessage.objects.count(), SignInLink.objects.count()) == (0, 0)


def test_a_newer_link_and_twenty_minutes_end_it(client, editor, at):
    ask(client)
    first = mailed_link(at)
    ask(client)
    second = mailed_link(at)

    assert Client().post(first).status_code == 410
    with time_machine.travel(at + timedelta(minutes=20), tick=False):
        assert Client().post(second).status_code == 410
    superseded = OutboxMessage.objects.order_by("created_at", "pk").first()
    assert handler_of(superseded.topic).build(superseded, at) == Suppressed("replaced")


def test_a_person_who_lost_the_role_stays_out(client, editor, at):
    ask(client)
    link = mailed_link(at)
    editor.grants.update(revoked_at=at)

    assert (client.post(link).status_code, is_in(client)) == (410, False)


def test_one_address_gets_four_mails_an_hour_and_one_place_asks_twenty_times(client, editor):
    answers = [ask(client).status_code for _ in range(21)]

    assert (answers[:20], answers[20], OutboxMessage.objects.count()) == ([200] * 20, 429, 4)


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_never_leads_elsewhere(client, editor, at, elsewhere):
    ask(client, next=elsewhere)

    assert client.post(mailed_link(at))["Location"] == "/workspace/"


def test_a_second_factor_is_asked_for(client, editor, at):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(editor, "A" * 32)
    editor.set_password(PASSWORD)
    editor.save()
    ask(client)

    entered = client.post(mailed_link(at))

    assert (entered["Location"].split("?")[0], is_in(client)) == ("/accounts/2fa/authenticate/", False)
