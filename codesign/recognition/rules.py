"""Numbers of certificates, and what a certificate says on a day. Pure functions of plain values."""

from __future__ import annotations

import secrets
from datetime import date

from django.db.models import TextChoices

from codesign.companies.register import PublicStatus
from registry.kernel.calendar import add_months

# No letter that is taken for a digit or for another letter; 31 of them, a prime, so that the check letter misses
# neither a wrong letter nor two that changed places.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# 54 random bits: whoever tries a million numbers a day finds one of 10,000 certificates in a thousand years.
_RANDOM = 11


class CertificateStatus(TextChoices):
    """All that everybody may know of a certificate."""

    VALID = "valid", "Valid"
    LAPSED = "lapsed", "Lapsed"
    WITHDRAWN = "withdrawn", "Withdrawn"


def new_number() -> str:
    """A number that tells nothing and follows no other, such as `7K3M-9XQ4-VD2P`; the last letter checks the rest."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(_RANDOM))
    return _grouped(letters + _check_letter(letters))


def read_number(text: str) -> str | None:
    """The number as it was printed, however it is typed; None when no certificate can have it.

    >>> read_number("7k3m 9xq4 vd2") is None
    True
    """
    plain = text.upper().replace("-", "").replace(" ", "").translate(_READ_AS)
    if len(plain) != _RANDOM + 1 or not set(plain) <= set(LETTERS) or _check_letter(plain[:-1]) != plain[-1]:
        return None
    return _grouped(plain)


def valid_until(year: int, *, months_after: int) -> date:
    """The last day of a certificate of `year`: the year's end and so many months for the next one to come."""
    return add_months(date(year, 12, 31), months_after)


def status_on(
    day: date, *, valid_until: date, withdrawn_on: date | None, public_status: PublicStatus | str | None
) -> CertificateStatus:
    """What a certificate says on a day. A member that is suspended or gone has none that is valid, without a reason."""
    if withdrawn_on is not None and withdrawn_on <= day:
        return CertificateStatus.WITHDRAWN
    if day > valid_until or public_status != PublicStatus.MEMBER:
        return CertificateStatus.LAPSED
    return CertificateStatus.VALID


def _check_letter(letters: str) -> str:
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(letters, start=1))
    return LETTERS[total % len(LETTERS)]


def _grouped(letters: str) -> str:
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))
