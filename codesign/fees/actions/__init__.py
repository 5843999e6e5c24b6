"""Every change of invoices, payments, waivers, agreements and the fee table."""

from codesign.fees.actions.agreements import (
    keep_document,
    load_agreement_texts,
    remove_document,
    send_agreement,
    sign,
)
from codesign.fees.actions.invoices import credit, grant_waiver, issue_invoice, record_payment, refund
from codesign.fees.actions.reductions import end_reduction, grant_reduction
from codesign.fees.actions.table import load_bands, load_reductions
from codesign.fees.actions.terms import (
    end_partner_reduction,
    publish_fee_table,
    publish_reduction,
    publish_terms,
)
from codesign.fees.actions.years import open_first, open_year, raise_due, raise_invoices

__all__ = [
    "credit",
    "end_partner_reduction",
    "end_reduction",
    "grant_reduction",
    "grant_waiver",
    "issue_invoice",
    "keep_document",
    "load_agreement_texts",
    "load_bands",
    "load_reductions",
    "open_first",
    "open_year",
    "publish_fee_table",
    "publish_reduction",
    "publish_terms",
    "raise_due",
    "raise_invoices",
    "record_payment",
    "refund",
    "remove_document",
    "send_agreement",
    "sign",
]
