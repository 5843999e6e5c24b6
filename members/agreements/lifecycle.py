"""The states of an agreement and the moves between them."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class AgreementState(TextChoices):
    """How far an agreement is."""

    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed by all"
    IN_FORCE = "in_force", "In force"
    ENDED = "ended", "Ended"
    RENEWED = "renewed", "Renewed by another"
    REPLACED = "replaced", "Replaced by another"


class AgreementMove(TextChoices):
    """What can be done with an agreement."""

    SIGN = "sign", "Sign"
    BRING_INTO_FORCE = "bring_into_force", "Bring into force"
    AMEND = "amend", "Amend"
    END = "end", "End"
    RENEW = "renew", "Renew"
    REPLACE = "replace", "Replace"


# Was in force at some time: on which days, its dates say.
HELD = (AgreementState.IN_FORCE, AgreementState.ENDED, AgreementState.RENEWED, AgreementState.REPLACED)
# Will run out, and nobody has decided yet what then.
RUNNING = (AgreementState.SIGNED, AgreementState.IN_FORCE)

MOVES: dict[AgreementMove, dict[str, AgreementState]] = {
    # Reached with the last party's signature; until then it stays a draft.
    AgreementMove.SIGN: {AgreementState.DRAFT: AgreementState.SIGNED},
    AgreementMove.BRING_INTO_FORCE: {AgreementState.SIGNED: AgreementState.IN_FORCE},
    AgreementMove.AMEND: {
        AgreementState.SIGNED: AgreementState.SIGNED,
        AgreementState.IN_FORCE: AgreementState.IN_FORCE,
    },
    AgreementMove.END: {AgreementState.IN_FORCE: AgreementState.ENDED},
    AgreementMove.RENEW: {AgreementState.IN_FORCE: AgreementState.RENEWED},
    AgreementMove.REPLACE: {AgreementState.IN_FORCE: AgreementState.REPLACED},
}


def target_of(move: AgreementMove, state: str) -> AgreementState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    target = MOVES[move].get(state)
    if target is None:
        raise MoveNotAllowed(
            f"An agreement that is {state} cannot take the move {move.value}.",
            details={"move": move.value, "state": state},
        )
    return target
