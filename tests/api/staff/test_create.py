"""POST /staff/."""

from __future__ import annotations

import pytest

from codesign.training.models import StaffMember
from tests.factories.training import make_workplace


def row(site, reference="A1", **more):
    return {"reference": reference, "site": site.pk, "role": "front_desk", "hired_on": "2026-01-05", **more}


@pytest.fixture
def site(db):
    return make_workplace()


def test_a_list_has_a_result_per_item(client_for, site):
    editor = client_for("company_editor", organisation=site.company_id)

    response = editor.post("staff/", [row(site), row(site, role="Jane Doe"), row(site, "jane doe"), row(site, "a2")])

    assert response.status_code == 200
    items = response.json()
    found = [(item["index"], item["status"], [(f["pointer"], f["code"]) for f in item["errors"]]) for item in items]
    assert found == [
        (0, "created", []),
        (1, "error", [("/1/role", "invalid_choice")]),
        (2, "error", [("/2/reference", "looks_like_name")]),
        (3, "created", []),
    ]
    assert "jane" not in response.content.decode().lower()
    assert set(StaffMember.objects.values_list("reference", flat=True)) == {"A1", "a2"}


def test_one_item_needs_no_list(client_for, site):
    response = client_for("company_system", organisation=site.company_id).post("staff/", row(site))

    assert [item["status"] for item in response.json()] == ["created"]


def test_a_dry_run_writes_nothing(client_for, site):
    response = client_for("company_editor", organisation=site.company_id).post("staff/?dry_run=true", [row(site)])

    assert [item["status"] for item in response.json()] == ["created"]
    assert StaffMember.objects.count() == 0


def test_more_than_a_thousand_are_refused(client_for, site):
    editor = client_for("company_editor", organisation=site.company_id)

    response = editor.post("staff/", [row(site, f"A{n}") for n in range(1001)])

    assert (response.status_code, response.json()["code"]) == (413, "too_many_items")
    assert StaffMember.objects.count() == 0


@pytest.mark.parametrize("role", ["company_viewer", "evaluator", "auditor", "secretariat", "lcr"])
def test_other_roles_register_nobody(client_for, site, role):
    response = client_for(role).post("staff/", [row(site)])

    assert response.status_code == 403
    assert StaffMember.objects.count() == 0


def test_a_token_needs_the_scope(client_for, site):
    answers = [
        client_for("company_system", organisation=site.company_id, scopes=[scope])
        .post("staff/", [row(site)])
        .status_code
        for scope in ("training:read", "reports:write", "training:write")
    ]

    assert answers == [403, 403, 200]
