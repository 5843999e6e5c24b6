"""POST /worklist/nudge/: remind many companies at once, with a result for each."""

from __future__ import annotations

import pytest

from codesign.reminders.models import Occurrence
from tests.factories.companies import make_company, make_membership
from tests.factories.people import make_contact
from tests.factories.reporting import make_member, make_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    """A member whose report on 2025 is overdue."""
    found = make_member()
    make_year(2025)
    return found


def late(client):
    return [work["item"] for work in client.get("worklist/", kind="report_late").json()["results"]]


def test_each_item_has_a_result_of_its_own(lcr_be, member):
    make_contact(organisation=member.company.organisation, role="reporting_officer")
    (item,) = late(lcr_be)
    waiting = make_membership(company=make_company(), state="submitted")
    foreign = "report_late:0193a000-0000-7000-8000-000000000003"

    response = lcr_be.post(
        "worklist/nudge/", [{"item": item}, {"item": f"plan_wanted:{waiting.pk}"}, {"item": foreign}, {"what": 1}]
    )

    assert response.status_code == 200, response.content
    assert [(row["index"], row["is_planned"], row["code"]) for row in response.json()] == [
        (0, True, ""),
        (1, False, "not_nudgeable"),
        (2, False, "unknown_item"),
        (3, False, "unknown_field"),
    ]
    assert Occurrence.objects.count() == 1
    again = lcr_be.post("worklist/nudge/", {"item": item})
    assert [(row["is_planned"], row["code"]) for row in again.json()] == [(False, "nudged_today")]


def test_who_can_not_be_written_to_is_said(lcr_be, member):
    (item,) = late(lcr_be)

    response = lcr_be.post("worklist/nudge/", {"item": item})

    assert [(row["is_planned"], row["code"]) for row in response.json()] == [(False, "nobody_to_write_to")]
    assert list(Occurrence.objects.values_list("state", flat=True)) == ["suppressed"]
