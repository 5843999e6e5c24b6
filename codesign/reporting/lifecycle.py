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

    PROVISIONAL = "provisional", "Show before its end"
    SUBMIT = "submit", "Hand in"
    RETURN = "return", "Return with comments"
    ACCEPT = "accept", "Accept"
    PUBLISH = "publish", "Publish"
    CORRECT = "correct", "Take up again to correct it"


class ReturnState(TextChoices):
    """Where the return of one site stands between the site and its group."""

    OPEN = "open", "Open"
    SUBMITTED = "submitted", "Handed to the group"
    RETURNED = "returned", "Given back with comments"


class ReportPart(TextChoices):
    """What of a report can be redacted: everything in it that people word themselves."""

    QUESTION = "question", "Everything said to one question"
    CORRECTIONS = "corrections", "Why it was taken up again"
    FILES = "files", "Its files with their names"
    HOLDERS = "holders", "Who holds its links"


class SliceState(TextChoices):
    """Where the slice of one country stands."""

    SUBMITTED = "submitted", "Waits for the reader"
    RETURNED = "returned", "Returned with comments"
    ACCEPTED = "accepted", "Accepted"


MOVES: dict[ReportMoveKind, tuple[frozenset[ReportState], ReportState]] = {
    ReportMoveKind.PROVISIONAL: (frozenset({ReportState.DRAFT}), ReportState.DRAFT),
    ReportMoveKind.SUBMIT: (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
    ReportMoveKind.RETURN: (frozenset({ReportState.SUBMITTED}), ReportState.RETURNED),
    ReportMoveKind.ACCEPT: (frozenset({ReportState.SUBMITTED}), ReportState.ACCEPTED),
    ReportMoveKind.PUBLISH: (frozenset({ReportState.ACCEPTED}), ReportState.PUBLISHED),
    ReportMoveKind.CORRECT: (frozenset({ReportState.ACCEPTED, ReportState.PUBLISHED}), ReportState.RETURNED),
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
