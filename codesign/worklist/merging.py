"""What was put off and talked about goes with a company when its organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("codesign.Snooze", "company")
register("codesign.ContactLogEntry", "company")
