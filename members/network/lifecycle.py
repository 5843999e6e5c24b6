"""The states of a mandate with the moves between them, and the roles in a group."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class MandateState(TextChoices):
    """How far a mandate counts: only a confirmed one gives access."""

    RECORDED = "recorded", "Recorded"
    CONFIRMED = "confirmed", "Confirmed"
    ENDED = "ended", "Ended"


class MandateMove(TextChoices):
    """What can be done with a mandate."""

    CONFIRM = "confirm", "Confirm"
    END = "end", "End"


class GroupRole(TextChoices):
    """What an organisation is in a group. Supporters are no partners and never counted as such."""

    COORDINATOR = "coordinator", "Coordinator"
    PARTNER = "partner", "Partner"
    SUPPORTER = "supporter", "Supporter"


PARTNERS = (GroupRole.COORDINATOR, GroupRole.PARTNER)

MOVES: dict[MandateMove, dict[str, MandateState]] = {
    MandateMove.CONFIRM: {MandateState.RECORDED: MandateState.CONFIRMED},
    MandateMove.END: {MandateState.RECORDED: MandateState.ENDED, MandateState.CONFIRMED: MandateState.ENDED},
}


def target_of(move: MandateMove, state: str) -> MandateState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    target = MOVES[move].get(state)
    if target is None:
        raise MoveNotAllowed(
            f"A mandate that is {state} cannot be moved by “{move}”.", details={"move": move.value, "state": state}
        )
    return target
