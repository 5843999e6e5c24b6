"""What a well-formed identifier, website and language tag are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from urllib.parse import urlsplit

from django.db import models

from registry.kernel.errors import Fault, Invalid

# Pages of these belong to whoever opened them: sharing the host says nothing.
SHARED_HOSTS = frozenset(
    "facebook.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com google.com wordpress.com".split()
)
# Checks of a national register's number, where the number carries a check digit.
REGISTERS = {
    "BE": "stdnum.be.vat",
    "CH": "stdnum.ch.uid",
    "DK": "stdnum.dk.cvr",
    "EE": "stdnum.ee.registrikood",
    "FI": "stdnum.fi.ytunnus",
    "FR": "stdnum.fr.siren",
    "NO": "stdnum.no.orgnr",
    "SE": "stdnum.se.orgnr",
}
UNDO_DAYS = 30
NOT_VALID = "This is not an identifier of its scheme: a digit is wrong, missing or surplus."

_DOMAIN = re.compile(r"(?=.{4,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_ROR = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6})([0-9]{2})", re.IGNORECASE)
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_NUMBER = re.compile(r"([A-Z]{2})([A-Z0-9]{2,30})")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class IdentifierScheme(models.TextChoices):
    """By which list an organisation is known."""

    COMPANY_NUMBER = "company_number", "Number in a company register, after the country's ISO code"
    LEI = "lei", "Legal Entity Identifier"
    ROR = "ror", "Research Organization Registry"
    DOMAIN = "domain", "Website domain"


# An organisation bears one of these at most: two of them are two organisations.
SINGLE = frozenset({IdentifierScheme.LEI, IdentifierScheme.ROR})


def normalised(scheme: str, value: str) -> str | None:
    """The identifier as it is kept and compared; None when it is not one of its scheme."""
    return _READERS[IdentifierScheme(scheme)](value.strip())


def checked(identifiers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Scheme and normalised value of each, once. Raises Invalid with every one that is not of its scheme."""
    read = [(scheme, normalised(scheme, value)) for scheme, value in identifiers]
    faults = tuple(
        Fault(f"/identifiers/{place}/value", "bad_identifier", NOT_VALID)
        for place, (_, value) in enumerate(read)
        if value is None
    )
    if faults:
        raise Invalid("An identifier is not one of its scheme.", faults=faults)
    return list(dict.fromkeys((scheme, value) for scheme, value in read if value is not None))


def domain_of(address: str) -> str:
    """The domain of a web address without `www.`, in lower-case ASCII; empty when there is none.

    >>> domain_of("https://www.Réseau-Fictif.example/fr/")
    'xn--rseau-fictif-beb.example'
    """
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
        host = host.rstrip(".").encode("idna").decode()
    except ValueError:
        return ""
    host = host.lower().removeprefix("www.")
    return host if _DOMAIN.fullmatch(host) else ""


def own_domain_of(address: str) -> str:
    """`domain_of`, but empty on hosts whose pages belong to many."""
    domain = domain_of(address)
    return "" if any(domain == host or domain.endswith(f".{host}") for host in SHARED_HOSTS) else domain


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from babel import Locale  # read once, when somebody first names a language

    return frozenset(Locale("en").languages)


def is_language(tag: str) -> bool:
    """Whether the tag begins with a language that exists (CLDR's list, `pcm`, `ps` and `fa` included)."""
    return tag.partition("-")[0] in _languages()


def _company_number(value: str) -> str | None:
    found = _NUMBER.fullmatch(re.sub(r"[\s./-]", "", value).upper())
    if found is None:
        return None
    country, number = found.groups()
    check = REGISTERS.get(country)
    if check is None:
        return country + number
    module = import_module(check)
    return country + re.sub(r"[^A-Z0-9]", "", module.compact(number)) if module.is_valid(number) else None


def _lei(value: str) -> str | None:
    from stdnum import lei

    # The library checks the digits alone.
    code = lei.compact(value)
    return code if _LEI.fullmatch(code) and lei.is_valid(code) else None


def _ror(value: str) -> str | None:
    """Six base-32 digits after a zero, and 98 less the rest by 97 as check digits."""
    found = _ROR.fullmatch(value)
    if found is None:
        return None
    digits, check = found[1].lower(), int(found[2])
    number = 0
    for digit in digits:
        number = number * 32 + _CROCKFORD.index(digit)
    return f"{digits}{found[2]}" if check == 98 - number * 100 % 97 else None


_READERS = {
    IdentifierScheme.COMPANY_NUMBER: _company_number,
    IdentifierScheme.LEI: _lei,
    IdentifierScheme.ROR: _ror,
    IdentifierScheme.DOMAIN: lambda value: domain_of(value) or None,
}
