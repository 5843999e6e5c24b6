"""A hotel misses its report: who hears of it, when, in which words; and what both sides are told when they ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from members.people.models import ContactRole
from tests.api_client import ApiClient
from tests.domain.reminders.test_foresight import Tray, a_day
from tests.factories.reminders import make_body, make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db
HOTEL = "balie@zee.example"
DUE_ON = date(2027, 3, 31)
# The rule's days; the 30th of April is a Friday, the 30th of May a Sunday: it leaves on the Monday.
STEPS = {-30: "2027-03-01", -7: "2027-03-24", 1: "2027-04-01", 30: "2027-04-30", 60: "2027-05-31"}


def test_the_hotel_hears_five_times_in_dutch_its_representative_weekly_and_both_can_ask_why(
    lcr_be: ApiClient, client_for: Any
) -> None:
    make_rule("report-due", "lcr-week")
    hotel = client_for("company_editor")
    owed = make_obligation(organisation=hotel.organisation, representative=lcr_be.organisation, due_on=DUE_ON)
    make_contact(organisation=hotel.organisation, email=HOTEL, language="nl")
    make_contact(organisation=lcr_be.organisation, role=ContactRole.LCR_OFFICER, email="desk@lcr.example")
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT)
    tray, day = Tray(), datetime(2027, 2, 25, tzinfo=UTC)

    while day.date() < date(2027, 6, 15):
        # The minute before nine in Brussels, and nine: the first would show what leaves too early.
        nine = datetime(day.year, day.month, day.day, 8 if day < datetime(2027, 3, 28, tzinfo=UTC) else 7, tzinfo=UTC)
        a_day(nine - timedelta(minutes=1), tray)
        assert [mail for mail in tray.mails if mail["To"] == HOTEL and mail["Date"].datetime.minute == 59] == []
        a_day(nine, tray)
        day += timedelta(days=1)

    to_hotel = [mail for mail in tray.mails if mail["To"] == HOTEL]
    assert [mail["Date"].datetime.date().isoformat() for mail in to_hotel] == list(STEPS.values())
    assert {mail["Content-Language"] for mail in to_hotel} == {"nl"}
    name = owed.company.organisation.name
    before, after = (
        f"Verslag 2026 van {name}: in te dienen uiterlijk op 31 maart 2027",
        f"Te laat: verslag 2026 van {name}",
    )
    assert [mail["Subject"] for mail in to_hotel] == [before] * 2 + [after] * 3
    to_lcr = [mail["Date"].datetime.date() for mail in tray.mails if mail["To"] == "desk@lcr.example"]
    # The week in which it became late on the day itself, then every Monday; its step of +30 in between, and that of +60
    # in a Monday's own mail.
    mondays = [date(2027, 4, 5) + timedelta(days=7 * number) for number in range(11)]
    assert to_lcr == sorted([date(2027, 4, 1), date(2027, 4, 30), *mondays])
    for side in (hotel, lcr_be):
        answer = side.get("reminders/explain/", rule="report-due", subject=str(owed.pk), at=day.isoformat()).json()
        sent = [(row["step"], row["state"]) for row in answer["past"] if row["contact_role"] == "reporting_officer"]
        assert sent == [(step, "handed_over") for step in STEPS]
        assert (answer["verdict"], answer["blocked_by"]["step"], answer["coming"]) == ("sent", 60, [])
        assert {clause["code"]: clause["holds"] for clause in answer["clauses"]} == {
            "owed": True,
            "active_member": True,
            "released": True,
        }
