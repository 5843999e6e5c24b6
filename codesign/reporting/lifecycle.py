"""States of a report and the moves between them, as a table that can be read aloud."""

from __future__ import annotations

from django.db.models import TextChoices

from registry.kernel.errors import MoveNotAllowed


class ReportState(TextChoices):
    """Where a report stands between the company and its reviewer."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned with comments"
    ACCEPTED = "accepted", "Accepted"
    PUBLISHED = "published", "Published"


class ReportMoveKind(TextChoices):
    """What can be done with a report."""

    SUBMIT = "submit", "Hand in"
    RETURN = "return", "Return with comments"
    ACCEPT = "accept", "Accept"
    PUBLISH = "publish", "Publish"


MOVES: dict[ReportMoveKind, tuple[frozenset[ReportState], ReportState]] = {
    ReportMoveKind.SUBMIT: (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
    ReportMoveKind.RETURN: (frozenset({ReportState.SUBMITTED}), ReportState.RETURNED),
    ReportMoveKind.ACCEPT: (frozenset({ReportState.SUBMITTED}), ReportState.ACCEPTED),
    ReportMoveKind.PUBLISH: (frozenset({ReportState.ACCEPTED}), ReportState.PUBLISHED),
}

# While the company still writes; afterwards a snapshot speaks for it.
EDITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})


def target_of(move: ReportMoveKind, state: str) -> ReportState:
    """The state that `move` leads to from `state`. Raises MoveNotAllowed, which names the states it starts from."""
    sources, target = MOVES[move]
    if state not in sources:
        allowed = sorted(sources)
        raise MoveNotAllowed(
            f"A report can't take the move “{move}” while it is {state}.",
            details={"move": str(move), "state": str(state), "allowed_from": [str(source) for source in allowed]},
        )
    return target
