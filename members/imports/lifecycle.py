"""What can be imported, how an import moves, and what is said of each row. Read it aloud."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class ImportKind(TextChoices):
    """What the rows of a table are, by the name of the resource."""

    ORGANISATIONS = "organisations", "Organisations"
    NETWORK_MEMBERSHIPS = "network-memberships", "Memberships of the network"
    MANDATES = "mandates", "Mandates of Local Code Representatives"
    GROUP_PARTICIPATIONS = "group-participations", "Partners of a group"
    REPORTING_CHANNELS = "reporting-channels", "Reporting channels"
    COMPANIES = "companies", "Companies, with what they signed before"


class ImportState(TextChoices):
    """How far an import has come."""

    PLANNING = "planning", "Rows are being labelled"
    PLANNED = "planned", "Every row has its label; nothing is written"
    APPLYING = "applying", "The plan is being carried out"
    APPLIED = "applied", "Carried out"
    ABORTED = "aborted", "Given up"


class RowLabel(TextChoices):
    """What the plan has for a row."""

    CREATE = "create", "Is new"
    MATCH = "match", "Is there already, just so"
    UPDATE = "update", "Is there and would change"
    CONFLICT = "conflict", "Stands against what is there"
    ERROR = "error", "Has faults of its own"


class ImportMove(TextChoices):
    """What may be decided about an import."""

    CONFIRM = "confirm", "Carry out the plan"
    ABORT = "abort", "Give it up"


PLANNED_WORK = (RowLabel.CREATE, RowLabel.UPDATE)
BAD = (RowLabel.CONFLICT, RowLabel.ERROR)

_S = ImportState
UNFINISHED = (_S.PLANNING, _S.APPLYING)
# Giving up while it is carried out leaves what was written: the rows tell which.
MOVES: dict[ImportMove, dict[str, ImportState]] = {
    ImportMove.CONFIRM: {_S.PLANNED: _S.APPLYING},
    ImportMove.ABORT: dict.fromkeys((_S.PLANNING, _S.PLANNED, _S.APPLYING), _S.ABORTED),
}


def target_of(move: ImportMove, state: str) -> ImportState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed."""
    if (target := MOVES[move].get(state)) is None:
        raise MoveNotAllowed(
            f"An import that is {state} cannot be moved by “{move.value}”.", details={"move": move, "state": state}
        )
    return target
