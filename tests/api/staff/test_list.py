"""GET /staff/, /staff/{id}/ and its moves."""

from __future__ import annotations

import pytest

from codesign.training.models import StaffMember
from tests.factories.training import make_staff, make_workplace


@pytest.fixture
def site(db):
    """A site in Belgium with five people."""
    site = make_workplace()
    for number in range(5):
        make_staff(site, reference=f"A{number}", language="fr")
    return site


def test_the_company_sees_its_references(client_for, site):
    make_staff(reference="B1")

    response = client_for("company_viewer", organisation=site.company_id).get("staff/", valid_on="2024-01-02")

    rows = response.json()["results"]
    assert {row["reference"] for row in rows} == {"A0", "A1", "A2", "A3", "A4"}
    assert {(row["site"]["id"], row["status"], row["status_until"]) for row in rows} == {
        (str(site.pk), "never_trained", None)
    }


@pytest.mark.parametrize("role", ["lcr_be", "secretariat"])
def test_from_outside_rows_are_masked(request, site, role):
    client = request.getfixturevalue(role)

    rows = client.get("staff/").json()["results"]
    by_reference = client.get("staff/", reference="A1").json()["results"]

    assert [(row["reference"], row["language"], row["role"]) for row in rows] == [(None, None, "front_desk")] * 5
    assert by_reference == []


def test_a_site_under_five_people_shows_nobody_outside(secretariat, site):
    person = StaffMember.objects.order_by("pk").first()
    other = make_workplace(site.company)
    make_staff(other)
    StaffMember.objects.filter(pk=person.pk).update(reference="A9")

    assert len(secretariat.get("staff/").json()["results"]) == 5
    assert secretariat.get(f"staff/{StaffMember.objects.get(site=other).pk}/").status_code == 404


def test_another_country_and_another_company_see_nobody(client_for, lcr_nl, site):
    foreign = client_for("company_editor", organisation=make_workplace().company_id)
    key = StaffMember.objects.order_by("pk").first().pk

    assert [c.get("staff/").json()["results"] for c in (lcr_nl, foreign)] == [[], []]
    assert [c.get(f"staff/{key}/").status_code for c in (lcr_nl, foreign)] == [404, 404]


def test_a_move_and_a_leave(client_for, site):
    editor = client_for("company_editor", organisation=site.company_id)
    other = make_workplace(site.company)
    key = StaffMember.objects.order_by("pk").first().pk

    tag = editor.get(f"staff/{key}/")["ETag"]
    moved = editor.post(f"staff/{key}/move/", {"site": other.pk, "since": "2026-11-01"}, if_match=tag)
    stale = editor.post(f"staff/{key}/leave/", {"left_on": "2026-11-20"}, if_match=tag)
    left = editor.post(f"staff/{key}/leave/", {"left_on": "2026-11-20"})

    assert (moved.status_code, moved.json()["site"]["id"]) == (200, str(other.pk))
    assert stale.status_code == 412
    assert (left.status_code, left.json()["left_on"], left.json()["status"]) == (200, "2026-11-20", None)
    past = editor.get(f"staff/{key}/", valid_on="2026-10-31").json()
    assert past["site"]["id"] == str(site.pk)


def test_nobody_from_outside_moves_staff(secretariat, lcr_be, site):
    key = StaffMember.objects.order_by("pk").first().pk

    answers = [c.post(f"staff/{key}/leave/", {"left_on": "2026-11-20"}).status_code for c in (secretariat, lcr_be)]

    assert answers == [403, 403]
    assert StaffMember.objects.get(pk=key).left_on is None
