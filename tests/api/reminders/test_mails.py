"""Mails over HTTP: rehearsed, previewed, told of, driven again; the calendar, the closed season, the one click."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from codesign.reminders import actions
from codesign.reminders.mails import unsubscribe_url
from codesign.reminders.models import CalendarFeed, Occurrence, OptOut, ReminderRule
from codesign.reporting.models import ReportObligation
from registry.kernel.outbox.models import OutboxMessage
from tests.api_client import ApiClient
from tests.factories.companies import make_membership
from tests.factories.reminders import AT, make_contact, make_draft, make_message, make_obligation, make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(lcr_be: ApiClient) -> ReportObligation:
    """A report due on 20 December 2026, with an officer of the company."""
    make_rule()
    obligation = make_obligation(due_on=date(2026, 12, 20), representative=lcr_be.organisation)
    make_contact(organisation=obligation.company.organisation, email="officer@zee.example")
    return obligation


def test_a_mail_is_seen_in_the_browser_without_being_sent(lcr_be: ApiClient, owed: ReportObligation) -> None:
    question = {"rule": "report-due", "subject": str(owed.pk), "step": 1, "language": "es"}

    answer = lcr_be.get("reminders/mails/preview/", **question)

    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert '<html lang="es" dir="auto">' in page
    assert "El informe debía" in page or "informe" in page
    assert (Occurrence.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert lcr_be.get("reminders/mails/preview/", rule="report-due", subject=str(owed.company_id)).status_code == 404


@pytest.mark.parametrize(
    ("language", "what", "monday"),
    [
        ("en", "Applications without a plan: 1. ", "Nov. 23, 2026"),
        ("nl", "Aanvragen zonder plan: 1. ", "23 november 2026"),
        ("fr", "Demandes sans plan : 1. ", "23 novembre 2026"),
        ("de", "Anträge ohne Plan: 1. ", "23. November 2026"),
        ("es", "Solicitudes sin plan: 1. ", "23 de noviembre de 2026"),
    ],
)
def test_the_representatives_week_counts_one_as_well_as_many(
    lcr_be: ApiClient, language: str, what: str, monday: str
) -> None:
    make_rule("lcr-week")
    make_membership(state="submitted", representative=lcr_be.organisation)
    question = {"rule": "lcr-week", "subject": str(lcr_be.organisation.pk), "language": language}

    page = lcr_be.get("reminders/mails/preview/", **question).content.decode()

    assert f'<p dir="auto">{what}</p>' in page
    assert monday in page


def test_a_draft_is_rehearsed_before_it_is_published(secretariat: ApiClient, owed: ReportObligation) -> None:
    body = {
        "code": "report-due",
        "kind": "report_due",
        "names": {"en": "Report due"},
        "effective_from": "2026-11-22",
        "steps": [{"offset_days": -5, "contact_role": "reporting_officer"}],
    }

    made = secretariat.post("reminder-rules/", body)
    found = secretariat.post("reminders/rehearsals/", {"rule": made.json()["id"], "until": "2027-01-10"}).json()

    assert (made.status_code, made.json()["version"], made.json()["published_at"]) == (201, 2, None)
    assert [row["step"] for row in found["added"]] == [-5]
    assert [row["step"] for row in found["removed"]] == [-7, 1]
    grouped = secretariat.get("reminders/forecast/", group_by="step", to="2027-01-10").json()
    assert [(group["key"], group["count"]) for group in grouped["groups"]] == [("-7", 1), ("1", 1)]
    rule = made.json()["id"]
    assert secretariat.post(f"reminder-rules/{rule}/publish/").json()["published_at"] == "2026-11-22T10:00:00Z"
    late = secretariat.patch(f"reminder-rules/{rule}/", {"late_days": 3})
    assert (late.status_code, late.json()["code"]) == (409, "not_a_draft")
    assert secretariat.post(f"reminder-rules/{rule}/pause/").json()["paused_at"] == "2026-11-22T10:00:00Z"
    silence = secretariat.get("reminders/explain-day/", rule="report-due", on="2026-12-15").json()
    assert (silence["verdict"], silence["sent"], silence["stopped"]) == ("rule_stopped", 0, ["rule_paused"])


def test_a_silent_day_names_the_clause_that_was_in_the_way(lcr_be: ApiClient, owed: ReportObligation) -> None:
    ReportObligation.objects.update(fulfilled_at=AT, fulfilled_on=AT.date())

    # −7 is Sunday 13 December: it would leave on Monday.
    found = lcr_be.get("reminders/explain-day/", rule="report-due", on="2026-12-14").json()

    assert (found["verdict"], found["subjects"], found["failing"]) == ("clauses", 1, {"owed": 1})
    assert lcr_be.get("reminders/explain-day/", rule="report-due", on="2026-12-16").json()["verdict"] == "nothing_due"


def test_a_bounce_is_told_and_holds_the_contact(secretariat: ApiClient, owed: ReportObligation, at: Any) -> None:
    make_message(key="k", message_id="<one@registry.example>", state="sent", sent_at=at)
    actions.plan(at=at)
    Occurrence.objects.update(state="handed_over", letter=OutboxMessage.objects.get(key="k"))
    body = {"message_id": "<one@registry.example>", "event": "hard_bounce", "happened_at": "2026-11-22T09:00:00Z"}

    answer = secretariat.post("reminders/mails/events/", body)

    assert (answer.status_code, answer.json()) == (200, {"items": 1})
    assert list(Occurrence.objects.values_list("state", "contact__on_hold_since")) == [("bounced", at)]
    assert secretariat.post("reminders/mails/events/", {**body, "message_id": "<x@y>"}).json() == {"items": 0}


def test_a_dead_letter_is_listed_and_driven_again(secretariat: ApiClient) -> None:
    dead = make_message(state="dead", attempts=8, last_error="ValueError")

    (row,) = secretariat.get("dead-letters/").json()["results"]
    answer = secretariat.post(f"dead-letters/{row['id']}/redrive/")

    assert (row["id"], row["attempts"], row["reason"]) == (str(dead.pk), 8, "ValueError")
    assert answer.json() == {"redriven": 1}
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("pending", 0)
    assert secretariat.get("dead-letters/").json()["results"] == []


def test_deadlines_are_a_calendar_for_whoever_has_the_token(
    lcr_be: ApiClient, anonymous: ApiClient, owed: ReportObligation, caplog: Any
) -> None:
    made = lcr_be.post("calendar-feeds/", {"organisation": str(lcr_be.organisation.pk)})
    token = made.json()["path"].partition("token=")[2]

    answer = anonymous.get("reminders/deadlines.ics", token=token)

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert event.decoded("dtstart") == date(2026, 12, 20)
    assert str(event["summary"]) == f"Annual report due: {owed.company.organisation.name}"
    desk = f"http://localhost:8000/desk/?company={owed.company_id}#report"
    assert str(event["url"]) == desk
    assert token not in caplog.text
    assert CalendarFeed.objects.filter(digest__contains=token).count() == 0
    lcr_be.post(f"calendar-feeds/{made.json()['id']}/revoke/")
    assert anonymous.get("reminders/deadlines.ics", token=token).status_code == 404
    assert anonymous.get("reminders/deadlines.ics", token="guess").status_code == 404


def test_a_closed_season_is_noted_and_taken_back(lcr_be: ApiClient, owed: ReportObligation) -> None:
    body = {"company": str(owed.company_id), "first_on": "2026-12-07", "last_on": "2026-12-27"}

    made = lcr_be.post("closed-periods/", body)
    moved = [row["due_at"][:10] for row in lcr_be.get("reminders/forecast/", to="2027-01-10").json()["results"]]
    lcr_be.delete(f"closed-periods/{made.json()['id']}/")
    before = [row["due_at"][:10] for row in lcr_be.get("reminders/forecast/", to="2027-01-10").json()["results"]]

    assert (moved, before) == (["2026-12-28", "2026-12-28"], ["2026-12-14", "2026-12-21"])
    backwards = lcr_be.post("closed-periods/", {**body, "last_on": "2026-12-01"})
    assert (backwards.status_code, backwards.json()["errors"][0]["pointer"]) == (400, "/last_on")


def test_one_click_stops_an_optional_reminder(owed: ReportObligation, at: Any) -> None:
    ReminderRule.objects.all().delete()
    make_draft(code="tips", binding="optional", published_at=AT, effective_from=AT.date())
    row = Occurrence(rule_code="tips", recipient=make_contact(organisation=owed.company.organisation).pk)
    path = unsubscribe_url([row], optional={row.rule_code}).removeprefix("http://localhost:8000")
    browser = Client(enforce_csrf_checks=True)

    asked = browser.get(path)
    opted_by_looking = OptOut.objects.count()
    clicked = browser.post(path, {"List-Unsubscribe": "One-Click"})

    assert (asked.status_code, opted_by_looking, clicked.status_code) == (200, 0, 200)
    assert list(OptOut.objects.values_list("rule_code", flat=True)) == ["tips"]
    assert browser.get(path[:-3] + "xx/").status_code == 404


@pytest.mark.parametrize(
    ("language", "asked", "done"),
    [
        ("en", "Stop mails of this kind?", "No more mails of this kind"),
        ("fr", "Ne plus recevoir ce type de courriel ?", "Vous ne recevrez plus ce type de courriel"),
        ("nl", "Geen mails van deze soort meer?", "U krijgt geen mails van deze soort meer"),
        ("de", "Keine Mails dieser Art mehr?", "Sie erhalten keine Mails dieser Art mehr"),
        ("es", "¿No recibir más correos de este tipo?", "Ya no recibirá correos de este tipo"),
    ],
)
def test_who_leaves_is_asked_and_answered_in_the_language_of_the_mail(
    owed: ReportObligation, at: Any, language: str, asked: str, done: str
) -> None:
    make_draft(code="tips", binding="optional", published_at=AT, effective_from=AT.date())
    reader = make_contact(organisation=owed.company.organisation, language=language)
    path = unsubscribe_url([Occurrence(rule_code="tips", recipient=reader.pk)], optional={"tips"}).removeprefix(
        "http://localhost:8000"
    )

    pages = [Client().get(path), Client().post(path)]

    headings = [re.findall("<h1>(.*?)</h1>", page.content.decode()) for page in pages]
    assert headings == [[asked], [done]]
    assert [(page["Content-Language"], f'<html lang="{language}">' in page.content.decode()) for page in pages] == [
        (language, True),
        (language, True),
    ]
