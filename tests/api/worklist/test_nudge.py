"""POST /worklist/nudge/: remind many companies at once, with a result for each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from codesign.companies.lifecycle import MembershipState
from codesign.reminders.models import Occurrence
from tests.factories.companies import make_company, make_membership
from tests.factories.fees import make_agreement, make_invoice
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


def nudged(client, item: str) -> str:
    (row,) = client.post("worklist/nudge/", {"item": item}).json()
    return row["code"]


def works(client, **params) -> dict[str, dict[str, Any]]:
    return {work["item"]: work for work in client.get("worklist/", **params).json()["results"]}


NUDGE = "/api/v1/worklist/nudge/"
CONTACT = "/api/v1/contacts/"
LOG = "/api/v1/contact-log/"


def test_who_can_not_be_written_to_is_said_and_a_contact_is_the_step(lcr_be, member):
    (item,) = late(lcr_be)

    call = works(lcr_be)[item]["call"]

    assert nudged(lcr_be, item) == "nobody_to_write_to"
    assert Occurrence.objects.count() == 0
    assert (call["instead_of_nudge"], call["url"], call["fill_in"]) == (
        "nobody_to_write_to",
        CONTACT,
        ["email", "language"],
    )
    assert call["body"] == {"organisation": str(member.company_id), "role": "reporting_officer"}


def test_a_suspended_company_gets_no_reminder_and_its_file_is_the_step(lcr_be, member):
    make_contact(organisation=member.company.organisation, role="reporting_officer")
    (item,) = late(lcr_be)
    assert works(lcr_be)[item]["call"]["url"] == NUDGE
    member.state = MembershipState.SUSPENDED
    member.save(update_fields=["state"])

    call = works(lcr_be)[item]["call"]

    assert (nudged(lcr_be, item), Occurrence.objects.count()) == ("suspended", 0)
    assert (call["method"], call["url"], call["instead_of_nudge"]) == (
        "GET",
        f"/api/v1/companies/{member.company_id}/notice-file/",
        "suspended",
    )
    assert lcr_be.get(call["url"].removeprefix("/api/v1/")).status_code == 200


def test_a_book_that_is_muted_and_one_reminded_today_are_called(lcr_be, member):
    make_contact(organisation=member.company.organisation, role="reporting_officer")
    (item,) = late(lcr_be)

    assert nudged(lcr_be, item) == ""
    again = works(lcr_be)[item]["call"]
    Occurrence.objects.all().delete()
    member.reminders_muted_until = datetime(2026, 6, 1, tzinfo=UTC)
    member.save(update_fields=["reminders_muted_until"])
    muted = works(lcr_be)[item]["call"]

    assert [(call["instead_of_nudge"], call["url"], call["fill_in"]) for call in (again, muted)] == [
        ("nudged_today", LOG, ["summary"]),
        ("muted", LOG, ["summary"]),
    ]
    assert (nudged(lcr_be, item), Occurrence.objects.count()) == ("muted", 0)
    said = lcr_be.post("contact-log/", muted["body"] | {"summary": "The report comes next week."})
    assert said.status_code == 201, said.content


@pytest.mark.parametrize("state", ["approved", "active", "suspended"])
@pytest.mark.parametrize("is_reached", [True, False])
@pytest.mark.parametrize("is_muted", [True, False])
def test_what_the_list_offers_is_what_is_accepted(lcr_be, state, is_reached, is_muted):
    """Every kind of work that a reminder answers, in every state in which it stands on the list."""
    membership = make_member(state=state, approved_on=date(2026, 10, 1))
    muted = datetime(2026, 11, 1, tzinfo=UTC) if is_muted else None
    membership.reminders_muted_until = muted
    membership.save(update_fields=["reminders_muted_until"])
    make_year(2025)
    make_invoice(membership=membership, due_on=date(2026, 11, 1), issued_on=date(2026, 10, 1))
    make_agreement(membership=membership, sent_on=date(2026, 10, 1))
    if is_reached:
        make_contact(organisation=membership.company.organisation, role="director")
    kinds = ["report_late", "fee_overdue", "approved_unpaid", "agreement_unsigned"]

    listed = works(lcr_be, kind=kinds)

    assert len(listed) == (2 if state == "approved" else 3)
    for item, work in listed.items():
        offered = work["call"]["url"] == NUDGE
        is_of_rules = state == "approved" or work["kind"] != "agreement_unsigned"
        assert offered == (state != "suspended" and is_of_rules and is_reached and not is_muted)
        Occurrence.objects.all().delete()  # two works of one approval are one matter
        assert (nudged(lcr_be, item) or None) == work["call"]["instead_of_nudge"], item
        assert Occurrence.objects.exists() == offered
