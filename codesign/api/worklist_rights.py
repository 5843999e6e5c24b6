"""Who works with the worklist and the contact log: officers alone."""

from __future__ import annotations

from members.scope import Role

OFFICERS = frozenset({Role.LCR, Role.SECRETARIAT})

WORKLIST_RIGHTS: dict[str, frozenset[str]] = {
    "worklist.items": OFFICERS,
    "worklist.snooze": OFFICERS,
    "worklist.nudge": OFFICERS,
    "worklist.wake": OFFICERS,
    "contact-log.list": OFFICERS,
    "contact-log.read": OFFICERS,
    "contact-log.create": OFFICERS,
    "contact-log.settle": OFFICERS,
}
