"""Who may call what about rosters."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

_OWN_READERS = COMPANY_ROLES | {Role.SITE_EDITOR}
_OWN_WRITERS = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.SITE_EDITOR})
_OUTSIDE = frozenset({Role.LCR, Role.SECRETARIAT})

ROSTER_RIGHTS: dict[str, frozenset[str]] = {
    "rosters.list": _OWN_READERS | _OUTSIDE,
    "rosters.read": _OWN_READERS | _OUTSIDE,
    "rosters.create": _OWN_WRITERS,
    "rosters.plan": _OWN_READERS,
    "rosters.lines": _OWN_READERS,
    "rosters.errors": _OWN_READERS,
    "rosters.fix_file": _OWN_READERS,
    "rosters.confirm": _OWN_WRITERS,
    "rosters.abort": _OWN_WRITERS,
    "rosters.undo": _OWN_WRITERS,
    "xapi/statements.create": _OWN_WRITERS,
    "xapi/statements.replace": _OWN_WRITERS,
    "xapi/statements.fetch": _OWN_WRITERS,
}
