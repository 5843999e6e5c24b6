"""The seam for whoever brings the money: how a company is told to pay, and what is read of what came in.

A provider answers two questions and writes nothing. `pay_to` says what stands on an invoice; `receipts` turns what
the provider hands over (a bank's statement, the list of a gateway's payouts) into `Receipt`s. Matching, refusing and
recording are the register's own and the same for every provider. The one that ships is a bank transfer, entered by
hand or from the bank's statement. Another is a class with these two methods, named by the setting `PAYMENT_PROVIDER`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from stdnum import iso11649

from codesign.fees import statements
from codesign.fees.models import FeeTerms
from codesign.fees.statements import Receipt, Unreadable
from registry.kernel.files.tables import Table


@dataclass(frozen=True, kw_only=True)
class PayTo:
    """How to pay one invoice. `reference`: what to write with the transfer; `url`: where to pay online, if anywhere."""

    payee: str
    iban: str
    bic: str
    reference: str
    url: str = ""


class PaymentProvider(Protocol):
    """Whoever brings the money."""

    def pay_to(self, invoice_number: str, terms: FeeTerms) -> PayTo:
        """What stands on the invoice."""

    def receipts(self, table: Table) -> Iterable[Receipt | Unreadable]:
        """What came in, line by line. Raises Invalid when the table is none of this provider's."""


class BankTransfer:
    """By hand: the company transfers, somebody enters the payment or the bank's statement."""

    def pay_to(self, invoice_number: str, terms: FeeTerms) -> PayTo:
        """The account of the terms in force, with a structured reference that banks check for typing errors."""
        return PayTo(payee=terms.payee, iban=terms.iban, bic=terms.bic, reference=structured_reference(invoice_number))

    def receipts(self, table: Table) -> Iterable[Receipt | Unreadable]:
        """The lines of a bank's statement."""
        return statements.receipts(table.columns, table.rows, table.numbers)


def provider() -> PaymentProvider:
    """The one that the setting names."""
    found: PaymentProvider = import_string(settings.PAYMENT_PROVIDER)()
    return found


def structured_reference(invoice_number: str) -> str:
    """The creditor reference of an invoice after ISO 11649, in groups of four.

    >>> structured_reference("INV-2026-00012")
    'RF70 INV2 0260 0012'
    """
    plain = invoice_number.replace("-", "")
    # The check digits are those that make the whole divisible: found by trying, there are 97.
    whole = next(f"RF{digits:02d}{plain}" for digits in range(2, 99) if iso11649.is_valid(f"RF{digits:02d}{plain}"))
    return iso11649.format(whole)
