"""Who may ask about companies, plans and fees, and change them; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.LCR, Role.SECRETARIAT})
READERS = COMPANY_ROLES | STAFF | {Role.APPLICANT, Role.AUDITOR}
SITE_READERS = READERS | {Role.SITE_EDITOR}
EDITORS = STAFF | {Role.COMPANY_EDITOR}
PLANNERS = EDITORS | {Role.APPLICANT}
SITE_REPORTERS = EDITORS | {Role.SITE_EDITOR, Role.COMPANY_SYSTEM}

COMPANY_RIGHTS: dict[str, frozenset[str]] = {
    "companies.list": READERS,
    "companies.read": READERS,
    "companies.export": STAFF | {Role.AUDITOR},
    "companies.create": PLANNERS,
    "companies.update": PLANNERS,
    "sites.list": SITE_READERS,
    "sites.read": SITE_READERS,
    "sites.create": PLANNERS,
    "sites.update": PLANNERS,
    "sites.close": EDITORS,
    "sites.record_head_count": SITE_REPORTERS,
    "sites.list_head_counts": SITE_READERS,
    "sites.hand_over": STAFF,
    "companies.tree": READERS - {Role.APPLICANT},
    "reports-through.list": READERS - {Role.APPLICANT},
    "reports-through.read": READERS - {Role.APPLICANT},
    "reports-through.create": EDITORS,
    "reports-through.end": EDITORS,
    "voluntourism-declarations.list": READERS,
    "voluntourism-declarations.read": READERS,
    "voluntourism-declarations.create": PLANNERS,
    "decisions.list": READERS - {Role.APPLICANT},
    "decisions.read": READERS - {Role.APPLICANT},
    "members.list": EVERYBODY,
    "members.read": EVERYBODY,
    "members.export": EVERYBODY,
    "criteria.list": EVERYBODY,
    "criteria.wordings": EVERYBODY,
    "criteria.create": frozenset({Role.SECRETARIAT}),
    "companies.plan": READERS,
    "plan-actions.list": SITE_READERS,
    "plan-actions.read": SITE_READERS,
    "plan-actions.draft": PLANNERS,
    "plan-actions.create": PLANNERS,
    "plan-actions.update": PLANNERS,
    "plan-actions.destroy": PLANNERS,
    "plan-actions.done": PLANNERS | {Role.SITE_EDITOR},
    "plan-actions.reopen": EDITORS,
    "plan-actions.verify": STAFF,
    "plan-templates.list": READERS,
    "plan-templates.versions": READERS,
    "plan-templates.create": frozenset({Role.SECRETARIAT}),
    "plan-evidence.list": SITE_READERS - {Role.AUDITOR},
    "plan-evidence.read": SITE_READERS - {Role.AUDITOR},
    "plan-evidence.file": SITE_READERS - {Role.AUDITOR},
    "plan-evidence.create": PLANNERS | {Role.SITE_EDITOR},
    "plan-evidence.destroy": PLANNERS | {Role.SITE_EDITOR},
    "plan-evidence.redact": STAFF,
}
