"""Mandates over HTTP: recorded, confirmed, ended, and who sees them."""

from __future__ import annotations

import pytest

from registry.kernel.audit.models import AuditEvent
from tests.factories.agreements import make_agreement
from tests.factories.network import make_mandate
from tests.factories.organisations import make_organisation


def tag_of(client, mandate) -> str:
    return client.get(f"mandates/{mandate.pk}/")["ETag"]


def moved() -> int:
    return AuditEvent.objects.filter(action__startswith="mandates.").count()


def test_the_secretariat_records_and_confirms_a_mandate(secretariat):
    organisation = make_organisation()
    created = secretariat.post("mandates/", {"organisation": str(organisation.pk), "country": "BE"})
    assert (created.status_code, created.json()["state"]) == (201, "recorded")

    confirmed = secretariat.post(
        f"mandates/{created.json()['id']}/confirm/", {"valid_from": "2017-01-01"}, if_match=created["ETag"]
    )

    assert (confirmed.status_code, confirmed.json()["state"], confirmed.json()["valid_from"]) == (
        200,
        "confirmed",
        "2017-01-01",
    )
    assert confirmed.json()["confirmed_at"] == "2026-11-22T10:00:00Z"


def test_a_move_needs_the_tag_of_the_version(secretariat):
    mandate = make_mandate()

    response = secretariat.post(f"mandates/{mandate.pk}/confirm/", {"valid_from": "2017-01-01"})

    mandate.refresh_from_db()
    assert (response.status_code, mandate.state, moved()) == (428, "recorded", 0)


def test_confirmed_mandates_of_one_country_never_overlap(secretariat):
    standing = make_mandate(state="confirmed")
    mandate = make_mandate()

    response = secretariat.post(
        f"mandates/{mandate.pk}/confirm/", {"valid_from": "2026-01-01"}, if_match=tag_of(secretariat, mandate)
    )

    assert (response.status_code, response.json()["code"]) == (409, "mandate_overlaps")
    assert response.json()["details"] == {"mandate": str(standing.pk)}
    mandate.refresh_from_db()
    assert (mandate.state, mandate.version, moved()) == ("recorded", 1, 0)


@pytest.mark.parametrize("state", ["confirmed", "ended"])
def test_only_a_recorded_mandate_is_confirmed(secretariat, state):
    mandate = make_mandate(state=state)

    response = secretariat.post(
        f"mandates/{mandate.pk}/confirm/", {"valid_from": "2026-01-01"}, if_match=tag_of(secretariat, mandate)
    )

    assert (response.status_code, response.json()["code"], moved()) == (409, "move_not_allowed", 0)


def test_a_mandate_ends_on_its_last_day(secretariat):
    mandate = make_mandate(state="confirmed")

    response = secretariat.post(
        f"mandates/{mandate.pk}/end/", {"valid_until": "2026-12-31"}, if_match=tag_of(secretariat, mandate)
    )

    assert (response.status_code, response.json()["state"], response.json()["valid_until"]) == (
        200,
        "ended",
        "2026-12-31",
    )


@pytest.mark.parametrize("role", ["member_group", "company_editor", "auditor", "lcr"])
def test_nobody_else_confirms(client_for, role):
    client = client_for(role)
    mandate = make_mandate(organisation=client.organisation or make_organisation(), country_id="FR")

    response = client.post(
        f"mandates/{mandate.pk}/confirm/", {"valid_from": "2017-01-01"}, if_match='"1-0000000000000000"'
    )

    mandate.refresh_from_db()
    assert (response.status_code, mandate.state) == (403, "recorded")


def test_mandates_are_not_public_and_a_company_sees_the_confirmed_one_of_its_country(anonymous, client_for):
    confirmed, recorded = make_mandate(state="confirmed"), make_mandate()
    foreign = make_mandate(state="confirmed", country_id="NL")
    company = client_for("company_editor")

    assert anonymous.get("mandates/").status_code == 401
    assert [row["id"] for row in company.get("mandates/").json()["results"]] == [str(confirmed.pk)]
    assert [company.get(f"mandates/{row.pk}/").status_code for row in (recorded, foreign)] == [404, 404]


def test_a_representative_sees_the_mandates_of_its_country_as_of_a_day(lcr_be):
    former = make_mandate(state="confirmed", valid_from="2010-01-01", valid_until="2016-12-31")

    today = [row["id"] for row in lcr_be.get("mandates/").json()["results"]]
    then = [row["id"] for row in lcr_be.get("mandates/", valid_on="2016-12-31").json()["results"]]

    assert (len(today), str(former.pk) in today, then) == (1, False, [str(former.pk)])


def test_moves_tell_what_is_open_and_why_the_rest_is_not(secretariat, auditor):
    mandate = make_mandate(state="confirmed")

    assert secretariat.get(f"mandates/{mandate.pk}/moves/").json() == [
        {"move": "confirm", "is_allowed": False, "reason": "move_not_allowed"},
        {"move": "end", "is_allowed": True, "reason": None},
    ]
    assert [row["reason"] for row in auditor.get(f"mandates/{mandate.pk}/moves/").json()] == ["right_missing"] * 2


def test_a_mandate_rests_on_an_agreement_of_its_organisation(secretariat, client_for):
    mandate = make_mandate()
    own = make_agreement(parties=(mandate.organisation, make_organisation()), title="Accord fictif")
    foreign = make_agreement()
    path, tag = f"mandates/{mandate.pk}/confirm/", tag_of(secretariat, mandate)

    refused = secretariat.post(path, {"valid_from": "2017-01-01", "agreement": str(foreign.pk)}, if_match=tag)
    confirmed = secretariat.post(path, {"valid_from": "2017-01-01", "agreement": str(own.pk)}, if_match=tag)

    assert (refused.status_code, [fault["pointer"] for fault in refused.json()["errors"]]) == (400, ["/agreement"])
    assert (confirmed.status_code, confirmed.json()["agreement"]["display"]) == (200, "Accord fictif")
    (seen,) = client_for("company_editor").get("mandates/").json()["results"]
    assert (seen["id"], seen["agreement"]) == (str(mandate.pk), None)
