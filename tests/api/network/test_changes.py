"""`changed_after`: what changed in a list, and what is gone, for whoever keeps a copy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from members.initiatives.models import Initiative
from members.organisations import actions
from registry.kernel.audit.actor import SYSTEM
from tests.factories.network import make_mandate, make_network_membership
from tests.factories.organisations import make_organisation


def changes(client, path: str, since, **params):
    response = client.get(path, changed_after=since.isoformat(), **params)
    assert response.status_code == 200, response.content
    body = response.json()
    return {row["id"] for row in body["results"]}, {row["id"]: row["moved_to"] for row in body["removed"]}


@pytest.fixture
def later(at):
    """An hour on."""
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        yield at + timedelta(hours=1)


def test_an_untouched_list_has_no_changes_and_says_from_when_to_ask_again(secretariat, at, later):
    make_network_membership()

    body = secretariat.get("network-memberships/", changed_after=at.isoformat()).json()

    assert (body["results"], body["removed"], body["changed_until"]) == ([], [], "2026-11-22T10:58:00Z")
    assert "removed" not in secretariat.get("network-memberships/").json()


def test_a_row_comes_again_when_it_or_its_organisation_has_changed(secretariat, at, later):
    row, other = make_network_membership(), make_network_membership()
    path = f"network-memberships/{row.pk}/"
    secretariat.patch(path, {"note": "Seen again."}, if_match=secretariat.get(path)["ETag"])
    secretariat.post(f"organisations/{other.organisation_id}/rename/", {"name": "Neuf", "effective_on": "2026-11-01"})

    assert changes(secretariat, "network-memberships/", at) == ({str(row.pk), str(other.pk)}, {})
    assert changes(secretariat, "organisations/", at) == ({str(other.organisation_id)}, {})


def test_what_was_merged_away_says_where_it_went_and_its_rows_come_again(secretariat, anonymous, at, later):
    row = make_network_membership()
    target = make_organisation(name="Cible Fictive")
    source = row.organisation_id
    tag = secretariat.get(f"organisations/{source}/")["ETag"]

    secretariat.post(
        f"organisations/{source}/merge/", {"into": str(target.pk), "reason": "The same body."}, if_match=tag
    )

    assert changes(anonymous, "organisations/", at) == ({str(target.pk)}, {str(source): str(target.pk)})
    assert changes(anonymous, "network-memberships/", at) == ({str(row.pk)}, {})


def test_who_is_no_longer_listed_is_to_be_forgotten_and_who_never_was_is_not_named(secretariat, anonymous, at, later):
    row = make_network_membership()
    hidden = make_network_membership(organisation=make_organisation(is_listed=False))
    for key in (row.organisation_id, hidden.organisation_id):
        secretariat.patch(f"organisations/{key}/", {"note": "Seen again."})
    secretariat.patch(f"organisations/{row.organisation_id}/", {"is_listed": False})

    assert changes(anonymous, "organisations/", at) == (set(), {str(row.organisation_id): None})
    assert changes(anonymous, "network-memberships/", at) == (set(), {str(row.pk): None})


def test_days_bring_rows_in_and_take_them_out(secretariat, at):
    ending = make_network_membership(valid_until=date(2026, 12, 31))
    coming = make_mandate(state="confirmed", valid_from=date(2027, 1, 1))

    with time_machine.travel(at + timedelta(days=60), tick=False):
        assert changes(secretariat, "network-memberships/", at) == (set(), {str(ending.pk): None})
        assert changes(secretariat, "mandates/", at) == ({str(coming.pk)}, {})


def test_what_was_destroyed_is_named(secretariat, anonymous, at, later):
    body = {"code": "regarder-ensemble", "kind": "campaign", "names": {"en": "Looking together"}}
    key = secretariat.post("initiatives/", body).json()["id"]
    assert changes(anonymous, "initiatives/", at) == ({key}, {})

    secretariat.delete(f"initiatives/{key}/")

    assert not Initiative.objects.exists()
    assert changes(anonymous, "initiatives/", at) == (set(), {key: None})


@pytest.mark.parametrize("value", ["yesterday", "2026-11-22", "2026-11-22T10:00:00", "0001-01-01T00:00:00Z"])
def test_a_moment_needs_its_offset(anonymous, value):
    response = anonymous.get("organisations/", changed_after=value)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?changed_after")


def test_an_export_and_a_row_take_no_moment(anonymous):
    organisation = make_network_membership().organisation

    for path in ("organisations/export/", f"organisations/{organisation.pk}/"):
        assert anonymous.get(path, changed_after="2026-11-22T10:00:00Z").status_code == 400


def test_changes_cost_the_same_queries_for_one_and_for_many(secretariat, at, later, django_assert_max_num_queries):
    for _ in range(12):
        row = make_network_membership()
        actions.update(organisation_id=row.organisation_id, note="Seen.", actor=SYSTEM, at=at)

    with django_assert_max_num_queries(5):
        found, _ = changes(secretariat, "network-memberships/", at)
    assert len(found) == 12
