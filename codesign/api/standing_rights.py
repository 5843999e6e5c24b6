"""Who moves memberships, records money, signs, and sees a standing. The moves' rows are read off the guards."""

from __future__ import annotations

from codesign.companies.lifecycle import Move
from codesign.standing.guards import ROLES
from members.scope import COMPANY_ROLES, OVERSIGHT, Role

OFFICERS = frozenset({Role.LCR, Role.SECRETARIAT})
COMPANY = COMPANY_ROLES | {Role.APPLICANT}
READERS = COMPANY | OFFICERS | OVERSIGHT
APPLIERS = OFFICERS | {Role.COMPANY_EDITOR, Role.APPLICANT}

_NAMES = {Move.MERGE: "merge_into"}

STANDING_RIGHTS: dict[str, frozenset[str]] = {
    "code-memberships.list": READERS,
    "code-memberships.read": READERS,
    "code-memberships.create": APPLIERS,
    "code-memberships.moves": READERS,
    "code-memberships.steps": READERS,
    "code-memberships.record": OFFICERS,
    **{f"code-memberships.{_NAMES.get(move, move.value)}": roles for move, roles in ROLES.items() if roles},
    "waivers.list": READERS - {Role.AUDITOR},
    "waivers.read": READERS - {Role.AUDITOR},
    "waivers.create": frozenset({Role.SECRETARIAT}),
    "code-agreements.list": READERS - {Role.AUDITOR},
    "code-agreements.read": READERS - {Role.AUDITOR},
    "code-agreements.sign": APPLIERS,
    "code-memberships.decide": OFFICERS,
    "code-agreements.create": OFFICERS,
    "code-agreements.pdf": READERS - {Role.AUDITOR},
    "code-agreements.keep_document": APPLIERS,
    "code-agreements.document": READERS - {Role.AUDITOR},
    "code-agreements.remove_document": OFFICERS,
    "companies.standing": COMPANY_ROLES | OFFICERS,
    "companies.timeline": COMPANY_ROLES | OFFICERS,
}
