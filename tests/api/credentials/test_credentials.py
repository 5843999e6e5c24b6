"""Certificates of completion: /credentials/."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from joserfc import jws
from joserfc.jwk import RSAKey

from codesign.training.models import Completion, Credential, CredentialClaim
from registry.kernel import signing
from registry.kernel.audit.models import AuditEvent
from tests.factories.training import (
    CODE,
    complete,
    load_default_requirements,
    make_completion,
    make_course,
    make_credential,
    make_staff,
)

REVOKED = ("revoked", 409, "revoked")


@pytest.fixture
def trained(db):
    """Somebody trained on 4 May 2026: a front-line role, valid for twelve months."""
    load_default_requirements()
    course = make_course(names={"en": "Basics", "fr": "Les bases"})
    return make_completion(make_staff(reference="OLD-17"), course=course, on=date(2026, 5, 4))


@pytest.fixture
def editor(client_for, trained):
    return client_for("company_editor", organisation=trained.staff_member.company_id)


def test_a_worker_gets_a_code_that_anybody_can_check(editor, anonymous, trained):
    response = editor.post("credentials/", {"completions": [trained.pk]}, key="issue-1")

    (issued,) = response.json()
    checked = anonymous.get(f"credentials/check/{issued['code'].lower().replace('-', '')}/")
    assert (response.status_code, checked.status_code) == (201, 200)
    assert checked.json() == {
        "state": "valid",
        "course": "Basics",
        "kind": "elearning",
        "completed_on": "2026-05-04",
        "valid_until": "2027-05-04",
        "issued_at": "2026-11-22T10:00:00Z",
        "revoked_at": None,
        "issuer": f"{settings.PUBLIC_URL}/api/v1/credentials/issuer/",
    }
    # Neither code nor reference lies in the database or in what was kept of the request.
    row = Credential.objects.get()
    assert issued["code"] not in str(vars(row))
    assert editor.post("credentials/", {"completions": [trained.pk]}, key="issue-1").json()["code"] == "answer_not_kept"
    assert "OLD-17" not in checked.content.decode()


@pytest.mark.parametrize("code", ["7K3M-0000-1111-2222-ZZZY", "7K3M", "x" * 40])
def test_an_unknown_code_is_not_found(anonymous, trained, code):
    make_credential(trained, code=CODE)

    assert [anonymous.get(f"credentials/check/{text}/").status_code for text in (CODE, code)] == [200, 404]


def test_it_lapses_with_the_rule_and_a_refresher_extends_it(anonymous, trained):
    old = make_completion(make_staff(), course=trained.course, on=date(2025, 11, 21))
    make_credential(old, code=CODE)
    before = anonymous.get(f"credentials/check/{CODE}/").json()

    complete(old.staff_member, make_course(kind="refresher"), date(2026, 9, 1))

    after = anonymous.get(f"credentials/check/{CODE}/").json()
    assert [(c["state"], c["valid_until"]) for c in (before, after)] == [
        ("lapsed", "2026-11-21"),
        ("valid", "2027-09-01"),
    ]


def test_a_revoked_or_corrected_one_has_no_badge(editor, anonymous, trained):
    other = make_completion(make_staff(trained.staff_member.site), course=trained.course, on=date(2026, 5, 5))
    revoked, corrected = make_credential(trained, code=CODE), make_credential(other, code=CODE[:-1] + "Y")

    answers = [
        editor.post(f"credentials/{revoked.pk}/revoke/", {"reason": "lost"}),
        editor.post(f"completions/{corrected.completion_id}/correct/", {"reason": "wrong_person"}),
        editor.post(f"credentials/{revoked.pk}/revoke/", {"reason": "lost"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    for code in (CODE, CODE[:-1] + "Y"):
        badge = anonymous.get(f"credentials/check/{code}/badge/")
        state = anonymous.get(f"credentials/check/{code}/").json()["state"]
        assert (state, badge.status_code, badge.json()["code"]) == REVOKED


def test_a_new_one_takes_the_place_of_the_one_before(editor, anonymous, trained):
    codes = [editor.post("credentials/", {"completions": [trained.pk]}).json()[0]["code"] for _ in range(2)]

    states = [anonymous.get(f"credentials/check/{code}/").json()["state"] for code in codes]

    assert states == ["revoked", "valid"]


def test_the_badge_is_signed_by_a_published_key_and_names_nobody(anonymous, trained):
    make_credential(trained, code=CODE)

    badge = anonymous.get(f"credentials/check/{CODE}/badge/").json()

    header = jws.extract_compact(badge["jwt"].encode()).headers()
    key = anonymous.get(header["kid"].removeprefix(f"{settings.PUBLIC_URL}/api/v1/")).json()
    payload = json.loads(jws.deserialize_compact(badge["jwt"], RSAKey.import_key(key), algorithms=["RS256"]).payload)
    assert (header["alg"], "d" in key) == ("RS256", False)
    assert key in anonymous.get("credentials/keys/").json()["keys"]
    assert {name: payload.pop(name) for name in ("iss", "jti", "sub", "nbf", "exp")} == {
        "iss": badge["credential"]["issuer"]["id"],
        "jti": f"{settings.PUBLIC_URL}/api/v1/credentials/check/{CODE}/",
        "sub": badge["credential"]["credentialSubject"]["id"],
        "nbf": int(datetime(2026, 5, 4, tzinfo=UTC).timestamp()),
        "exp": int(datetime(2027, 5, 4, 23, 59, 59, tzinfo=UTC).timestamp()),
    }
    assert payload == badge["credential"]
    assert (payload["type"], payload["validFrom"], payload["validUntil"]) == (
        ["VerifiableCredential", "OpenBadgeCredential"],
        "2026-05-04T00:00:00Z",
        "2027-05-04T23:59:59Z",
    )
    text = json.dumps(payload)
    person = trained.staff_member
    assert not any(str(word) in text for word in (person.pk, person.reference, person.company_id, person.site.name))


def test_after_a_rotation_the_old_key_stays_published(anonymous, trained):
    make_credential(trained, code=CODE)
    before = anonymous.get(f"credentials/check/{CODE}/badge/").json()["jwt"]

    call_command("rotate_signing_key", stdout=open("/dev/null", "w"))  # noqa: SIM115

    after = anonymous.get(f"credentials/check/{CODE}/badge/").json()["jwt"]
    keys = [RSAKey.import_key(key) for key in anonymous.get("credentials/keys/").json()["keys"]]
    kids = [jws.extract_compact(text.encode()).headers()["kid"] for text in (before, after)]
    assert kids[0] != kids[1]
    assert [key.thumbprint() in kids[n] for n, key in enumerate(keys[-2:])] == [True, True]


def test_keys_may_come_from_the_environment(settings, anonymous, db):
    key = RSAKey.generate_key(2048)
    settings.SIGNING_KEYS = json.dumps({"keys": [key.as_dict(private=True)]})

    assert [one["kid"] for one in anonymous.get("credentials/keys/").json()["keys"]] == [key.thumbprint()]
    with pytest.raises(ValueError, match="SIGNING_KEYS"):
        signing.rotate()


def test_it_prints_with_a_qr_code(anonymous, trained):
    make_credential(trained, code=CODE, issued_at=datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC))

    response = anonymous.get(f"credentials/check/{CODE}/certificate/", headers={"Accept-Language": "fr"})

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")


def test_a_next_employer_claims_it_and_nothing_links_the_two(client_for, trained):
    make_credential(trained, code=CODE)
    newcomer = make_staff(reference="NEW-1", hired_on=date(2026, 11, 1))
    other = make_staff(newcomer.site, reference="NEW-2")
    editor = client_for("company_editor", organisation=newcomer.company_id)

    answers = [
        editor.post("credentials/claim/", {"code": code, "reference": reference})
        for code, reference in ((CODE, "NEW-1"), (CODE.replace("-", ""), "new-1"), (CODE, "NEW-2"))
    ]

    claimed = Completion.objects.get(staff_member=newcomer)
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert {answer.json()["completion"] for answer in answers[:2]} == {str(claimed.pk)}
    assert answers[2].json()["code"] == "claimed"
    assert (claimed.source, claimed.completed_on, claimed.course_id) == (
        "credential",
        date(2026, 5, 4),
        trained.course_id,
    )
    assert not Completion.objects.filter(staff_member=other).exists()
    assert newcomer.tiles.get(first_day="2026-11-01").status == "valid"
    # What is kept of the claim names neither the code nor the first employment.
    claim = CredentialClaim.objects.get()
    kept = [str(vars(claim)), *(str(vars(event)) for event in AuditEvent.objects.filter(object_id=claimed.pk))]
    secrets = (CODE, Credential.objects.get().code_digest, str(trained.pk), str(trained.staff_member_id))
    assert not any(secret in text for secret in secrets for text in kept)


@pytest.mark.parametrize(
    ("reference", "state", "course", "status", "code"),
    [
        ("NEW-9", {}, {}, 400, "invalid"),
        ("NEW-1", {"revoked_at": "2026-11-01T00:00:00Z", "revoked_reason": "lost"}, {}, 409, "revoked"),
        ("NEW-1", {}, {"is_own": True}, 409, "not_transferable"),
    ],
)
def test_what_can_not_be_claimed_changes_nothing(client_for, trained, reference, state, course, status, code):
    if course:
        own = make_course(company=trained.staff_member.company)
        trained = make_completion(trained.staff_member, course=own, on=date(2026, 6, 1))
    make_credential(trained, code=CODE, **state)
    newcomer = make_staff(reference="NEW-1")
    editor = client_for("company_editor", organisation=newcomer.company_id)

    response = editor.post("credentials/claim/", {"code": CODE, "reference": reference})

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert (CredentialClaim.objects.count(), Completion.objects.filter(staff_member=newcomer).count()) == (0, 0)


def test_a_refresher_and_a_foreign_completion_get_none(editor, trained):
    (refresher,) = complete(trained.staff_member, make_course(kind="refresher"), date(2026, 9, 1))
    foreign = make_completion(on=date(2026, 5, 4))

    answers = [editor.post("credentials/", {"completions": [key]}) for key in (refresher, foreign.pk)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(409, "is_refresher"), (400, "invalid")]
    assert Credential.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("This certificate is valid", "Basics", "Completed on May 4, 2026", "Valid until May 4, 2027")),
        ("fr", ("Les bases", "Suivi le 4 mai 2026", "Valable jusqu’au 4 mai 2027")),
        ("nl", ("Basics", "Gevolgd op 4 mei 2026", "Geldig tot en met 4 mei 2027")),
    ],
)
def test_the_code_on_paper_leads_to_a_page_that_names_nobody(client, trained, language: str, said: tuple[str, ...]):
    make_credential(trained, code=CODE)

    page = client.get(f"/trained/{CODE}/", headers={"Accept-Language": language})

    text = page.content.decode()
    assert (page.status_code, [words for words in said if words not in text]) == (200, [])
    for hidden in ("OLD-17", trained.staff_member.site.name, trained.staff_member.company.organisation.name):
        assert hidden not in text
    assert page["Cache-Control"].startswith("max-age=0")


def test_the_page_tells_what_has_lapsed_was_revoked_or_never_was(client, editor, trained):
    make_credential(trained, code=CODE)
    wrong = CODE.replace("7K3M", "7K3N")

    Completion.objects.update(completed_on=date(2024, 1, 1))
    lapsed = client.get(f"/trained/{CODE}/")
    editor.post(f"credentials/{Credential.objects.get().pk}/revoke/", {"reason": "lost"})
    revoked = client.get(f"/trained/{CODE}/")

    assert (lapsed.status_code, "not valid any more" in lapsed.content.decode()) == (200, True)
    assert (revoked.status_code, "was withdrawn" in revoked.content.decode()) == (200, True)
    assert [client.get(f"/trained/{text}/").status_code for text in (wrong, "nonsense")] == [404, 404]


def test_the_page_is_counted_with_the_other_checks(client, trained):
    make_credential(trained, code=CODE)

    found = [client.get(f"/trained/{CODE}/") for _ in range(31)]

    assert [page.status_code for page in found] == [200] * 30 + [429]
    assert 1 <= int(found[-1]["Retry-After"]) <= 60
    assert "Basics" not in found[-1].content.decode()
