"""Bank statements: a table as banks export it, read into receipts. Pure functions of plain values.

Of the payer nothing is kept: no name, no account. What a transfer says is searched for numbers and then forgotten.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from registry.kernel.errors import Fault, Invalid

# What banks call these columns in the languages of the register.
COLUMNS: dict[str, tuple[str, ...]] = {
    "paid_on": (
        "paid_on", "date", "day", "booking date", "execution date", "value date", "datum", "uitvoeringsdatum",
        "boekingsdatum", "date d'exécution", "date comptable", "date valeur", "buchungstag", "valuta", "fecha",
    ),
    "amount_eur": ("amount_eur", "amount", "bedrag", "montant", "betrag", "importe"),
    "currency": ("currency", "devise", "munt", "währung", "waehrung", "divisa", "moneda"),
    "reference": (
        "reference", "bank reference", "transaction id", "référence", "reference de la banque", "bankreferentie",
        "volgnummer", "numéro de séquence", "sequence number", "referenz", "referencia",
    ),
    "message": (
        "message", "communication", "remittance information", "details", "mededeling", "communicatie",
        "verwendungszweck", "concepto", "description", "omschrijving", "détails",
    ),
    "invoice": ("invoice", "invoice number", "facture", "factuur", "rechnung", "factura"),
}  # fmt: skip
NEEDED = ("paid_on", "amount_eur")
MAX_REFERENCE = 60

_INVOICE = re.compile(r"(?<![A-Z0-9])INV[\s/-]*(\d{4})[\s/-]*(\d{5,})(?!\d)", re.IGNORECASE)
# ISO 11649, printed in groups of four: RF, two check digits, the invoice's own number.
_STRUCTURED = re.compile(r"RF\d{2}INV(\d{4})(\d{5,})(?!\d)", re.IGNORECASE)
_MEMBER = re.compile(r"(?<![A-Z0-9])TC[\s-]*([A-Z]{2})[\s-]*(\d{5,})(?!\d)", re.IGNORECASE)
# Groups of three, then at most two digits: a bare 12.345 may be twelve thousand, and is refused.
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,3}(?:([.,'])[0-9]{3}(?:\3[0-9]{3})*(?=[.,]))?|[0-9]{1,10})(?:[.,]([0-9]{1,2}))?")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Money that came in: `number` is the line, `reference` the bank's own or one made of the line itself."""

    number: int
    paid_on: date
    amount_eur: Decimal
    reference: str
    invoices: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A line that can't be read, or that is no money coming in."""

    number: int
    faults: tuple[Fault, ...]


def receipts(columns: list[str], rows: list[list[str]], numbers: list[int]) -> Iterator[Receipt | Unreadable]:
    """The lines of a statement in their order. Raises Invalid when a needed column is missing or named twice."""
    places = _places(columns)
    seen: Counter[str] = Counter()
    for number, cells in zip(numbers, rows, strict=True):
        yield _line(number, {name: cells[place] for name, place in places.items()}, seen)


def invoice_numbers(text: str) -> tuple[str, ...]:
    """The invoices that a text names, each once.

    >>> invoice_numbers("inv 2026 00012, RF70 INV2 0260 0012")
    ('INV-2026-00012',)
    """
    found = _INVOICE.findall(text) + _STRUCTURED.findall("".join(text.split()))
    return tuple(dict.fromkeys(f"INV-{year}-{number}" for year, number in found))


def member_numbers(text: str) -> tuple[str, ...]:
    """The member numbers that a text names, each once."""
    return tuple(dict.fromkeys(f"TC-{country.upper()}-{number}" for country, number in _MEMBER.findall(text)))


def day_in(text: str) -> date:
    """A day as banks write it. Raises ValueError."""
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a legal day
        except ValueError:
            continue
    raise ValueError("no day")


def amount_in(text: str) -> Decimal:
    """An amount with a point or a comma before the cents. Raises ValueError.

    >>> [amount_in(text) for text in ("1.234,50", "1,234.50", "+300", "-12,00 EUR")]
    [Decimal('1234.50'), Decimal('1234.50'), Decimal('300.0'), Decimal('-12.00')]
    """
    plain = re.sub(r"EUR|€|\s", "", text.upper())
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise ValueError("no amount")
    sign, whole, cents = found[1], re.sub(r"[.,']", "", found[2]), found[4] or "0"
    return Decimal(f"{sign}{whole}.{cents}")


def _places(columns: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    faults = []
    for name, words in COLUMNS.items():
        found = [place for place, column in enumerate(columns) if column in words]
        if len(found) > 1:
            faults.append(Fault("/file", "duplicate_header", f"Two columns are taken for {name}: rename one."))
        if found:
            places[name] = found[0]
    missing = [name for name in NEEDED if name not in places]
    faults += [Fault("/file", "missing_column", f"A column is missing: {name}.") for name in missing]
    if not {"message", "reference", "invoice"} & places.keys():
        faults.append(Fault("/file", "missing_column", "A column is missing: message, reference or invoice."))
    if faults:
        raise Invalid("The columns of the statement can't be read.", code=faults[0].code, faults=tuple(faults))
    return places


def _line(number: int, cells: dict[str, str], seen: Counter[str]) -> Receipt | Unreadable:
    faults = []
    try:
        paid_on = day_in(cells["paid_on"])
    except ValueError:
        faults.append(Fault("paid_on", "invalid_day", "A day, such as 2026-11-23 or 23/11/2026."))
    try:
        amount = amount_in(cells["amount_eur"])
    except ValueError:
        faults.append(Fault("amount_eur", "invalid_amount", "An amount, such as 300.00 or 300,00."))
    if cells.get("currency", "").strip().upper() not in {"", "EUR", "€"}:
        faults.append(Fault("currency", "not_eur", "Fees are paid in EUR; record what the bank credited by hand."))
    if not faults and amount <= 0:
        faults.append(Fault("amount_eur", "not_incoming", "No money came in with this line."))
    if len(cells.get("reference", "")) > MAX_REFERENCE:
        faults.append(Fault("reference", "too_long", f"A bank's reference has at most {MAX_REFERENCE} characters."))
    if faults:
        return Unreadable(number=number, faults=tuple(faults))
    told = " ".join(cells.get(name, "") for name in ("invoice", "message", "reference"))
    return Receipt(
        number=number,
        paid_on=paid_on,
        amount_eur=amount,
        reference=cells.get("reference") or _made_reference(paid_on, amount, told, seen),
        # A named invoice is meant whatever the message says.
        invoices=invoice_numbers(cells.get("invoice", "")) or invoice_numbers(told),
        members=member_numbers(told),
    )


def _made_reference(paid_on: date, amount: Decimal, told: str, seen: Counter[str]) -> str:
    """The same for the same line of any export; equal lines of one day are told apart by their order."""
    mark = hashlib.sha256(f"{paid_on}|{amount:.2f}|{' '.join(told.split()).lower()}".encode()).hexdigest()[:20]
    seen[mark] += 1
    return f"line-{mark}-{seen[mark]}"
