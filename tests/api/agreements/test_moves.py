"""Agreements over HTTP once all have signed: amended, ended, renewed, replaced."""

from __future__ import annotations

import pytest

from members.agreements.lifecycle import MOVES, AgreementMove, AgreementState
from members.agreements.models import Agreement, Amendment
from registry.kernel.audit.models import AuditEvent
from tests.factories.agreements import make_agreement
from tests.factories.organisations import make_organisation


def tag_of(client, agreement) -> str:
    return client.get(f"agreements/{agreement.pk}/")["ETag"]


def move(client, agreement, name: str, body: dict, **options):
    options.setdefault("if_match", tag_of(client, agreement))
    return client.post(f"agreements/{agreement.pk}/{name}/", body, **options)


def moved() -> int:
    return AuditEvent.objects.exclude(action="agreements.create").filter(action__startswith="agreements.").count()


def state_of(agreement) -> tuple[str, int]:
    agreement.refresh_from_db()
    return agreement.state, agreement.version


def body_for(name: str, agreement) -> dict:
    other = make_agreement(parties=[party.organisation for party in agreement.parties.all()])
    return {
        "sign": {
            "organisation": str(agreement.parties.first().organisation_id),
            "signed_on": "2026-01-01",
            "signatory_role": "chair",
        },
        "bring_into_force": {"starts_on": "2025-06-01"},
        "amend": {"effective_on": "2026-01-01", "title": "Accord modifié"},
        "end": {"ended_on": "2026-12-31", "reason": "by_consent"},
        "renew": {"starts_on": "2028-01-01", "ends_on": "2029-12-31"},
        "replace": {"by": str(other.pk), "ended_on": "2026-12-31"},
    }[name]


@pytest.mark.parametrize("name", AgreementMove.values)
@pytest.mark.parametrize("state", AgreementState.values)
def test_a_move_starts_from_the_states_of_the_table_alone(secretariat, name, state):
    agreement = make_agreement(state=state)
    before, body = moved(), body_for(name, agreement)

    response = move(secretariat, agreement, name.replace("_", "-"), body)

    if state in MOVES[AgreementMove(name)]:
        assert response.status_code == (201 if name == "renew" else 200)
        # One of two parties has signed: it stays a draft.
        assert state_of(agreement) == ("draft" if name == "sign" else MOVES[AgreementMove(name)][state], 2)
    else:
        assert (response.status_code, response.json()["code"]) == (409, "move_not_allowed")
        assert response.json()["details"] == {"move": name, "state": state}
        assert (state_of(agreement), moved()) == ((state, 1), before)


@pytest.mark.parametrize("name", AgreementMove.values)
def test_a_move_needs_the_tag_of_the_present_version(secretariat, name):
    agreement = make_agreement(state="draft" if name == "sign" else "in_force")
    body, path = body_for(name, agreement), name.replace("_", "-")
    old = tag_of(secretariat, agreement)
    Agreement.objects.filter(pk=agreement.pk).update(version=7)

    without = secretariat.post(f"agreements/{agreement.pk}/{path}/", body)
    stale = move(secretariat, agreement, path, body, if_match=old)

    assert (without.status_code, stale.status_code, stale.json()["code"]) == (428, 412, "stale")
    assert (state_of(agreement)[1], moved()) == (7, 0)


def test_an_amendment_is_kept_apart_with_what_it_changed(secretariat):
    agreement = make_agreement(renewal_notice_days=30)

    first = move(secretariat, agreement, "amend", {"effective_on": "2026-01-01", "ends_on": "2028-06"})
    second = move(
        secretariat,
        agreement,
        "amend",
        {
            "effective_on": "2026-06-01",
            "ends_on": "",
            "is_open_ended": True,
            "renewal_notice_days": None,
            "reference_url": "https://avenant.example/2",
        },
    )

    assert (first.status_code, second.status_code) == (200, 200)
    assert [
        (row["number"], row["field"], row["before"], row["after"], row["effective_on"])
        for row in second.json()["amendments"]
    ] == [
        (1, "ends_on", "2027-12-31", "2028-06", "2026-01-01"),
        (2, "ends_on", "2028-06", "", "2026-06-01"),
        (2, "is_open_ended", "false", "true", "2026-06-01"),
        (2, "renewal_notice_days", "30", "", "2026-06-01"),
    ]
    assert (second.json()["is_open_ended"], second.json()["ends_on"], second.json()["notice_due_on"]) == (
        True,
        "",
        None,
    )


@pytest.mark.parametrize(
    ("name", "body", "place", "code"),
    [
        ("amend", {"effective_on": "2026-01-01"}, None, "nothing_amended"),
        ("amend", {"effective_on": "2026-01-01", "ends_on": "2027-12-31"}, None, "nothing_amended"),
        ("amend", {"effective_on": "2024-12-31", "title": "Avant"}, "/effective_on", "before_start"),
        ("amend", {"effective_on": "2026-01-01", "ends_on": "2024"}, "/ends_on", "before_start"),
        ("amend", {"effective_on": "2026-01-01", "starts_on": "2024"}, "/starts_on", "unknown_field"),
        ("end", {"ended_on": "2024-12-31", "reason": "other"}, "/ended_on", "before_start"),
        ("end", {"ended_on": "2028-01-01", "reason": "other"}, "/ended_on", "after_end"),
        ("end", {"ended_on": "2026-01-01", "reason": "bored"}, "/reason", "invalid_choice"),
        ("renew", {"starts_on": "2025-01-01"}, "/starts_on", "before_former"),
        ("renew", {"starts_on": "--01-22"}, "/starts_on", "before_former"),
        ("renew", {"starts_on": "2028", "ends_on": "2027"}, "/ends_on", "before_start"),
    ],
)
def test_a_bad_move_is_refused_with_its_place(secretariat, name, body, place, code):
    agreement = make_agreement()

    response = move(secretariat, agreement, name, body)

    answer = response.json()
    found = (answer["errors"][0]["pointer"], answer["errors"][0]["code"]) if place else (None, answer["code"])
    assert (response.status_code, *found) == (400, place, code)
    assert (state_of(agreement), moved()) == (("in_force", 1), 0)
    assert (Agreement.objects.count(), Amendment.objects.count()) == (1, 0)


def test_a_signed_agreement_comes_into_force_on_a_day_before_its_end(secretariat):
    agreement = make_agreement(state="signed", starts_on="")

    without = move(secretariat, agreement, "bring-into-force", {})
    late = move(secretariat, agreement, "bring-into-force", {"starts_on": "2028-01-01"})

    assert [answer.json()["errors"][0]["code"] for answer in (without, late)] == ["required", "after_end"]
    assert state_of(agreement) == ("signed", 1)


def test_an_ended_one_holds_until_its_last_day(secretariat):
    agreement = make_agreement()

    response = move(secretariat, agreement, "end", {"ended_on": "2026-11-30", "reason": "by_notice"})

    shown = response.json()
    assert (shown["ended_on"], shown["end_reason"], shown["ends_on"]) == ("2026-11-30", "by_notice", "2027-12-31")
    listed = [
        len(secretariat.get("agreements/", valid_on=day).json()["results"]) for day in ("2026-11-30", "2026-12-01")
    ]
    assert listed == [1, 0]


def test_a_renewal_is_a_new_agreement_linked_to_the_former(secretariat):
    former = make_agreement(renewal_notice_days=60, title="Accord de base")

    response = move(secretariat, former, "renew", {"starts_on": "2027-07-01", "ends_on": "2030-06-30"})

    new = response.json()
    assert (response.status_code, new["state"], new["title"], new["renewal_notice_days"]) == (
        201,
        "draft",
        "Accord de base",
        60,
    )
    assert response["Location"] == f"/api/v1/agreements/{new['id']}/"
    assert (new["renews"]["id"], [party["signed_on"] for party in new["parties"]]) == (str(former.pk), ["", ""])
    shown = secretariat.get(f"agreements/{former.pk}/").json()
    assert (shown["state"], shown["renewed_by"]["id"], shown["ends_on"]) == ("renewed", new["id"], "2027-12-31")
    assert [party["organisation"]["id"] for party in new["parties"]] == [
        party["organisation"]["id"] for party in shown["parties"]
    ]
    # It holds until the new one begins.
    former.refresh_from_db()
    assert (former.ends_earliest.isoformat(), former.ends_latest.isoformat()) == ("2027-06-30", "2027-06-30")


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ("itself", "replaced_by_itself"),
        ("draft", "replacement_not_signed"),
        ("others", "other_parties"),
        ("absent", "unknown_reference"),
    ],
)
def test_what_replaces_is_another_signed_agreement_of_the_same_parties(secretariat, which, code):
    agreement = make_agreement()
    parties = [party.organisation for party in agreement.parties.all()]
    keys = {
        "itself": lambda: agreement.pk,
        "draft": lambda: make_agreement(parties=parties, state="draft").pk,
        "others": lambda: make_agreement(parties=(parties[0], make_organisation())).pk,
        "absent": lambda: "01900000-0000-7000-8000-00000000dead",
    }

    response = move(secretariat, agreement, "replace", {"by": str(keys[which]()), "ended_on": "2026-12-31"})

    errors = response.json()["errors"]
    assert (response.status_code, [(e["pointer"], e["code"]) for e in errors]) == (400, [("/by", code)])
    assert (state_of(agreement), moved()) == (("in_force", 1), 0)


def test_offered_moves_say_why_not(secretariat, auditor):
    agreement = make_agreement(state="signed")

    offered = {row["move"]: row["reason"] for row in secretariat.get(f"agreements/{agreement.pk}/moves/").json()}
    to_auditor = {row["reason"] for row in auditor.get(f"agreements/{agreement.pk}/moves/").json()}

    assert offered == {
        "sign": "move_not_allowed",
        "bring_into_force": None,
        "amend": None,
        "end": "move_not_allowed",
        "renew": "move_not_allowed",
        "replace": "move_not_allowed",
    }
    assert to_auditor == {"right_missing"}
