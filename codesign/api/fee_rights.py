"""Who asks for fees, records money and reads of it; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF | {Role.APPLICANT, Role.AUDITOR}
SECRETARIAT = frozenset({Role.SECRETARIAT})

FEE_RIGHTS: dict[str, frozenset[str]] = {
    "fee-bands.list": EVERYBODY,
    "fee-bands.create": SECRETARIAT,
    "fee-reductions.list": EVERYBODY,
    "fee-reductions.create": SECRETARIAT,
    "fee-reductions.end": SECRETARIAT,
    "fee-terms.list": STAFF | {Role.AUDITOR},
    "fee-terms.create": SECRETARIAT,
    "company-reductions.list": READERS,
    "company-reductions.read": READERS,
    "company-reductions.create": STAFF,
    "company-reductions.end": STAFF,
    "fee-years.list": STAFF | {Role.AUDITOR},
    "fee-years.read": STAFF | {Role.AUDITOR},
    "fee-years.create": SECRETARIAT,
    "fee-years.raise_due": SECRETARIAT,
    "fee-years.waiting": STAFF,
    "invoices.list": READERS,
    "invoices.read": READERS,
    "invoices.create": STAFF,
    "invoices.credit": SECRETARIAT,
    "invoices.pdf": READERS,
    "credit-notes.list": READERS,
    "credit-notes.read": READERS,
    "credit-notes.pdf": READERS,
    "payments.list": READERS - {Role.AUDITOR},
    "payments.read": READERS - {Role.AUDITOR},
    "payments.create": STAFF,
    "payments.import_statement": STAFF,
    "refunds.list": READERS - {Role.AUDITOR},
    "refunds.read": READERS - {Role.AUDITOR},
    "refunds.create": SECRETARIAT,
}
