"""Reminders go with their organisation when it is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("codesign.Occurrence", "organisation")
register("codesign.ClosedPeriod", "company")
register("codesign.CalendarFeed", "organisation")
