"""Who reads reminders, takes them back, and keeps the rules; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF
KEEPERS = frozenset({Role.SECRETARIAT})

REMINDER_RIGHTS: dict[str, frozenset[str]] = {
    "reminder-rules.list": READERS,
    "reminder-rules.read": READERS,
    "reminder-rules.create": KEEPERS,
    "reminder-rules.update": KEEPERS,
    "reminder-rules.publish": KEEPERS,
    "reminder-rules.retire": KEEPERS,
    "reminder-rules.pause": KEEPERS,
    "reminder-rules.resume": KEEPERS,
    "reminders.explain": READERS,
    "reminders.explain_day": READERS,
    "reminders.forecast": READERS,
    "reminders.rehearsals": READERS,
    "reminders.release": STAFF,
    "reminders.switch": READERS,
    "reminders.pause": KEEPERS,
    "reminders.resume": KEEPERS,
    "reminders/occurrences.list": READERS,
    "reminders/occurrences.read": READERS,
    "reminders/occurrences.cancel": STAFF,
    "reminders/occurrences.send_now": STAFF,
    "reminders/occurrences.mark_handled": STAFF,
}
