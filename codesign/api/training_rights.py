"""Who may call what about training."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

_OWN_READERS = COMPANY_ROLES | {Role.SITE_EDITOR}
_OWN_WRITERS = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.SITE_EDITOR})
_OUTSIDE = frozenset({Role.LCR, Role.SECRETARIAT})
_SECRETARIAT = frozenset({Role.SECRETARIAT})
_ANYBODY = frozenset({Role.PUBLIC})
_KNOWN = frozenset(Role) - {Role.PUBLIC, Role.APPLICANT}

TRAINING_RIGHTS: dict[str, frozenset[str]] = {
    "staff.list": _OWN_READERS | _OUTSIDE,
    "staff.read": _OWN_READERS | _OUTSIDE,
    "staff.create": _OWN_WRITERS,
    "staff.move": _OWN_WRITERS,
    "staff.leave": _OWN_WRITERS,
    "completions.list": _OWN_READERS,
    "completions.read": _OWN_READERS,
    "completions.export": _OWN_READERS,
    "completions.create": _OWN_WRITERS,
    "completions.correct": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "courses.list": _KNOWN,
    "courses.read": _KNOWN,
    "courses.create": frozenset({Role.COMPANY_EDITOR, Role.SECRETARIAT}),
    "courses.update": frozenset({Role.COMPANY_EDITOR, Role.SECRETARIAT}),
    "sessions.list": _OWN_READERS | _OUTSIDE,
    "sessions.read": _OWN_READERS | _OUTSIDE,
    "sessions.create": _OWN_WRITERS | {Role.LCR},
    "sessions.tick": _OWN_WRITERS,
    "staff.number": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "staff.tick_list": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "staff.erase": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "credentials.list": _OWN_READERS,
    "credentials.read": _OWN_READERS,
    "credentials.create": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "credentials.revoke": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "credentials.claim": frozenset({Role.COMPANY_EDITOR, Role.SITE_EDITOR}),
    "credentials.check": _ANYBODY,
    "credentials.badge": _ANYBODY,
    "credentials.certificate": _ANYBODY,
    "credentials.issuer": _ANYBODY,
    "credentials.keys": _ANYBODY,
    "credentials.key": _ANYBODY,
    "head-count-sessions.list": _OWN_READERS | _OUTSIDE,
    "head-count-sessions.read": _OWN_READERS | _OUTSIDE,
    "head-count-sessions.create": _OWN_WRITERS,
    "training-requirements.list": _KNOWN,
    "training-requirements.read": _KNOWN,
    "training-requirements.create": _SECRETARIAT,
    "training-requirements.update": _SECRETARIAT,
    "training-requirements.preview": _SECRETARIAT,
    "training-requirements.publish": _SECRETARIAT,
    "training.forecast": _OWN_READERS | _OUTSIDE,
    "training.plan": _OWN_READERS | _OUTSIDE,
    "training.watch": _OWN_READERS | _OUTSIDE,
    "training.coverage": _OWN_READERS | _OUTSIDE | {Role.EVALUATOR},
}
