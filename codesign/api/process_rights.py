"""Who sees and moves what due process consists of."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

OFFICERS = frozenset({Role.LCR, Role.SECRETARIAT})
SECRETARIAT = frozenset({Role.SECRETARIAT})
COMPANY = COMPANY_ROLES - {Role.COMPANY_SYSTEM}
READERS = COMPANY | OFFICERS
APPELLANTS = OFFICERS | {Role.COMPANY_EDITOR}

PROCESS_RIGHTS: dict[str, frozenset[str]] = {
    "notices.list": READERS,
    "notices.read": READERS,
    "notices.create": OFFICERS,
    "notices.deliver": OFFICERS,
    "notices.bounce": OFFICERS,
    # A proposal is no decision: the company learns of a measure by its notices.
    "proposals.list": OFFICERS,
    "proposals.read": OFFICERS,
    "proposals.create": OFFICERS,
    "proposals.dismiss": SECRETARIAT,
    "appeals.list": READERS | {Role.AUDITOR},
    "appeals.read": READERS | {Role.AUDITOR},
    "appeals.create": APPELLANTS,
    "appeals.uphold": SECRETARIAT,
    "appeals.turn_down": SECRETARIAT,
    "appeals.withdraw": APPELLANTS,
    "reviews.list": READERS | {Role.AUDITOR},
    "reviews.read": READERS | {Role.AUDITOR},
    "reviews.hear": SECRETARIAT,
    "reviews.conclude": SECRETARIAT,
    "companies.notice_file": READERS,
}
