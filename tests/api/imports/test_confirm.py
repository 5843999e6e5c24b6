"""The plan is written as it stands, once."""

from __future__ import annotations

import pytest

from members.imports import actions
from members.imports.models import Import
from members.network.models import NetworkMembership
from members.organisations.models import Organisation
from tests.factories.imports import csv_of, make_import

pytestmark = pytest.mark.django_db
TABLE = csv_of(
    ("organisation", "country", "region", "kind", "since", "since_basis", "source", "confidence"),
    ("Réseau Sûr (DEMO)", "BE", "europe", "full", "2014", "joined", "https://source.example/", "sourced"),
    ("Réseau Douteux (DEMO)", "NL", "europe", "full", "2014", "joined", "https://source.example/", "sourced_inferred"),
)


def test_memberships_are_written_with_their_sources_and_the_uncertain_are_not_counted(send, rows_of, secretariat):
    answer = send("network-memberships", TABLE)

    confirmed = secretariat.post(f"imports/{answer.json()['id']}/confirm/")

    assert (confirmed.status_code, confirmed.json()["state"], confirmed.json()["counts"]["applied"]) == (
        200,
        "applied",
        2,
    )
    assert set(NetworkMembership.objects.values_list("organisation__name", "source", "confidence")) == {
        ("Réseau Sûr (DEMO)", "https://source.example/", "sourced"),
        ("Réseau Douteux (DEMO)", "https://source.example/", "sourced_inferred"),
    }
    total = secretariat.get("network-memberships/counts/").json()["total"]
    assert (total["certain"]["value"], total["uncertain"]["value"]) == (1, 1)
    assert [secretariat.get(row["target"]).json()["organisation"]["display"] for row in rows_of(answer)] == [
        "Réseau Sûr (DEMO)",
        "Réseau Douteux (DEMO)",
    ]
    trail = secretariat.get("audit/", request_id=confirmed.json()["request_id"]).json()["results"]
    assert sorted(event["action"] for event in trail) == [
        "imports.confirm",
        "network-memberships.create",
        "network-memberships.create",
        "organisations.create",
        "organisations.create",
    ]


def test_sent_again_every_row_is_a_match(send, secretariat):
    secretariat.post(f"imports/{send('network-memberships', TABLE).json()['id']}/confirm/")

    again = send("network-memberships", TABLE)

    assert {name: count for name, count in again.json()["counts"].items() if count} == {"match": 2, "uncertain": 1}


def test_a_dry_run_of_the_confirmation_tells_what_it_would_set_off(secretariat):
    upload = make_import()

    answer = secretariat.post(f"imports/{upload.pk}/confirm/?dry_run=true")

    assert (answer.json()["state"], answer["Dry-Run-Effects"]) == ("applied", "imports.confirm, organisations.create")
    upload.refresh_from_db()
    assert (upload.state, Organisation.objects.count()) == ("planned", 0)


def test_a_second_confirmation_is_refused(secretariat):
    upload = make_import()
    tag = secretariat.post(f"imports/{upload.pk}/confirm/", if_match="*")["ETag"]

    again = secretariat.post(f"imports/{upload.pk}/confirm/", if_match=tag)

    assert (again.status_code, again.json()["code"], Organisation.objects.count()) == (409, "move_not_allowed", 1)


def test_an_older_tag_is_refused(secretariat):
    upload = make_import()
    tag = secretariat.get(f"imports/{upload.pk}/")["ETag"]
    secretariat.post(f"imports/{upload.pk}/abort/")

    late = secretariat.post(f"imports/{upload.pk}/confirm/", if_match=tag)

    assert (late.status_code, Organisation.objects.count()) == (412, 0)


def test_one_that_is_still_being_planned_can_be_given_up_and_not_confirmed(secretariat, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    upload = make_import()

    refused = secretariat.post(f"imports/{upload.pk}/confirm/")
    gone = secretariat.post(f"imports/{upload.pk}/abort/")

    assert (refused.status_code, refused.json()["code"]) == (409, "move_not_allowed")
    assert (gone.status_code, gone.json()["state"]) == (200, "aborted")
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize("move", ["confirm", "abort"])
@pytest.mark.parametrize(("role", "status"), [("public", 401), ("auditor", 403), ("lcr", 404)])
def test_it_is_the_secretariats_to_decide(client_for, move: str, role: str, status: int):
    upload = make_import()

    answer = client_for(role).post(f"imports/{upload.pk}/{move}/")

    assert answer.status_code == status
    assert (Import.objects.get().state, Organisation.objects.filter(name="Réseau Importé (DEMO)").count()) == (
        "planned",
        0,
    )
