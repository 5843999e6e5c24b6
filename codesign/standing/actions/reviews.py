"""The right to be heard, and the second look at a suspension that came without notice."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.standing.actions.appeals import refuse_decider
from codesign.standing.actions.deciding import Word, day_of
from codesign.standing.actions.measures import reinstate
from codesign.standing.models import Hearing, Review, ReviewOutcome
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def hear(
    *,
    review_id: UUID,
    hearing: Hearing,
    heard_on: date,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Review:
    """Keep that the company was heard, or did not want to be: the day and a code, never what was said."""
    review = _open(review_id)
    suspended_on = review.decision.effective_on
    if not suspended_on <= heard_on <= day_of(review.membership, at):
        sentence = f"The company is heard after {suspended_on} and by today."
        raise Invalid.at("/heard_on", "out_of_range", sentence)
    fields = {"hearing": hearing, "heard_on": heard_on}
    return change(review, action="reviews.hear", actor=actor, at=at, expected_version=expected_version, **fields)


@transaction.atomic
def conclude(
    *,
    review_id: UUID,
    outcome: ReviewOutcome,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Review:
    """Let the suspension stand, or end it, by an officer who took no part in it. Refused `not_heard` before."""
    review = _open(review_id)
    refuse_decider(review.decision, actor, on=day_of(review.membership, at))
    if not review.hearing:
        raise Refused("The company has the right to be heard first.", code="not_heard")
    fields = {
        "outcome": outcome,
        "concluded_on": day_of(review.membership, at),
        "concluded_by_id": actor.user_id,
        "concluded_by_label": actor.label,
    }
    change(review, action="reviews.conclude", actor=actor, at=at, expected_version=expected_version, **fields)
    if outcome == ReviewOutcome.ENDED and review.membership.state == MembershipState.SUSPENDED:
        reinstate(membership_id=review.membership_id, actor=actor, at=at, word=Word(reason_code="review"))
    return review


def _open(review_id: UUID) -> Review:
    """The review and its membership, both locked, if it is not concluded."""
    membership_id = Review.objects.values_list("membership_id", flat=True).get(pk=review_id)
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("decision").get(pk=review_id)
    if review.outcome:
        raise Refused("The review is concluded already.", code="review_concluded", details={"outcome": review.outcome})
    review.membership = review.decision.membership = membership
    return review
