"""Plans over HTTP."""

from __future__ import annotations

import pytest

from codesign.criteria.models import PlanAction
from tests.factories.companies import make_membership
from tests.factories.criteria import load_plan_templates, make_plan_action

pytestmark = pytest.mark.django_db
NEW = {"criterion_number": 4, "title": "Posters", "responsible_role": "director", "due_on": "2027-01-31"}


@pytest.fixture
def membership():
    return make_membership(state="submitted")


@pytest.fixture
def editor(client_for, membership):
    return client_for("company_editor", organisation=membership.company)


def test_a_plan_is_drafted_kept_done_and_verified(editor, lcr_be, membership):
    load_plan_templates()

    drafted = editor.post("plan-actions/draft/", {"membership": str(membership.pk), "language": "nl"})
    assert drafted.status_code == 201
    assert [row["criterion_number"] for row in drafted.json()] == [1, 1, 2, 2, 2, 3, 4, 4, 5, 6]
    added = editor.post("plan-actions/", {"membership": str(membership.pk), **NEW})
    assert (added.status_code, added.json()["state"]) == (201, "open")
    path = f"plan-actions/{added.json()['id']}"
    changed = editor.patch(f"{path}/", {"due_on": "2027-02-28"}, if_match=added.headers["ETag"])
    assert (changed.status_code, changed.json()["due_on"]) == (200, "2027-02-28")
    done = editor.post(f"{path}/done/", {"done_on": "2026-11-20"}, if_match=changed.headers["ETag"])
    assert (done.status_code, done.json()["state"], done.json()["done_on"]) == (200, "done", "2026-11-20")
    unshown = lcr_be.post(f"{path}/verify/", if_match=done.headers["ETag"])
    assert (unshown.status_code, unshown.json()["code"]) == (409, "evidence_missing")
    editor.post("plan-evidence/", {"action": added.json()["id"], "link": "https://hotel.example/posters"})
    verified = lcr_be.post(f"{path}/verify/", if_match=done.headers["ETag"])

    assert (verified.status_code, verified.json()["state"], verified.json()["verified_on"]) == (
        200,
        "verified",
        "2026-11-22",
    )


@pytest.mark.parametrize("move", ["done", "reopen", "verify"])
def test_a_move_needs_the_version_that_was_read(lcr_be, membership, move):
    action = make_plan_action(membership=membership, state="open" if move == "done" else "done", version=2)
    body = {"done_on": "2026-11-20"} if move == "done" else None
    old = '"1-0123456789abcdef"'

    without, stale = (lcr_be.post(f"plan-actions/{action.pk}/{move}/", body, if_match=tag) for tag in (None, old))

    state = action.state
    action.refresh_from_db()
    assert (without.status_code, stale.status_code, stale.json()["code"]) == (428, 412, "stale")
    assert (action.state, action.version) == (state, 2)


def test_the_company_does_not_verify(editor, membership):
    action = make_plan_action(membership=membership, state="done")
    tag = editor.get(f"plan-actions/{action.pk}/").headers["ETag"]

    response = editor.post(f"plan-actions/{action.pk}/verify/", if_match=tag)

    action.refresh_from_db()
    assert (response.status_code, action.state) == (403, "done")


def test_an_action_is_verified_once(lcr_be, membership):
    action = make_plan_action(membership=membership, state="verified")
    tag = lcr_be.get(f"plan-actions/{action.pk}/").headers["ETag"]

    response = lcr_be.post(f"plan-actions/{action.pk}/verify/", if_match=tag)

    assert (response.status_code, response.json()["code"]) == (409, "move_not_allowed")


def test_an_open_action_leaves_the_plan(editor, membership):
    action = make_plan_action(membership=membership)
    tag = editor.get(f"plan-actions/{action.pk}/").headers["ETag"]

    assert editor.delete(f"plan-actions/{action.pk}/", if_match=tag).status_code == 204
    assert PlanAction.objects.count() == 0


def test_a_plan_under_review_does_not_change(client_for):
    membership = make_membership(state="plan_submitted")
    editor = client_for("company_editor", organisation=membership.company)

    response = editor.post("plan-actions/", {"membership": str(membership.pk), **NEW})

    assert (response.status_code, response.json()["code"], PlanAction.objects.count()) == (409, "plan_under_review", 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"criterion_number": 7}, "/criterion_number"),
        ({"title": ""}, "/title"),
        ({"due_on": "31/01/2027"}, "/due_on"),
        ({"state": "verified"}, "/state"),
    ],
)
def test_bad_input_is_named(editor, membership, change, pointer):
    response = editor.post("plan-actions/", {"membership": str(membership.pk), **NEW, **change})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)
    assert PlanAction.objects.count() == 0


def test_foreign_plans_are_not_there(editor, membership):
    own, foreign = make_plan_action(membership=membership), make_plan_action()

    assert [row["id"] for row in editor.get("plan-actions/").json()["results"]] == [str(own.pk)]
    assert editor.get(f"plan-actions/{foreign.pk}/").status_code == 404
    response = editor.post("plan-actions/", {"membership": str(foreign.membership_id), **NEW})
    assert response.json()["errors"][0]["code"] == "unknown_reference"


def test_filters(lcr_be, membership):
    action = make_plan_action(membership=membership, criterion_number=3)
    make_plan_action(membership=membership, criterion_number=4, state="done")
    make_plan_action()

    params = {"company": str(membership.company_id), "criterion_number": [3, 5], "state": "open"}

    assert [row["id"] for row in lcr_be.get("plan-actions/", **params).json()["results"]] == [str(action.pk)]
    assert lcr_be.get("plan-actions/", due_before="2027-03-31").json()["results"] == []
