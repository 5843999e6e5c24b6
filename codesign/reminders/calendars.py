"""The deadlines of one organisation as a calendar: what a company owes, or what the companies of an LCR owe."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from icalendar import Calendar, Event

from codesign.reminders.mails import screen_of
from codesign.reminders.models import ReminderKind, ReminderRule
from codesign.reminders.sources import SOURCES
from members.organisations.models import Organisation

BACK, AHEAD, MOST_EVENTS = timedelta(days=90), timedelta(days=400), 2000
KINDS = (ReminderKind.REPORT_DUE, ReminderKind.FEE_DUE, ReminderKind.ACTION_DUE, ReminderKind.AGREEMENT_ENDING)


def deadlines(organisation_id: UUID, *, language: str, at: datetime) -> bytes:
    """An iCalendar file with a day for each open deadline, as the planner finds them; two queries a kind."""
    calendar = Calendar()
    calendar.add("prodid", "-//The Code register//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    names = dict(ReminderRule.objects.published().filter(country=None).order_by("version").values_list("kind", "names"))
    for kind in KINDS:
        source = SOURCES[kind]
        columns = source.columns
        mine = Q(**{columns["organisation_id"]: organisation_id})
        if "representative_id" in columns:
            mine |= Q(**{columns["representative_id"]: organisation_id})
        window = source.anchors((at - BACK).date(), (at + AHEAD).date())
        rows = list(source.subjects(at=at, narrow=mine & window)[:MOST_EVENTS])
        organisations = dict(Organisation.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "name"))
        said = names.get(kind, {})
        for subject, anchor, organisation, *_ in sorted(rows, key=lambda row: (row[1], str(row[0]))):
            event = Event()
            event.add("uid", f"{kind}-{subject}@{host}")
            event.add("dtstamp", at)
            event.add("dtstart", anchor)
            event.add("dtend", anchor + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            event.add("summary", f"{said.get(language) or said.get('en', kind)}: {organisations[organisation]}")
            event.add("url", screen_of(source, organisation, is_own=organisation == organisation_id))
            calendar.add_component(event)
    return calendar.to_ical()
