"""Seats of the regional committee over HTTP: how many, who holds them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from members.assemblies.models import CommitteeSeats, CommitteeTerm
from registry.kernel.audit.models import AuditEvent
from tests.factories.assemblies import make_assembly, make_seats, make_term
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation


def recorded() -> int:
    return AuditEvent.objects.filter(action__startswith="committee-").exclude(actor_id=None).count()


def body_of(organisation, **values) -> dict:
    return {"region": "europe", "organisation": str(organisation.pk), "starts_on": "2026-01-01", **values}


def test_an_election_fills_a_seat_for_a_term(secretariat, anonymous):
    make_seats()
    assembly, member = make_assembly(title="Assemblée"), make_network_membership().organisation

    elected = secretariat.post(
        "committee-terms/", body_of(member, ends_on="2028-12-31", role="chair", elected_at=str(assembly.pk))
    )

    assert (elected.status_code, elected.json()["role"], elected.json()["elected_at"]["display"]) == (
        201,
        "chair",
        "Assemblée",
    )
    (seats,) = anonymous.get("committee-seats/").json()["results"]
    assert (seats["region"]["id"], seats["seat_count"], seats["held_count"]) == ("europe", 2, 1)
    on_days = [
        len(anonymous.get("committee-terms/", valid_on=day).json()["results"])
        for day in ("2025-12-31", "2026-01-01", "2028-12-31", "2029-01-01")
    ]
    assert on_days == [0, 1, 1, 0]


def test_there_are_never_more_holders_than_seats(secretariat):
    make_seats()
    make_term()
    make_term(ends_on=date(2026, 6, 30))
    member = make_network_membership().organisation

    early = secretariat.post("committee-terms/", body_of(member))
    after = secretariat.post("committee-terms/", body_of(member, starts_on="2026-07-01"))

    assert (early.status_code, early.json()["code"], early.json()["details"]) == (
        409,
        "more_holders_than_seats",
        {"day": "2026-01-01", "holders": 3, "seats": 2},
    )
    assert (after.status_code, CommitteeTerm.objects.count(), recorded()) == (201, 3, 1)


def test_a_seat_before_there_are_any_is_refused(secretariat):
    make_seats()
    member = make_network_membership().organisation

    response = secretariat.post("committee-terms/", body_of(member, starts_on="2023-06-01", ends_on="2024-06-01"))

    assert (response.status_code, response.json()["details"]["seats"]) == (409, 0)
    assert CommitteeTerm.objects.count() == 0


@pytest.mark.parametrize(
    ("membership", "values", "pointer", "code"),
    [
        ({"region_id": "americas"}, {}, "/organisation", "other_region"),
        ({"valid_until": date(2025, 12, 31), "state": "left"}, {}, "/organisation", "not_a_member"),
        ({}, {"ends_on": "2025-12-31"}, "/ends_on", "before_start"),
        ({}, {"region": "atlantis"}, "/region", "unknown_reference"),
        ({}, {"elected_at": "01900000-0000-7000-8000-00000000dead"}, "/elected_at", "unknown_reference"),
        ({}, {"role": "queen"}, "/role", "invalid_choice"),
        ({}, {"holder": "A Person"}, "/holder", "unknown_field"),
    ],
)
def test_a_bad_election_is_refused_with_its_place(secretariat, membership, values, pointer, code):
    make_seats()
    member = make_network_membership(**membership).organisation

    response = secretariat.post("committee-terms/", body_of(member, **values))

    errors = response.json()["errors"]
    assert (response.status_code, [(error["pointer"], error["code"]) for error in errors]) == (400, [(pointer, code)])
    assert (CommitteeTerm.objects.count(), recorded()) == (0, 0)


def test_who_is_no_member_holds_no_seat_and_who_holds_one_no_second(secretariat):
    make_seats()
    term = make_term()

    stranger = secretariat.post("committee-terms/", body_of(make_organisation()))
    second = secretariat.post("committee-terms/", body_of(term.organisation))

    assert stranger.json()["errors"][0]["code"] == "not_a_member"
    assert (second.status_code, second.json()["code"]) == (409, "already_holds_seat")
    assert CommitteeTerm.objects.count() == 1


def test_a_term_ends_early_and_frees_its_seat(secretariat):
    make_seats(seat_count=1)
    term = make_term()
    url = f"committee-terms/{term.pk}/"
    tag = secretariat.get(url)["ETag"]

    without = secretariat.post(f"{url}end/", {"ends_on": "2026-11-30"})
    bad = [
        secretariat.post(f"{url}end/", {"ends_on": day}, if_match=tag).json()["errors"][0]["code"]
        for day in ("2024-12-31", "2028-01-01")
    ]
    ended = secretariat.post(f"{url}end/", {"ends_on": "2026-11-30"}, if_match=tag)
    follower = secretariat.post(
        "committee-terms/", body_of(make_network_membership().organisation, starts_on="2026-12-01")
    )

    assert (without.status_code, bad) == (428, ["before_start", "after_end"])
    assert (ended.status_code, ended.json()["ends_on"], follower.status_code) == (200, "2026-11-30", 201)


def test_the_number_of_seats_changes_from_a_day_on(secretariat):
    make_seats()
    make_term()
    make_term()

    fewer = secretariat.post("committee-seats/", {"region": "europe", "seat_count": 1, "valid_from": "2027-06-01"})
    past = secretariat.post("committee-seats/", {"region": "europe", "seat_count": 3, "valid_from": "2024-01-01"})
    later = secretariat.post("committee-seats/", {"region": "europe", "seat_count": 1, "valid_from": "2028-01-01"})

    assert (fewer.status_code, fewer.json()["code"], fewer.json()["details"]["day"]) == (
        409,
        "more_holders_than_seats",
        "2027-06-01",
    )
    assert (past.status_code, past.json()["code"]) == (409, "seats_begin_later")
    assert later.status_code == 201
    counts = [
        secretariat.get("committee-seats/", valid_on=day).json()["results"][0]["seat_count"]
        for day in ("2027-12-31", "2028-01-01")
    ]
    assert counts == [2, 1]
    assert (CommitteeSeats.objects.current().count(), recorded()) == (2, 1)


def test_the_unlisted_are_counted_and_not_shown(anonymous, auditor):
    make_seats()
    make_term(organisation=make_network_membership(organisation=make_organisation(is_listed=False)).organisation)

    assert anonymous.get("committee-seats/").json()["results"][0]["held_count"] == 1
    assert [len(client.get("committee-terms/").json()["results"]) for client in (anonymous, auditor)] == [0, 1]


@pytest.mark.parametrize("role", ["auditor", "member_group", "lcr"])
def test_only_the_secretariat_decides(client_for, role):
    make_seats()
    term = make_term()
    client = client_for(role)

    answers = [
        client.post("committee-seats/", {"region": "europe", "seat_count": 9, "valid_from": "2027-01-01"}),
        client.post("committee-terms/", body_of(term.organisation)),
        client.post(f"committee-terms/{term.pk}/end/", {"ends_on": "2026-12-31"}, if_match="*"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (CommitteeTerm.objects.get().version, CommitteeSeats.objects.count(), recorded()) == (1, 1, 0)
