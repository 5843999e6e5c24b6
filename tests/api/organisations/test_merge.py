"""POST /organisations/{id}/merge/ and /unmerge/, the redirect, and the history."""

from __future__ import annotations

import pytest

from members.organisations.models import Merge, Organisation
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_name, make_organisation, make_parentage


@pytest.fixture
def pair(db):
    """A body entered twice; the second spelling is a member."""
    source, target = make_organisation(name="Reseau Fictif asbl"), make_organisation(name="Réseau Fictif")
    make_network_membership(organisation=source)
    return source, target


def merged(client, source, target, **options):
    path = f"organisations/{source.pk}/"
    tag = options.pop("tag", None) or client.get(path)["ETag"]
    return client.post(f"{path}merge/", {"into": str(target.pk), "reason": "Two spellings."}, if_match=tag)


def test_the_old_id_leads_to_the_one_that_it_lives_on_in(secretariat, anonymous, pair):
    source, target = pair

    response = merged(secretariat, source, target)

    assert response.status_code == 200, response.content
    assert (response.json()["id"], response["ETag"]) == (
        str(target.pk),
        secretariat.get(f"organisations/{target.pk}/")["ETag"],
    )
    for client in (secretariat, anonymous):
        old = client.get(f"organisations/{source.pk}/")
        url = f"/api/v1/organisations/{target.pk}/"
        assert (old.status_code, old["Location"], old["Content-Type"]) == (301, url, "application/problem+json")
        assert (old.json()["code"], old.json()["details"]) == ("moved", {"id": str(target.pk), "url": url})
    (member,) = anonymous.get("network-memberships/").json()["results"]
    assert member["organisation"]["id"] == str(target.pk)
    assert [row["id"] for row in anonymous.get("organisations/", q="reseau asbl").json()["results"]] == [str(target.pk)]


def test_the_old_id_says_nothing_to_who_does_not_see_the_new_one(secretariat, anonymous):
    source, target = make_organisation(), make_organisation(kind="company")
    merged(secretariat, source, target)

    assert anonymous.get(f"organisations/{source.pk}/").status_code == 404


def test_a_merge_is_taken_back_with_the_tag_of_the_redirect(secretariat, pair):
    source, target = pair
    before = secretariat.get(f"organisations/{source.pk}/").json()
    merged(secretariat, source, target)
    tag = secretariat.get(f"organisations/{source.pk}/")["ETag"]

    untagged = secretariat.post(f"organisations/{source.pk}/unmerge/")
    stale = secretariat.post(f"organisations/{source.pk}/unmerge/", if_match='"1-0123456789abcdef"')
    response = secretariat.post(f"organisations/{source.pk}/unmerge/", if_match=tag)

    assert (untagged.status_code, stale.status_code, response.status_code) == (428, 412, 200)
    assert response.json() == before == secretariat.get(f"organisations/{source.pk}/").json()
    assert secretariat.post(f"organisations/{source.pk}/unmerge/", if_match=tag).status_code == 404


@pytest.mark.parametrize("role", ["lcr", "member_group", "stop_partner", "company_editor", "auditor"])
def test_only_the_secretariat_merges(client_for, role, pair):
    source, target = pair
    client = client_for(role)

    responses = [
        client.post(f"organisations/{source.pk}/merge/", {"into": str(target.pk), "reason": "x"}, if_match="*"),
        client.post(f"organisations/{source.pk}/unmerge/", if_match="*"),
    ]

    assert ([response.status_code for response in responses], Merge.objects.count()) == ([403, 403], 0)


def test_a_merge_needs_the_tag_that_holds(secretariat, pair):
    source, target = pair
    body = {"into": str(target.pk), "reason": "Two spellings."}

    untagged = secretariat.post(f"organisations/{source.pk}/merge/", body)
    stale = merged(secretariat, source, target, tag='"7-0123456789abcdef"')

    assert (untagged.status_code, stale.status_code, Merge.objects.count()) == (428, 412, 0)


def test_what_can_not_be_merged_is_told_with_its_place(secretariat, pair):
    source, target = pair
    make_parentage(child=target, parent=source)
    cases = {
        source.pk: (400, "invalid", "merge_into_itself"),
        target.pk: (409, "merge_within_tree", "merge_into_one_below"),
    }

    for into, (status, code, fault) in cases.items():
        response = secretariat.post(
            f"organisations/{source.pk}/merge/", {"into": str(into), "reason": "x"}, if_match="*"
        )
        body = response.json()
        assert (response.status_code, body["code"]) == (status, code)
        assert [(each["pointer"], each["code"]) for each in body["errors"]] == [("/into", fault)]
    assert (Merge.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_conflicts_are_listed(secretariat, pair):
    source, target = pair
    row = make_network_membership(organisation=target)

    response = merged(secretariat, source, target)

    (conflict,) = response.json()["details"]["conflicts"]
    assert (response.status_code, response.json()["code"]) == (409, "merge_conflict")
    assert (conflict["relation"], conflict["code"]) == (
        "members.NetworkMembership.organisation",
        "network_membership_one_open",
    )
    row.refresh_from_db()
    assert (row.organisation_id, Organisation.objects.standing().filter(pk=source.pk).exists()) == (target.pk, True)


def test_a_dry_run_moves_nothing(secretariat, pair):
    source, target = pair
    path = f"organisations/{source.pk}/merge/?dry_run=true"

    response = secretariat.post(path, {"into": str(target.pk), "reason": "x"}, if_match="*")

    effects = "organisations.merge, organisations.take_over, organisations.move_along"
    assert (response.status_code, response["Dry-Run-Effects"]) == (200, effects)
    assert (Merge.objects.count(), secretariat.get(f"organisations/{source.pk}/").status_code) == (0, 200)


def test_the_history_tells_names_parents_and_merges(secretariat, lcr_be, pair):
    source, target = pair
    make_name(organisation=target, text="Ancien Réseau", kind="former")
    make_parentage(child=target, parent=make_organisation(name="Maison Fictive"))
    merged(secretariat, source, target)

    facts = secretariat.get(f"organisations/{target.pk}/history/").json()["facts"]

    assert [(fact["kind"], fact["detail"], fact["text"]) for fact in facts] == [
        ("merge", "taken_over", "Reseau Fictif asbl: Two spellings."),
        ("name", "former", "Ancien Réseau"),
        ("name", "official", "Reseau Fictif asbl"),
        ("name", "alias", "Reseau Fictif asbl"),
        ("name", "official", "Réseau Fictif"),
        ("parent", "owned", "Maison Fictive"),
    ]
    assert [fact["text"] for fact in facts if fact["superseded_at"]] == ["Reseau Fictif asbl"]
    others = lcr_be.get(f"organisations/{target.pk}/history/").json()["facts"]
    assert {fact["kind"] for fact in others} == {"name", "parent"}


@pytest.mark.parametrize("role", ["public", "company_editor", "evaluator"])
def test_the_history_is_not_for_everybody(client_for, role, pair):
    response = client_for(role).get(f"organisations/{pair[0].pk}/history/")

    assert response.status_code == (401 if role == "public" else 403)
