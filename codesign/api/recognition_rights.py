"""Who claims signatures, issues certificates, gives awards, and who reads them; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF | {Role.AUDITOR}
CLAIMANTS = frozenset({Role.APPLICANT, Role.COMPANY_EDITOR})
SECRETARIAT = frozenset({Role.SECRETARIAT})

RECOGNITION_RIGHTS: dict[str, frozenset[str]] = {
    "signatory-claims.list": CLAIMANTS | STAFF | {Role.AUDITOR},
    "signatory-claims.read": CLAIMANTS | STAFF | {Role.AUDITOR},
    "signatory-claims.create": CLAIMANTS,
    "signatory-claims.candidates": STAFF,
    "signatory-claims.accept": STAFF,
    "signatory-claims.decline": STAFF,
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
    "recognition-rules.list": STAFF | {Role.AUDITOR},
    "recognition-rules.create": SECRETARIAT,
}
