"""How an action of a plan moves."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class PlanActionState(TextChoices):
    """How far an action of the plan is."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"


class PlanActionMove(TextChoices):
    """What may happen to an action."""

    DONE = "done"
    REOPEN = "reopen"
    VERIFY = "verify"


TABLE: dict[PlanActionMove, tuple[PlanActionState, PlanActionState]] = {
    PlanActionMove.DONE: (PlanActionState.OPEN, PlanActionState.DONE),
    PlanActionMove.REOPEN: (PlanActionState.DONE, PlanActionState.OPEN),
    PlanActionMove.VERIFY: (PlanActionState.DONE, PlanActionState.VERIFIED),
}


def target_of(move: PlanActionMove, state: str) -> PlanActionState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    source, target = TABLE[move]
    if state != source:
        raise MoveNotAllowed(
            f"An action that is {state} can't take the move {move.value}.", details={"move": move.value, "state": state}
        )
    return target
