"""Who reads reminders, takes them back, and keeps the rules; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF
KEEPERS = frozenset({Role.SECRETARIAT})
FEEDING = frozenset({Role.COMPANY_EDITOR, Role.LCR, Role.SECRETARIAT})
CLOSING = frozenset({Role.COMPANY_EDITOR, Role.LCR, Role.SECRETARIAT})

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
    "reminders/occurrences.preview": STAFF,
    "reminders/occurrences.send_now": STAFF,
    "reminders/occurrences.mark_handled": STAFF,
    "reminders/mails.preview": STAFF,
    "reminders/mails.events": KEEPERS,
    # The token in the URL is the right.
    "reminders.deadlines": frozenset(Role),
    "calendar-feeds.list": FEEDING,
    "calendar-feeds.read": FEEDING,
    "calendar-feeds.create": FEEDING,
    "calendar-feeds.revoke": FEEDING,
    "closed-periods.list": READERS,
    "closed-periods.read": READERS,
    "closed-periods.create": CLOSING,
    "closed-periods.destroy": CLOSING,
    "dead-letters.list": KEEPERS,
    "dead-letters.read": KEEPERS,
    "dead-letters.redrive": KEEPERS,
}
