"""Specimens of recognition: certificates and awards."""

from __future__ import annotations

from typing import Any

from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.contract.specimens.standing import in_state
from tests.factories import recognition


def member(place: Place) -> Any:
    """An active member whose fee of this year is paid."""
    return in_state("active")(place)


def certificate(place: Place) -> Any:
    """Issued for this year."""
    return recognition.make_certificate(membership=member(place))


def award(place: Place) -> Any:
    """Top Member of last year."""
    return recognition.make_award(membership=member(place))


def _certificate_body(place: Place, row: Any) -> dict[str, Any]:
    return {"membership": str(member(place).pk)}


def _award_body(place: Place, row: Any) -> dict[str, Any]:
    membership = member(place)
    recognition.make_worthy(membership, year=2026)
    return {"membership": str(membership.pk), "year": 2026}


RECOGNITION: dict[str, Specimen] = {
    **reads("certificates", certificate),
    "certificates_create": Specimen(body=_certificate_body, refs=("membership",), status=201),
    "certificates_issue_due": Specimen(body=sent(year=2026)),
    "certificates_withdraw": Specimen(row=certificate, body=sent(reason="issued_in_error")),
    "certificates_pdf": Specimen(row=certificate),
    "certificates_check": Specimen(row=certificate, path={"number": recognition.NUMBER}, is_shared=True),
    **reads("awards", award),
    "awards_create": Specimen(body=_award_body, refs=("membership",), status=201),
    "awards_withdraw": Specimen(row=award, body=sent(reason="criteria_not_met", was_in_error=True)),
}
