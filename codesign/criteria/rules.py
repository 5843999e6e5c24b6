"""What the actions of a plan say about a criterion. Pure functions of plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class CriterionState(TextChoices):
    """How far a company is with one criterion, by its plan alone."""

    NONE = "none"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    MET = "met"


CRITERIA = range(1, 7)
# A wording is published in all of them at once.
LANGUAGES = ("en", "fr", "nl", "de", "es")
# One letter per criterion, in the order 1 to 6, is how SQL hands the six states over.
LETTERS = {
    "n": CriterionState.NONE,
    "p": CriterionState.PLANNED,
    "i": CriterionState.IN_PROGRESS,
    "m": CriterionState.MET,
}


def state_of(*, planned: int, done: int, verified: int) -> CriterionState:
    """`planned` counts all actions on the criterion, `done` those done or verified, `verified` those verified.

    Met only when every planned action is verified by someone else: counts of trained staff never meet one.
    """
    if not planned:
        return CriterionState.NONE
    if verified == planned:
        return CriterionState.MET
    return CriterionState.IN_PROGRESS if done else CriterionState.PLANNED


def states_in(letters: str | None) -> list[dict[str, int | str]]:
    """The six states spelled out; without a plan (None) every one is `none`.

    >>> states_in("mnnnnn")[0]
    {'number': 1, 'state': 'met'}
    """
    return [
        {"number": number, "state": LETTERS[letter].value} for number, letter in enumerate(letters or "nnnnnn", start=1)
    ]
