"""Who reads reminders and takes them back; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF

REMINDER_RIGHTS: dict[str, frozenset[str]] = {
    "reminder-rules.list": READERS,
    "reminder-rules.read": READERS,
    "reminders.explain": READERS,
    "reminders.forecast": READERS,
    "reminders/occurrences.list": READERS,
    "reminders/occurrences.read": READERS,
    "reminders/occurrences.cancel": STAFF,
}
