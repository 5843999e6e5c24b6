"""Specimens of reminders: rules, the queue, forecasts, rehearsals and explanations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from codesign.reminders import actions
from codesign.reminders.actions import open_feed
from codesign.reminders.models import ClosedPeriod, Occurrence, ReminderRule
from codesign.reporting.models import ReportObligation
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.companies import membership
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import reminders, standing

_numbers = count(1)
STEPS = [{"offset_days": -45, "contact_role": "reporting_officer"}]
DRAFT = {"kind": "report_due", "names": {"en": "Report due"}, "effective_from": "2027-01-01", "steps": STEPS}


def member(place: Place) -> Any:
    """A member since before the year that is reported on."""
    return membership(place, "active")


def rule(place: Place) -> ReminderRule:
    """A rule in force."""
    return reminders.make_draft(code=f"report-{next(_numbers)}", published_at=AT)


def paused(place: Place) -> ReminderRule:
    """A rule that was switched off."""
    return actions.pause(rule_id=rule(place).pk, actor=SYSTEM, at=AT)


def all_paused(place: Place) -> Any:
    """The switch for everything, off."""
    return actions.pause_all(reason="Wrong import", actor=SYSTEM, at=AT)


def draft(place: Place) -> ReminderRule:
    """A draft, which the secretariat alone sees."""
    return reminders.make_draft(code=f"report-{next(_numbers)}")


def obligation(place: Place) -> Any:
    """The report of 2026 that a company owes, with the rule that reminds it."""
    reminders.make_rule()
    owing = member(place)
    return ReportObligation.objects.create(
        membership=owing,
        company=owing.company,
        reporting_year=reminders.make_year(),
        due_on=date(2027, 3, 31),
        lapses_on=date(2027, 6, 29),
        created_at=AT,
    )


def occurrence(place: Place) -> Any:
    """A reminder that has not left."""
    owed = obligation(place)
    return Occurrence.objects.create(
        rule_code="report-due",
        rule_version=1,
        subject_type="report_obligation",
        subject_id=owed.pk,
        organisation=owed.company.organisation,
        membership=owed.membership,
        anchor_on=owed.due_on,
        step=-30,
        contact_role="reporting_officer",
        due_at=AT,
        planned_at=AT,
    )


def muted(place: Place) -> Any:
    """A membership of an imported book."""
    found = member(place)
    type(found).objects.filter(pk=found.pk).update(reminders_muted_until=datetime(2200, 1, 1, tzinfo=UTC))
    return found


def _explained(place: Place, row: Any) -> dict[str, Any]:
    return {"rule": "report-due", "subject": str(obligation(place).pk)}


def _period(place: Place, row: Any) -> dict[str, Any]:
    obligation(place)
    return {"from": "2026-11-22"}


def own_body(place: Place) -> Any:
    """The organisation whose deadlines the caller may have as a calendar."""
    if place.is_own and place.role is Role.LCR:
        return place.caller.organisation
    return place.company().organisation


def feed(place: Place) -> Any:
    """A calendar feed."""
    return open_feed(organisation_id=own_body(place).pk, actor=SYSTEM, at=AT)[0]


def _feed_token(place: Place, row: Any) -> dict[str, str]:
    return {"token": open_feed(organisation_id=place.company().pk, actor=SYSTEM, at=AT)[1]}


def _feed_body(place: Place, row: Any) -> dict[str, str]:
    return {"organisation": str(own_body(place).pk)}


def closed(place: Place) -> Any:
    """A winter."""
    days = {"first_on": date(2027, 11, 1), "last_on": date(2028, 3, 15)}
    return ClosedPeriod.objects.create(company=place.company(), **days, created_at=AT)


def _closed_body(place: Place, row: Any) -> dict[str, str]:
    return {"company": str(place.company().pk), "first_on": "2027-11-01", "last_on": "2028-03-15"}


def dead_letter(place: Place) -> Any:
    """A message that was given up."""
    return reminders.make_message(state="dead", attempts=8, last_error="ValueError")


def _explained_day(place: Place, row: Any) -> dict[str, Any]:
    obligation(place)
    return {"rule": "report-due", "on": "2027-03-01"}


def _receipt(place: Place, row: Any) -> dict[str, Any]:
    """For a mail that was handed over, and its notice."""
    left, letter = occurrence(place), reminders.make_message(message_id="<a@b>", state="sent", sent_at=AT)
    Occurrence.objects.filter(pk=left.pk).update(letter=letter, state="handed_over")
    standing.make_notice(
        left.membership, sent_on=date(2026, 11, 20), kind="report_due", reference=left.key, delivered_at=None
    )
    return {"message_id": "<a@b>", "event": "delivered", "happened_at": "2026-11-22T09:00:00Z"}


def _rehearsed(place: Place, row: Any) -> dict[str, Any]:
    owed = obligation(place)
    return {"assumptions": [{"company": str(owed.company_id), "done_on": str(AT.date() + timedelta(days=30))}]}


REMINDERS: dict[str, Specimen] = {
    **reads("reminder_rules", rule, is_shared=True),
    "reminder_rules_create": Specimen(body=sent(code="fee-late", **DRAFT), status=201),
    "reminder_rules_update": Specimen(row=draft, body=sent(late_days=14)),
    "reminder_rules_publish": Specimen(row=draft),
    "reminder_rules_retire": Specimen(row=rule, body=sent(on="2027-01-01"), is_shared=True),
    "reminder_rules_pause": Specimen(row=rule, is_shared=True),
    "reminder_rules_resume": Specimen(row=paused, is_shared=True),
    "reminders_forecast": Specimen(query=_period),
    "reminders_explain": Specimen(query=_explained),
    "reminders_explain_day": Specimen(query=_explained_day),
    "reminders_rehearsals": Specimen(body=_rehearsed),
    "reminders_release": Specimen(body=lambda place, row: {"memberships": [str(muted(place).pk)]}),
    "reminders_switch": Specimen(),
    "reminders_pause": Specimen(body=sent(reason="Wrong import")),
    "reminders_resume": Specimen(row=all_paused, is_shared=True),
    **reads("reminders_occurrences", occurrence),
    "reminders_occurrences_cancel": Specimen(row=occurrence),
    "reminders_occurrences_preview": Specimen(row=occurrence),
    "reminders_occurrences_send_now": Specimen(row=occurrence),
    "reminders_occurrences_mark_handled": Specimen(row=occurrence),
    "reminders_mails_preview": Specimen(query=_explained),
    "reminders_mails_events": Specimen(body=_receipt),
    "reminders_deadlines": Specimen(query=_feed_token),
    **reads("calendar_feeds", feed),
    "calendar_feeds_create": Specimen(body=_feed_body, refs=("organisation",), status=201),
    "calendar_feeds_revoke": Specimen(row=feed),
    **reads("closed_periods", closed),
    "closed_periods_create": Specimen(body=_closed_body, refs=("company",), status=201),
    "closed_periods_destroy": Specimen(row=closed, status=204),
    **reads("dead_letters", dead_letter, is_shared=True),
    "dead_letters_redrive": Specimen(row=dead_letter, is_shared=True),
}
