"""/invitations/: who invites whom, and how the invited come in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from members.access.models import Grant, Invitation, User
from registry.kernel.audit.models import AuditEvent
from tests.factories.access import PASSWORD, make_grant, make_invitation, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def test_from_invitation_to_log_in(secretariat, anonymous, client, at):
    invited = secretariat.post("invitations/", {"email": "New@Office.example", "role": "auditor"})
    assert invited.status_code == 201
    assert (invited.json()["email"], invited.json()["expires_at"]) == ("new@office.example", "2026-12-06T10:00:00Z")

    accepted = anonymous.post(
        "invitations/accept/",
        {"token": invited.json()["token"], "password": PASSWORD, "language": "fr", "zone": "Europe/Brussels"},
    )

    user = User.objects.get(email="new@office.example")
    grant = Grant.objects.get(user=user)
    assert accepted.status_code == 201
    assert accepted.json() == {"user_id": str(user.pk), "grant_id": str(grant.pk), "role": "auditor"}
    assert (grant.role, grant.granted_by_id, user.language, user.zone) == (
        "auditor",
        secretariat.user.pk,
        "fr",
        "Europe/Brussels",
    )
    assert user.password.startswith("argon2")
    assert client.login(email="new@office.example", password=PASSWORD)
    events = AuditEvent.objects.order_by("recorded_at", "pk")
    assert set(events.values_list("action", flat=True)) == {
        "invitations.create",
        "users.create",
        "grants.create",
        "invitations.accept",
    }
    told = " ".join(str(event.changes) for event in events)
    assert "office.example" not in told
    assert invited.json()["token"] not in told


@pytest.mark.parametrize(
    ("closing", "status", "code"),
    [
        ({"accepted_at": True}, 409, "invitation_closed"),
        ({"revoked_at": True}, 409, "invitation_closed"),
        ({"expires_at": True}, 409, "invitation_closed"),
        ({"token_hash": "0" * 64}, 404, "invitation_not_found"),
    ],
)
def test_a_closed_invitation_lets_nobody_in(anonymous, at, closing, status, code):
    invitation, text = make_invitation()
    Invitation.objects.filter(pk=invitation.pk).update(
        **{name: at if value is True else value for name, value in closing.items()}
    )

    response = anonymous.post("invitations/accept/", {"token": text, "password": PASSWORD})

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert (User.objects.count(), Grant.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"password": "short"}, "/password"), ({"password": "1" * 12}, "/password"), ({"zone": "Mars/Base"}, "/zone")],
)
def test_a_weak_password_or_a_strange_zone_makes_no_login(anonymous, change, pointer):
    invitation, text = make_invitation()

    response = anonymous.post("invitations/accept/", {"token": text, "password": PASSWORD, **change})

    assert response.status_code == 400
    assert {fault["pointer"] for fault in response.json()["errors"]} == {pointer}
    invitation.refresh_from_db()
    assert (User.objects.count(), invitation.accepted_at) == (0, None)


def test_someone_with_a_login_proves_its_password(anonymous):
    user = make_user(email="known@office.example", password=PASSWORD)
    _invitation, text = make_invitation(email="known@office.example")

    wrong = anonymous.post("invitations/accept/", {"token": text, "password": "something else entirely"})
    right = anonymous.post("invitations/accept/", {"token": text, "password": PASSWORD})

    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "wrong_password")
    assert (right.status_code, right.json()["user_id"]) == (201, str(user.pk))
    assert User.objects.count() == 1


def test_the_eleventh_try_of_an_hour_waits_whatever_it_forwards(anonymous, at):
    def attempt(number: int) -> int:
        body = {"token": f"ci_{number}", "password": PASSWORD}
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        return anonymous.post("invitations/accept/", body, headers=headers)

    answers = [attempt(number) for number in range(12)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert 0 < int(answers[-1]["Retry-After"]) <= 3601
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        assert attempt(13).status_code == 404


def test_one_invitation_is_guessed_at_ten_times_from_anywhere(anonymous, settings):
    settings.NUM_PROXIES = 1
    statuses = [
        anonymous.post(
            "invitations/accept/",
            {"token": "ci_same", "password": PASSWORD},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        ).status_code
        for number in range(12)
    ]

    assert statuses == [404] * 10 + [429] * 2


def test_a_representative_invites_companies_of_its_countries_only(lcr_be):
    belgian, dutch = (make_organisation(kind="company", country_id=country) for country in ("BE", "NL"))

    def invite(role: str, organisation) -> tuple[int, str]:
        body = {"email": "hotel@hotel.example", "role": role, "organisation": str(organisation.pk)}
        response = lcr_be.post("invitations/", body)
        return response.status_code, response.json().get("code")

    assert invite("company_editor", belgian) == (201, None)
    assert invite("company_editor", belgian) == (409, "already_invited")
    assert invite("lcr", belgian) == (403, "role_not_grantable")
    assert invite("company_editor", dutch)[0] in {400, 403}
    assert Invitation.objects.count() == 1
    assert [row["email"] for row in lcr_be.get("invitations/").json()["results"]] == ["hotel@hotel.example"]


def test_a_company_editor_invites_into_its_own_tree_only(client_for):
    editor, foreign = client_for("company_editor"), make_organisation(name="Foreign (DEMO)")
    body = {"email": "colleague@hotel.example", "role": "company_viewer"}

    own = editor.post("invitations/", {**body, "organisation": str(editor.organisation.pk)})
    other = editor.post("invitations/", {**body, "organisation": str(foreign.pk)})
    system = editor.post(
        "invitations/", {**body, "role": "company_system", "organisation": str(editor.organisation.pk)}
    )

    assert own.status_code == 201
    assert other.status_code in {400, 403}
    assert system.json()["errors"][0]["code"] == "not_for_people"
    assert Invitation.objects.count() == 1


def test_what_is_taken_back_stays_closed_and_foreign_ones_are_absent(client_for, secretariat, anonymous):
    editor = client_for("company_editor")
    foreign, _text = make_invitation(role="company_viewer", organisation=make_organisation())
    own, text = make_invitation(role="company_viewer", organisation=editor.organisation)

    assert editor.post(f"invitations/{foreign.pk}/revoke/").status_code == 404
    assert editor.post(f"invitations/{own.pk}/revoke/").json()["revoked_at"] == "2026-11-22T10:00:00Z"
    assert secretariat.post(f"invitations/{own.pk}/revoke/").json()["code"] == "invitation_closed"
    refused = anonymous.post("invitations/accept/", {"token": text, "password": PASSWORD})
    assert refused.json()["code"] == "invitation_closed"
    foreign.refresh_from_db()
    assert foreign.revoked_at is None


@pytest.mark.parametrize("email", ["a@b.example, c@d.example", "nobody", "x@y.example\nBcc: z@z.example", ""])
def test_one_address_and_a_real_one(secretariat, email):
    response = secretariat.post("invitations/", {"email": email, "role": "auditor"})

    assert (response.status_code, Invitation.objects.count()) == (400, 0)


def test_accepting_twice_gives_one_role(anonymous):
    make_grant()
    _invitation, text = make_invitation()
    body = {"token": text, "password": PASSWORD}

    first, again = anonymous.post("invitations/accept/", body), anonymous.post("invitations/accept/", body)

    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "invitation_closed")
    assert Grant.objects.filter(role="auditor").count() == 1
