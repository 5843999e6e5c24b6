"""Who may ask about access and change it; which rows, the querysets say, and which roles, the actions."""

from __future__ import annotations

from members.scope import Role

EVERYBODY = frozenset(Role)
HOLDERS = EVERYBODY - {Role.PUBLIC, Role.APPLICANT}
GIVERS = frozenset({Role.SECRETARIAT, Role.COMPANY_EDITOR})
INVITERS = GIVERS | {Role.LCR}

ACCESS_RIGHTS: dict[str, frozenset[str]] = {
    "me.show": EVERYBODY,
    "tokens.list": HOLDERS,
    "tokens.read": HOLDERS,
    "tokens.create": HOLDERS,
    "tokens.create_for_machine": GIVERS,
    "tokens.rotate": HOLDERS,
    "tokens.revoke": HOLDERS,
    "grants.list": GIVERS,
    "grants.read": GIVERS,
    "grants.create": GIVERS,
    "grants.revoke": GIVERS,
    "invitations.list": INVITERS,
    "invitations.read": INVITERS,
    "invitations.create": INVITERS,
    "invitations.revoke": INVITERS,
    "invitations.accept": EVERYBODY,
}
