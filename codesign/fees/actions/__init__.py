"""Every change of invoices, payments, waivers, agreements and the fee table."""

from codesign.fees.actions.agreements import send_agreement, sign
from codesign.fees.actions.invoices import grant_waiver, issue_invoice, record_payment
from codesign.fees.actions.table import load_bands, load_reductions

__all__ = [
    "grant_waiver",
    "issue_invoice",
    "load_bands",
    "load_reductions",
    "record_payment",
    "send_agreement",
    "sign",
]
