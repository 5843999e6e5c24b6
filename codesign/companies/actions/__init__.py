"""Every change of companies, sites and memberships."""

from codesign.companies.actions.changes import change, legal_day
from codesign.companies.actions.companies import register_company, update_company
from codesign.companies.actions.memberships import enter, open_membership
from codesign.companies.actions.numbers import draw, member_number
from codesign.companies.actions.ownership import declare, end_report_through, hand_over_site, report_through
from codesign.companies.actions.schemes import record_in_scheme
from codesign.companies.actions.signatories import (
    accept_claim,
    claim_signatory,
    decline_claim,
    likely_signatories,
    record_signatory,
)
from codesign.companies.actions.sites import close_site, open_site, record_head_count, update_site

__all__ = [
    "accept_claim",
    "change",
    "claim_signatory",
    "close_site",
    "declare",
    "decline_claim",
    "draw",
    "end_report_through",
    "enter",
    "hand_over_site",
    "legal_day",
    "likely_signatories",
    "member_number",
    "open_membership",
    "open_site",
    "record_head_count",
    "record_in_scheme",
    "record_signatory",
    "register_company",
    "report_through",
    "update_company",
    "update_site",
]
