"""How a roster moves, and what its plan says of each row. Read it aloud."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class RosterMode(TextChoices):
    """What a file means for people whom it does not name."""

    PARTIAL = "partial", "Nothing"
    COMPLETE = "complete", "They have left"


class RosterReach(TextChoices):
    """Whose sites a file may name."""

    COMPANY = "company", "Those of the company itself"
    GROUP = "group", "Those of the company and of all below it"


class RosterState(TextChoices):
    """How far a roster has come."""

    VALIDATING = "validating", "The file is read and compared; nothing is written"
    PLANNED = "planned", "Every row has its label; nothing is written"
    CONFIRMED = "confirmed", "Waits for its turn to be written"
    APPLYING = "applying", "The plan is being written"
    DONE = "done", "Written"
    FAILED = "failed", "The file could not be read"
    ABORTED = "aborted", "Given up"
    UNDOING = "undoing", "What it wrote is being taken back"
    UNDONE = "undone", "What it wrote was taken back"


class RosterStep(TextChoices):
    """Where the work on a roster stands, within its state."""

    READ = "read", "Rows of the file are checked one by one"
    COMPARE = "compare", "Rows are compared with the register"
    END = "end", "People whom a complete file does not name are found"
    TALLY = "tally", "The plan is counted"
    APPLY = "apply", "The plan is written"
    UNDO = "undo", "The writing is taken back"
    REST = "rest", "Nothing to do"


class RosterLabel(TextChoices):
    """What the plan has for a row."""

    CREATE = "create", "Somebody new"
    UPDATE = "update", "Somebody known, who would change"
    UNCHANGED = "unchanged", "Somebody known, just so"
    END = "end", "Somebody known, whom a complete file does not name"
    FURTHER = "further", "One more training of somebody in an earlier row"
    CONFLICT = "conflict", "Somebody whom others have changed since"
    ERROR = "error", "Has faults of its own"


class RosterMove(TextChoices):
    """What may be decided about a roster."""

    CONFIRM = "confirm", "Write the plan"
    ABORT = "abort", "Give it up"
    UNDO = "undo", "Take back what it wrote"


BAD = (RosterLabel.CONFLICT, RosterLabel.ERROR)
CHANGING = (RosterLabel.UPDATE, RosterLabel.END)

_S = RosterState
WORKING = (_S.VALIDATING, _S.CONFIRMED, _S.APPLYING, _S.UNDOING)
# Giving up while it is written leaves what was written: `undo` takes that back, too.
MOVES: dict[RosterMove, dict[str, RosterState]] = {
    RosterMove.CONFIRM: {_S.PLANNED: _S.CONFIRMED},
    RosterMove.ABORT: dict.fromkeys((_S.VALIDATING, _S.PLANNED, _S.CONFIRMED, _S.APPLYING), _S.ABORTED),
    RosterMove.UNDO: dict.fromkeys((_S.DONE, _S.ABORTED), _S.UNDOING),
}


def target_of(move: RosterMove, state: str) -> RosterState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    if (target := MOVES[move].get(state)) is None:
        raise MoveNotAllowed(
            f"A roster that is {state} cannot be moved by “{move.value}”.", details={"move": move, "state": state}
        )
    return target
