"""A stranger with a mailbox applies: nothing exists of them until they use the link; then they are an applicant."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from members.access.actions import sign_in_links
from members.access.models import Grant, SignInLink, User
from registry.kernel.audit.models import AuditEvent
from registry.kernel.outbox.handlers import handler_of
from registry.kernel.outbox.models import OutboxMessage
from tests.factories.access import make_grant, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
ADDRESS = "owner@hotel-fictif.example"


def join(client: Client, email: str = ADDRESS, **headers: str):
    return client.post("/join/", {"email": email}, headers=headers)


def newest_mail(at):
    message = OutboxMessage.objects.order_by("-created_at", "-pk").first()
    return handler_of(message.topic).build(message, at)


def link_in(mail) -> str:
    return re.search(r"/sign-in/sl_[0-9a-f]{64}/", mail.get_content())[0]


def hats(client: Client) -> list[str]:
    return [hat["role"] for hat in client.get("/api/v1/me/").json()["hats"]]


def roles_of(email: str) -> list[tuple[str, bool]]:
    held = Grant.objects.filter(user__email=email).values_list("role", "organisation_id")
    return sorted((role, organisation is None) for role, organisation in held)


def test_a_stranger_becomes_an_applicant_and_enters_its_company(client, at):
    assert join(client, "Owner@Hotel-Fictif.example", accept_language="fr").status_code == 200
    assert (User.objects.count(), Grant.objects.count()) == (0, 0)
    mail = newest_mail(at)

    entered = client.post(link_in(mail))

    assert (mail["To"], mail["Content-Language"]) == (ADDRESS, "fr")
    assert (entered.status_code, entered["Location"], hats(client)) == (302, "/workspace/", ["applicant", "public"])
    user = User.objects.get()
    assert (user.email, user.language, user.has_usable_password()) == (ADDRESS, "fr", False)
    actions = AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", flat=True)
    assert list(actions) == ["sign_in_links.create", "users.create", "sign_in_links.use", "grants.create"]
    company = {"name": "Hotel Fictif Marolles (DEMO)", "country": "BE", "category": "hotel", "revenue_band": "to_500k"}
    answer = client.post("/api/v1/companies/", company, content_type="application/json")
    assert (answer.status_code, answer.json()["name"]) == (201, company["name"])


def test_the_link_works_once_and_leaves_no_address_behind(client, at):
    join(client)
    link = link_in(newest_mail(at))

    assert (client.post(link).status_code, Client().post(link).status_code) == (302, 410)
    assert SignInLink.objects.values_list("email", "user__email", "language").get() == ("", ADDRESS, "")


def test_a_second_application_is_no_second_person(client, at):
    join(client)
    client.post(link_in(newest_mail(at)))
    again = Client()
    join(again)

    again.post(link_in(newest_mail(at)))

    assert (User.objects.count(), roles_of(ADDRESS)) == (1, [("applicant", True)])


def test_of_two_links_the_newer_one_works(client, at):
    join(client)
    first = link_in(newest_mail(at))
    join(client)

    assert (Client().post(first).status_code, User.objects.count()) == (410, 0)
    assert (Client().post(link_in(newest_mail(at))).status_code, User.objects.count()) == (302, 1)


def test_an_editor_may_apply_for_another_company(client, at):
    company = make_organisation(kind="company")
    make_grant(user=make_user(email=ADDRESS), role="company_editor", organisation=company)
    join(client)

    client.post(link_in(newest_mail(at)))

    assert roles_of(ADDRESS) == [("applicant", True), ("company_editor", False)]


@pytest.mark.parametrize("role", ["secretariat", "lcr", "auditor", "evaluator"])
def test_who_decides_about_others_gets_no_link_and_the_answer_does_not_tell(client, role):
    make_grant(user=make_user(email=ADDRESS), role=role, organisation=make_organisation())

    known, unknown = join(client), join(client, "nobody@hotel-fictif.example")

    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|owner@|nobody@')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert list(SignInLink.objects.values_list("email", flat=True)) == ["nobody@hotel-fictif.example"]


def test_somebody_who_became_an_officer_meanwhile_stays_out(client, at):
    join(client)
    link = link_in(newest_mail(at))
    make_grant(user=make_user(email=ADDRESS), role="lcr", organisation=make_organisation())

    assert (client.post(link).status_code, roles_of(ADDRESS)) == (410, [("lcr", False)])


def test_a_closed_log_in_stays_closed(client):
    make_user(email=ADDRESS, is_active=False)

    assert (join(client).status_code, OutboxMessage.objects.count()) == (200, 0)


def test_what_is_no_address_is_told_and_mails_nothing(client):
    answer = join(client, "hotel-fictif")

    assert (answer.status_code, b"has-error" in answer.content, OutboxMessage.objects.count()) == (200, True, 0)


def test_one_address_gets_four_mails_an_hour_and_one_place_asks_twenty_times(client):
    answers = [join(client).status_code for _ in range(21)]

    assert (answers[:20], answers[20], OutboxMessage.objects.count()) == ([200] * 20, 429, 4)


def test_an_address_that_nobody_proved_is_forgotten_after_a_day(client, at):
    join(client)

    assert sign_in_links.forget(now=at + timedelta(hours=24, minutes=20)) == 0
    assert sign_in_links.forget(now=at + timedelta(hours=24, minutes=21)) == 1
    assert SignInLink.objects.count() == 0
