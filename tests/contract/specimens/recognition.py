"""Specimens of recognition: certificates and awards."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from codesign.api.recognition_rights import CLAIMANTS
from codesign.companies.models import SignatoryClaim
from codesign.recognition.models import RecognitionRule
from registry.kernel.ids import new_id
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.contract.specimens.standing import in_state, recorded
from tests.factories import recognition
from tests.factories.access import make_user

_numbers = count(1)
_rules = (date(2020, 1, 1) + timedelta(days=number) for number in count())


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


def _due_body(place: Place, row: Any) -> dict[str, Any]:
    member(place)
    return {"year": 2026}


def _award_body(place: Place, row: Any) -> dict[str, Any]:
    membership = member(place)
    recognition.make_worthy(membership, year=2026)
    return {"membership": str(membership.pk), "year": 2026}


def claim(place: Place) -> Any:
    """Made by the caller, or in the caller's country; else by somebody elsewhere."""
    return SignatoryClaim.objects.create(
        name="Hôtel Signataire Fictif",
        search_key=f"hotel signataire fictif {next(_numbers)}",
        country_id=place.country,
        signatory_role="director",
        claimed_by_id=place.caller.user.pk if place.is_own and place.role in CLAIMANTS else new_id(),
        created_at=AT,
    )


def _acceptance(place: Place, row: Any) -> dict[str, Any]:
    SignatoryClaim.objects.filter(pk=row.pk).update(claimed_by_id=make_user().pk)
    return {"membership": str(recorded(place).pk)}


def rule(place: Place) -> Any:
    """A rule of recognition, of which the list shows all."""
    RecognitionRule.objects.create(effective_from=next(_rules))


RECOGNITION: dict[str, Specimen] = {
    **reads("signatory_claims", claim),
    "signatory_claims_create": Specimen(
        body=sent(name="Hôtel Signataire Fictif", country="BE", role="director"), status=201
    ),
    "signatory_claims_candidates": Specimen(row=claim),
    "signatory_claims_accept": Specimen(row=claim, body=_acceptance, refs=("membership",)),
    "signatory_claims_decline": Specimen(row=claim, body=sent(reason="not_the_same")),
    **reads("certificates", certificate),
    "certificates_create": Specimen(body=_certificate_body, refs=("membership",), status=201),
    "certificates_issue_due": Specimen(body=_due_body),
    "certificates_withdraw": Specimen(row=certificate, body=sent(reason="issued_in_error")),
    "certificates_pdf": Specimen(row=certificate),
    "certificates_check": Specimen(row=certificate, path={"number": recognition.NUMBER}, is_shared=True),
    **reads("awards", award),
    "awards_create": Specimen(body=_award_body, refs=("membership",), status=201),
    "recognition_rules_list": Specimen(row=rule, is_shared=True),
    "recognition_rules_create": Specimen(
        body=sent(effective_from="2027-01-01", months_after=2, asks_report=True), status=201
    ),
    "awards_withdraw": Specimen(row=award, body=sent(reason="criteria_not_met", was_in_error=True)),
}
