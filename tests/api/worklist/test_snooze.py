"""POST /worklist/snooze/ and /worklist/wake/: put something off with a reason, and take it up again."""

from __future__ import annotations

import pytest

from codesign.worklist.models import Snooze
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_company, make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return make_membership(state="submitted")


def body(membership, **more):
    return {"item": f"plan_wanted:{membership.pk}", "until": "2026-12-07", "reason": "On site next week.", **more}


def items(client, **params):
    return [work["item"] for work in client.get("worklist/", **params).json()["results"]]


def test_what_is_put_off_leaves_the_list_of_the_side_and_comes_back(lcr_be, client_for, secretariat, waiting):
    colleague = client_for("lcr", country="BE", organisation=lcr_be.organisation)
    item = f"plan_wanted:{waiting.pk}"

    response = lcr_be.post("worklist/snooze/", body(waiting))

    assert (response.status_code, response.json()) == (200, {"item": item, "until": "2026-12-07"})
    assert (items(lcr_be), items(colleague), items(secretariat, everywhere="true")) == ([], [], [item])
    (asleep,) = lcr_be.get("worklist/", snoozed="true").json()["results"]
    assert asleep["snoozed"] == {"until": "2026-12-07", "reason": "On site next week.", "by": "lcr (ECPAT Belgium)"}

    assert colleague.post("worklist/wake/", {"item": item}).json() == {"item": item, "until": None}
    assert items(lcr_be) == [item]
    assert list(AuditEvent.objects.order_by("recorded_at").values_list("action", flat=True)) == [
        "worklist.snooze",
        "worklist.wake",
    ]


def test_once_more_changes_the_day(lcr_be, waiting):
    lcr_be.post("worklist/snooze/", body(waiting))

    lcr_be.post("worklist/snooze/", body(waiting, until="2026-12-08", reason="One day more."))

    assert list(Snooze.objects.values_list("until", "reason")) == [(Snooze.objects.get().until, "One day more.")]
    assert str(Snooze.objects.get().until) == "2026-12-08"


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"until": "2026-11-22"}, "/until", "out_of_range"),
        ({"until": "2027-02-21"}, "/until", "out_of_range"),
        ({"reason": "Ask jane@hotel.example"}, "/reason", "looks_like_a_person"),
        ({"item": "plan_wanted:nothing"}, "/item", "unknown_item"),
        ({"item": "no_such_kind:0193a000-0000-7000-8000-000000000003"}, "/item", "unknown_item"),
        ({"item": "plan_to_decide:0193a000-0000-7000-8000-000000000003"}, "/item", "unknown_item"),
    ],
)
def test_what_can_not_be_put_off(lcr_be, waiting, more, pointer, code):
    response = lcr_be.post("worklist/snooze/", body(waiting, **more))

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert "jane" not in response.content.decode()
    assert (Snooze.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_nobody_puts_off_the_work_of_another_country(lcr_be):
    french = make_membership(company=make_company(country="FR"), state="submitted")

    response = lcr_be.post("worklist/snooze/", body(french))

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "unknown_item")
    assert Snooze.objects.count() == 0
