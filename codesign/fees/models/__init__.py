"""Fee table, years, invoices, payments, waivers, and the Code agreement."""

from __future__ import annotations

from codesign.fees.models.agreements import AgreementText, CodeAgreement, SigningSide
from codesign.fees.models.money import UNSETTLED, CreditNote, Invoice, InvoiceState, Payment, Refund, Waiver
from codesign.fees.models.terms import CompanyReduction, FeeBand, FeeReduction, FeeTerms, FeeYear

__all__ = [
    "UNSETTLED",
    "AgreementText",
    "CodeAgreement",
    "CompanyReduction",
    "CreditNote",
    "FeeBand",
    "FeeReduction",
    "FeeTerms",
    "FeeYear",
    "Invoice",
    "InvoiceState",
    "Payment",
    "Refund",
    "SigningSide",
    "Waiver",
]
