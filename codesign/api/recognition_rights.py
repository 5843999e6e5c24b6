"""Who issues certificates and gives awards, and who reads them; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF | {Role.AUDITOR}
SECRETARIAT = frozenset({Role.SECRETARIAT})

RECOGNITION_RIGHTS: dict[str, frozenset[str]] = {
    "certificates.list": READERS,
    "certificates.read": READERS,
    "certificates.pdf": READERS,
    "certificates.create": STAFF,
    "certificates.issue_due": STAFF,
    "certificates.withdraw": SECRETARIAT,
    "certificates.check": EVERYBODY,
    "awards.list": READERS,
    "awards.read": READERS,
    "awards.create": SECRETARIAT,
    "awards.withdraw": SECRETARIAT,
}
