"""Specimens of memberships: every move from the state it starts in, waivers, signatures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from codesign.companies.actions import record_signatory
from codesign.fees.actions import load_agreement_texts
from codesign.fees.models import CodeAgreement, Waiver
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Row, Specimen, reads, sent
from tests.factories import standing
from tests.factories.documents import make_document

_numbers = count(1)
TEXTS = {"en": {"title": "Agreement", "paragraphs": ["One.", "Two."]}}
SAID = sent(text="As agreed.")


def in_state(state: str, *, at: datetime = AT - timedelta(days=30)) -> Row:
    """Makes a membership that was taken to `state` by the moves themselves, from `at` on."""

    def make(place: Place) -> Any:
        company = standing.make_company(country_id=place.country, at=at)
        place.hold(company.organisation)
        return standing.make_membership(state=state, company=company, at=at)

    return make


def recorded(place: Place) -> Any:
    """What a public source says of a signatory."""
    name = f"Hôtel Signataire Fictif {next(_numbers)} (DEMO)"
    return record_signatory(name=name, country_id=place.country, category="hotel", actor=SYSTEM, at=AT)


def warned(place: Place) -> Any:
    """A suspended one with two notices delivered since."""
    membership = in_state("suspended", at=standing.START)(place)
    for day in (date(2026, 1, 10), date(2026, 3, 10)):
        standing.make_notice(membership, sent_on=day)
    return membership


def waiver(place: Place) -> Any:
    """A year's fee let off."""
    membership = in_state("approved")(place)
    return Waiver.objects.create(
        membership=membership, year=2025, reason_code="pilot", granted_on=date(2026, 11, 20), created_at=AT
    )


def agreement(place: Place) -> Any:
    """Sent, not signed."""
    return CodeAgreement.objects.get(membership=in_state("approved")(place))


def printable(place: Place) -> Any:
    """One whose text the register holds."""
    load_agreement_texts([{"version": "2024", "effective_from": "2024-01-01", "source": "", "texts": TEXTS}])
    return agreement(place)


def with_paper(place: Place) -> Any:
    """One with the signed paper."""
    found = agreement(place)
    found.document = make_document()
    found.save(update_fields=["document"])
    return found


def _scheme_body(place: Place, row: Any) -> dict[str, Any]:
    return {"company": str(place.company().pk), "scheme": "cr_national_code", "source": "https://register.example/"}


def _decision(place: Place, row: Any) -> dict[str, Any]:
    membership = in_state("plan_submitted")(place)
    return {"membership": str(membership.pk), "move": "approve", "version": membership.version}


def _waiver_body(place: Place, row: Any) -> dict[str, Any]:
    return {"membership": str(in_state("approved")(place).pk), "year": 2026, "reason": "pilot_country"}


def _signature(place: Place, row: Any) -> dict[str, Any]:
    side = "representative" if place.role == "lcr" else "company"
    return {"side": side, "role": "director", "signed_on": "2026-11-20"}


def _merger(place: Place, row: Any) -> dict[str, Any]:
    return {"into": str(place.company().pk)}


MOVES: dict[str, Specimen] = {
    "submit": Specimen(row=in_state("draft"), body=SAID),
    "submit_plan": Specimen(row=lambda place: planned(place), body=SAID),
    "request_changes": Specimen(row=in_state("plan_submitted"), body=SAID),
    "approve": Specimen(row=in_state("plan_submitted"), body=SAID),
    "reject": Specimen(row=in_state("plan_submitted"), body=SAID),
    "withdraw": Specimen(row=in_state("submitted"), body=SAID),
    "expire": Specimen(row=in_state("approved", at=standing.START), body=SAID),
    "suspend": Specimen(row=in_state("active"), body=sent(reason="safeguarding")),
    "reinstate": Specimen(row=in_state("suspended"), body=SAID),
    "terminate": Specimen(row=warned, body=sent(reason="code_breach")),
    "resign": Specimen(row=in_state("active"), body=SAID),
    "dissolve": Specimen(row=in_state("active"), body=SAID),
    "merge_into": Specimen(row=in_state("active"), body=_merger, refs=("into",)),
    "confirm": Specimen(row=recorded, body=sent(member_since="2014-11-19")),
}


def planned(place: Place) -> Any:
    """Submitted, with an action on each criterion."""
    membership = in_state("submitted")(place)
    standing.make_plan(membership)
    return membership


STANDING: dict[str, Specimen] = {
    "code_memberships_decide": Specimen(body=_decision, refs=("membership",)),
    **reads("code_memberships", in_state("draft")),
    "code_memberships_create": Specimen(
        body=lambda place, row: {"company": str(place.company().pk)}, refs=("company",), status=201
    ),
    "code_memberships_steps": Specimen(row=in_state("draft")),
    "code_memberships_record": Specimen(body=_scheme_body, refs=("company",), status=201),
    "code_memberships_moves": Specimen(row=in_state("draft")),
    **{f"code_memberships_{move}": specimen for move, specimen in MOVES.items()},
    **reads("waivers", waiver),
    "waivers_create": Specimen(body=_waiver_body, refs=("membership",), status=201),
    **reads("code_agreements", agreement),
    "code_agreements_create": Specimen(
        body=lambda place, row: {"membership": str(in_state("active")(place).pk)}, refs=("membership",), status=201
    ),
    "code_agreements_pdf": Specimen(row=printable),
    "code_agreements_keep_document": Specimen(row=agreement, body=sent(link="https://signing.example/papers/17")),
    "code_agreements_document": Specimen(row=with_paper),
    "code_agreements_remove_document": Specimen(row=with_paper),
    "code_agreements_sign": Specimen(row=agreement, body=_signature),
}
