"""Specimens of due process: notices, proposals, appeals, reviews."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from codesign.standing import actions
from codesign.standing.models import Proposal
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.contract.specimens.standing import in_state
from tests.factories import standing

BEFORE = AT - timedelta(days=3)


def notice(place: Place) -> Any:
    """A mail about an overdue report, without a receipt yet."""
    return standing.make_notice(in_state("active")(place), sent_on=date(2026, 11, 10), delivered_at=None)


def proposal(place: Place) -> Any:
    """A suspension that a rule proposes."""
    return Proposal.objects.create(
        membership=in_state("active")(place),
        move="suspend",
        ground="report_lapsed",
        anchor="lapsed_2025",
        proposed_by_label="rules",
        proposed_at=BEFORE,
    )


def suspension(place: Place) -> Any:
    """A decision that can be appealed."""
    return in_state("suspended")(place).decisions.get(move="suspend")


def appeal(place: Place) -> Any:
    """An appeal that waits, lodged by another."""
    decision = suspension(place)
    lodger = standing.editor_of(decision.membership.company_id)
    return actions.lodge_appeal(decision_id=decision.pk, actor=lodger, at=BEFORE)


def review(place: Place) -> Any:
    """The review of a suspension for safeguarding."""
    return suspension(place).review


def heard(place: Place) -> Any:
    """The same, the company heard."""
    row = review(place)
    day = row.decision.effective_on
    return actions.hear(review_id=row.pk, hearing="heard", heard_on=day, actor=standing.officer(), at=AT)


def _notice_body(place: Place, row: Any) -> dict[str, Any]:
    letter = {"kind": "warning", "channel": "registered_letter", "reference": "RR 1 BE"}
    return {"membership": str(in_state("active")(place).pk), "sent_at": "2026-11-20T10:00:00Z", **letter}


def _proposal_body(place: Place, row: Any) -> dict[str, Any]:
    return {"membership": str(in_state("active")(place).pk), "move": "suspend", "ground": "plan"}


def _appeal_body(place: Place, row: Any) -> dict[str, Any]:
    return {"decision": str(suspension(place).pk)}


SETTLED = sent(at="2026-11-12T10:00:00Z")
REASON = sent(reason="nothing_new")
PROCESS: dict[str, Specimen] = {
    **reads("notices", notice),
    "notices_create": Specimen(body=_notice_body, refs=("membership",), status=201),
    "notices_deliver": Specimen(row=notice, body=SETTLED),
    "notices_bounce": Specimen(row=notice, body=SETTLED),
    **reads("proposals", proposal),
    "proposals_create": Specimen(body=_proposal_body, refs=("membership",), status=201),
    "proposals_dismiss": Specimen(row=proposal, body=REASON),
    **reads("appeals", appeal),
    "appeals_create": Specimen(body=_appeal_body, refs=("decision",), status=201),
    "appeals_uphold": Specimen(row=appeal, body=REASON),
    "appeals_turn_down": Specimen(row=appeal, body=REASON),
    "appeals_withdraw": Specimen(row=appeal),
    **reads("reviews", review),
    "reviews_hear": Specimen(row=review, body=sent(hearing="declined", heard_on="2026-11-20")),
    "reviews_conclude": Specimen(row=heard, body=sent(outcome="stands")),
    "companies_notice_file": Specimen(row=lambda place: in_state("active")(place).company),
}
