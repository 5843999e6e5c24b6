"""Who may read and change what in reporting; which rows, the querysets say."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, Role

LOGGED_IN = frozenset(Role) - {Role.PUBLIC, Role.APPLICANT}
READERS = COMPANY_ROLES | {Role.LCR, Role.SECRETARIAT}
WRITERS = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.LCR, Role.SECRETARIAT})
# A company's own system fills in; a person hands in.
SUBMITTERS = frozenset({Role.COMPANY_EDITOR, Role.SECRETARIAT})
AT_SITES = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.SITE_EDITOR, Role.SECRETARIAT})
DELEGATORS = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_SYSTEM, Role.SECRETARIAT})
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
    "reports.totals": READERS,
    "reports.prefill": WRITERS,
    "reports.open_returns": WRITERS,
    "reports.provisional": SUBMITTERS,
    "reports.submit": SUBMITTERS,
    "reports.correct": SUBMITTERS,
    "reports.snapshot": READERS,
    "reports.diff": READERS,
    "reports.pdf": READERS,
    "reports.publicity": SUBMITTERS,
    "reports.add_file": WRITERS,
    "reports.file": READERS,
    "reports.redact": frozenset({Role.SECRETARIAT}),
    "extensions.redact": frozenset({Role.SECRETARIAT}),
    "questionnaires.create": frozenset({Role.SECRETARIAT}),
    "questionnaires.publish": frozenset({Role.SECRETARIAT}),
    "questionnaires.preview": LOGGED_IN,
    "questionnaires.diff": LOGGED_IN,
    "published-reports.list": frozenset({Role.PUBLIC}),
    "published-reports.read": frozenset({Role.PUBLIC}),
    "published-reports.answers": frozenset({Role.PUBLIC}),
    "report-obligations.list": READERS,
    "report-obligations.read": READERS,
    "report-obligations.export": READERS,
    "report-obligations.nudge": REVIEWERS,
    "indicators.list": LOGGED_IN,
    "indicators.read": LOGGED_IN,
    "indicators.table": LOGGED_IN,
    "indicators.create": frozenset({Role.SECRETARIAT}),
    "indicators.redact": frozenset({Role.SECRETARIAT}),
    "contributions.list": REVIEWERS,
    "reports.hand_back": REVIEWERS,
    "reports.accept": REVIEWERS,
    "reports.publish": REVIEWERS,
    "site-returns.list": READERS | {Role.SITE_EDITOR},
    "site-returns.read": READERS | {Role.SITE_EDITOR},
    "site-returns.section": READERS | {Role.SITE_EDITOR},
    "site-returns.answer": AT_SITES,
    "site-returns.submit": AT_SITES,
    "site-returns.reopen": SUBMITTERS,
    "site-returns.links": DELEGATORS,
    "site-returns.make_link": DELEGATORS,
    "site-returns.revoke_link": DELEGATORS,
    "report-slices.list": READERS,
    "report-slices.read": READERS,
    "report-slices.content": READERS,
    "report-slices.hand_back": REVIEWERS,
    "report-slices.accept": REVIEWERS,
}
