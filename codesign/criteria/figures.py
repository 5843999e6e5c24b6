"""Progress on the six criteria, computed from the actions of the plan."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact

from codesign.companies.querysets import CompanyQuerySet
from codesign.criteria.models import PlanAction, PlanActionState
from codesign.criteria.rules import LETTERS, CriterionState

_LETTER = {state: letter for letter, state in LETTERS.items()}


def _letter(number: int) -> Case:
    """The letter of one criterion over the actions of one plan; the same rule as `rules.state_of`."""
    on_it = Q(criterion_number=number)
    planned = Count("pk", filter=on_it)
    started = Count("pk", filter=on_it & ~Q(state=PlanActionState.OPEN))
    unverified = Count("pk", filter=on_it & ~Q(state=PlanActionState.VERIFIED))
    return Case(
        When(Exact(planned, 0), then=Value(_LETTER[CriterionState.NONE])),
        When(Exact(unverified, 0), then=Value(_LETTER[CriterionState.MET])),
        When(Exact(started, 0), then=Value(_LETTER[CriterionState.PLANNED])),
        default=Value(_LETTER[CriterionState.IN_PROGRESS]),
        output_field=CharField(),
    )


def _letters(by: str, of: str) -> Subquery:
    actions = PlanAction.objects.order_by().filter(**{by: OuterRef(of)}).values(by)
    letters = Func(
        *(_letter(number) for number in range(1, 7)),
        template="(%(expressions)s)",
        arg_joiner=" || ",  # no letter is ever null, so Django's Concat with its guards is not needed
        output_field=CharField(),
    )
    return Subquery(actions.annotate(letters=letters).values("letters"), output_field=CharField())


def progress(membership_id: UUID | None, *, on: date) -> dict[int, dict[str, int]]:
    """For each criterion of one membership: actions planned, done, verified, and overdue on `on`. One query."""
    counted = (
        PlanAction.objects.filter(membership=membership_id)
        .order_by()
        .values("criterion_number")
        .annotate(
            planned=Count("pk"),
            done=Count("pk", filter=~Q(state=PlanActionState.OPEN)),
            verified=Count("pk", filter=Q(state=PlanActionState.VERIFIED)),
            overdue=Count("pk", filter=Q(state=PlanActionState.OPEN, due_on__lt=on)),
        )
    )
    rows: Any = counted
    return {row.pop("criterion_number"): row for row in rows}


def with_criteria_states(companies: CompanyQuerySet) -> CompanyQuerySet:
    """Add `criteria_letters` of the current membership: six letters for `rules.states_in`; None without a plan.

    One subquery for all six, a single range of the index.
    """
    return companies.annotate(criteria_letters=_letters("membership", "current__id"))


def with_plan_states(memberships: QuerySet) -> QuerySet:
    """Add `criteria_letters` to memberships. One subquery."""
    return memberships.annotate(criteria_letters=_letters("membership", "pk"))
