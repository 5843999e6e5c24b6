"""Certificates on paper."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from codesign.companies.printing import day, language_of, printed, words
from codesign.recognition.models import Certificate
from members.countries.models import Country
from registry.kernel.errors import Refused


def certificate_pdf(certificate_id: UUID, *, check_url: str, language: str) -> bytes:
    """The certificate with a code that leads to `check_url`. Three queries. Raises Refused `certificate_withdrawn`."""
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.withdrawn_on is not None:
        raise Refused("A certificate that was withdrawn is not printed.", code="certificate_withdrawn")
    code = language_of(language)
    said, scope = words("certificate")[code], certificate.scope
    country = Country.objects.filter(pk=scope["country"]).first()
    sites = scope["sites"]
    return printed(
        "certificate",
        {
            "number": certificate.number,
            "year": certificate.year,
            "name": scope["name"],
            "country": (country.names.get(code) or country.names["en"]) if country else "",
            "category": said[scope["category"]],
            "member_number": scope["member_number"],
            "member_since": day(date.fromisoformat(scope["member_since"]), code),
            "issued_on": day(certificate.issued_on, code),
            "valid_until": day(certificate.valid_until, code),
            "sites": sites,
            "further_sites": scope["site_count"] - len(sites),
            "check_url": check_url,
        },
        language=code,
        at=certificate.created_at,
        qr=check_url,
    )
