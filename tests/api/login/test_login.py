"""The log-in of people: by invitation, locked against guessing, with a second factor for who wants it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.factories.access import PASSWORD, make_grant, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
HEADLESS = "/_allauth/browser/v1/auth/login"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officer():
    return make_grant(user=make_user(email="officer@office.example", password=PASSWORD)).user


def log_in(client: Client, password: str = PASSWORD, email: str = "officer@office.example", **headers: str):
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me/").json()["user_id"] is not None


def test_the_right_password_opens_a_session(client, officer):
    response = log_in(client, email="Officer@OFFICE.example")

    assert response.status_code == 302
    assert client.get("/api/v1/me/").json()["email"] == "officer@office.example"


@pytest.mark.parametrize("email", ["officer@office.example", "nobody@office.example"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(client, officer, email):
    response = log_in(client, password="not the password", email=email)

    assert (response.status_code, is_in(client)) == (200, False)
    assert "The email address and/or password you specified are not correct." in response.content.decode()


def test_the_sixth_wrong_password_is_429_even_when_it_is_right(client, officer):
    answers = [
        log_in(client, password="wrong", **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(5)
    ]

    response = log_in(client)

    assert answers == [200] * 5
    assert (response.status_code, response["Retry-After"], is_in(client)) == (429, "300", False)


def test_the_lock_holds_for_programs_too(client, officer):
    def attempt() -> int:
        body = {"email": "officer@office.example", "password": "wrong"}
        return client.post(HEADLESS, body, content_type="application/json").status_code

    assert [attempt() for _ in range(6)] == [400] * 5 + [429]


def test_an_inactive_person_stays_out(client):
    make_user(email="officer@office.example", password=PASSWORD, is_active=False)

    log_in(client)

    assert not is_in(client)


def test_a_machine_has_no_password_to_guess(client):
    make_user(email="abc@machine.invalid", is_machine=True)

    log_in(client, email="abc@machine.invalid", password="")
    log_in(client, email="abc@machine.invalid", password="!")

    assert not is_in(client)


def test_nobody_signs_up(client):
    from members.access.models import User

    page = client.get("/accounts/signup/")
    body = {"email": "new@office.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", body)
    headless = client.post(
        "/_allauth/browser/v1/auth/signup",
        {"email": "new@office.example", "password": PASSWORD},
        content_type="application/json",
    )

    assert "A login comes by invitation" in page.content.decode()
    assert (headless.status_code, User.objects.count()) == (403, 0)


@pytest.mark.parametrize("path", [LOGIN, "/accounts/signup/", "/accounts/password/reset/"])
def test_pages_carry_nothing_that_the_content_policy_forbids(client, path):
    page = client.get(path).content.decode()

    assert re.findall(r'<style|<script(?! src="/static/)|style=|onclick=|https?://', page) == []
    assert page.count("<h1") == 1
    assert re.findall(r'<html lang="en"', page)
    assert 'href="/static/registry/base.css"' in page
    for identity in re.findall(r'<input[^>]*type="(?:email|password|text)"[^>]*id="([^"]+)"', page):
        assert f'for="{identity}"' in page


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_with_a_second_factor_the_password_alone_opens_nothing(client, officer):
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")

    response = log_in(client)

    assert (response.status_code, response["Location"], is_in(client)) == (302, "/accounts/2fa/authenticate/", False)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of("JBSWY3DPEHPK3PXP")})
    assert is_in(client)


def test_a_recovery_code_works_once(officer):
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]

    def try_it() -> bool:
        client = Client()
        log_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        return is_in(client)

    assert (try_it(), try_it()) == (True, False)


def test_a_second_factor_is_set_up_on_a_page_after_the_password_once_more(client, officer):
    log_in(client)

    asked = client.get("/accounts/2fa/totp/activate/")
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.search(r'value="([A-Z2-7]{32})"', page.content.decode())[1]
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert (page.status_code, response.status_code) == (200, 302)
    assert set(Authenticator.objects.filter(user=officer).values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert get_adapter().is_mfa_enabled(officer)


def test_the_staff_pages_use_the_same_log_in(client):
    response = client.get("/admin/login/?next=/admin/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_staff_look_at_access_and_see_no_secret(client):
    staff = make_user(email="staff@office.example", password=PASSWORD, is_staff=True, is_superuser=True)
    make_grant(user=staff, role="secretariat")
    client.force_login(staff)

    page = client.get(f"/admin/members/user/{staff.pk}/change/")

    assert page.status_code == 200
    assert "argon2" not in page.content.decode()
    assert client.post(f"/admin/members/user/{staff.pk}/delete/", {"post": "yes"}).status_code == 403
