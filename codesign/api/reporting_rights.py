"""Who may read and change what in reporting; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

LOGGED_IN = frozenset(Role) - {Role.PUBLIC, Role.APPLICANT}
READERS = COMPANY_ROLES | {Role.LCR, Role.SECRETARIAT}
WRITERS = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.LCR, Role.SECRETARIAT})
# A company's own system fills in; a person hands in.
SUBMITTERS = frozenset({Role.COMPANY_EDITOR, Role.SECRETARIAT})
REVIEWERS = frozenset({Role.LCR, Role.SECRETARIAT})

REPORTING_RIGHTS: dict[str, frozenset[str]] = {
    "reporting-years.list": LOGGED_IN,
    "reporting-years.read": LOGGED_IN,
    "reporting-years.create": frozenset({Role.SECRETARIAT}),
    "questionnaires.list": LOGGED_IN,
    "questionnaires.read": LOGGED_IN,
    "questionnaires.json_schema": LOGGED_IN,
    "extensions.list": READERS | {Role.AUDITOR},
    "extensions.read": READERS | {Role.AUDITOR},
    "extensions.create": REVIEWERS,
    "extensions.revoke": REVIEWERS,
    "reports.list": READERS | {Role.AUDITOR},
    "reports.read": READERS | {Role.AUDITOR},
    "reports.create": WRITERS,
    "reports.section": READERS,
    "reports.answer": WRITERS,
    "reports.check": READERS,
    "reports.preview": READERS,
    "reports.moves": READERS | {Role.AUDITOR},
    "reports.submit": SUBMITTERS,
    "reports.hand_back": REVIEWERS,
    "reports.accept": REVIEWERS,
    "reports.publish": REVIEWERS,
}
