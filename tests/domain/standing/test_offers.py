"""What is offered is what is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from codesign.companies.lifecycle import Move
from codesign.standing import actions
from codesign.standing.endorsing import AlreadyEndorsed
from codesign.standing.moves import moves
from tests.factories.standing import START, make_membership, officer

pytestmark = pytest.mark.django_db
AT = START + timedelta(days=5)


def test_a_second_yes_of_the_same_officer_is_not_offered() -> None:
    membership = make_membership(state="plan_submitted")
    somebody = officer()
    before = next(offer for offer in moves(membership, somebody, on=AT.date()) if offer.move == Move.APPROVE)
    assert (before.is_allowed, before.endorsed_by) == (True, ())
    actions.approve(membership_id=membership.pk, actor=somebody, at=AT)
    membership.refresh_from_db()

    after = next(offer for offer in moves(membership, somebody, on=AT.date()) if offer.move == Move.APPROVE)

    assert [reason.code for reason in after.reasons] == ["already_endorsed"]
    assert (after.is_allowed, after.endorsed_by) == (False, ("secretariat",))
    with pytest.raises(AlreadyEndorsed) as refusal:
        actions.approve(membership_id=membership.pk, actor=somebody, at=AT)
    assert refusal.value.code == "already_endorsed"
