"""What the fee is. Pure functions of plain values; amounts in EUR."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Band:
    """One row of the fee table; `upper` is inclusive, None without an upper bound."""

    code: str
    upper: Decimal | None
    fee: Decimal


def band_of(revenue: Decimal, bands: Iterable[Band]) -> Band | None:
    """The band that a yearly revenue falls in; None when the table stops below it.

    >>> band_of(Decimal(500_000), [Band("to_500k", Decimal(500_000), Decimal(50))]).code
    'to_500k'
    """
    bounded = sorted(bands, key=lambda band: (band.upper is None, band.upper or 0))
    return next((band for band in bounded if band.upper is None or revenue <= band.upper), None)


def reduced(fee: Decimal, share: Decimal) -> Decimal:
    """The fee with `share` (0 to 1) taken off, to the cent; half a cent goes up."""
    return (fee * (1 - share)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What an invoice asks for after credit notes, and what was received for it after refunds."""

    asked: Decimal
    received: Decimal

    @property
    def open(self) -> Decimal:
        """Still asked for."""
        return max(self.asked - self.received, Decimal(0))

    @property
    def owed_back(self) -> Decimal:
        """Received beyond what is asked for: to be paid back."""
        return max(self.received - self.asked, Decimal(0))

    @property
    def state(self) -> str:
        """`cancelled` when nothing is asked for and nothing kept, else `paid`, `part_paid` or `open`."""
        if not self.asked and not self.received:
            return "cancelled"
        if self.received >= self.asked:
            return "paid"
        return "part_paid" if self.received else "open"


def is_iban(text: str) -> bool:
    """Whether an account number has the check digits of ISO 13616.

    >>> is_iban("BE71096123456769"), is_iban("BE71096123456768")
    (True, False)
    """
    turned = text[4:] + text[:4]
    return text.isalnum() and int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
