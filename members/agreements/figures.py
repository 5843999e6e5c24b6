"""Counts of agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count

from members.agreements.models import Agreement
from members.agreements.querysets import AgreementQuerySet
from members.scope import Role, Scope

EXPIRING_DEFINITION = (
    "Agreements signed or in force, not yet ended, renewed or replaced, whose known end may fall on a day "
    "from the day asked about to that many days later."
)
BY_STATE_DEFINITION = "Agreements in the register by the state that they are in now, drafts included."


def expiring(scope: Scope, on: date, *, within_days: int = 90) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Agreements that run out within `within_days` of a day, by kind. One query.

    Rows: `agreements/?expiring_within=<days>&valid_on=<on>`.
    """
    rows = _counted(scope).expiring(on=on, within_days=within_days)
    return {(kind,): (number,) for kind, number in rows.order_by("kind").values_list("kind").annotate(n=Count("pk"))}


def by_state(scope: Scope, on: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Agreements by their present state, whatever the day. One query. Rows: `agreements/?state=<state>`."""
    rows = _counted(scope).order_by("state").values_list("state").annotate(n=Count("pk"))
    return {(state,): (number,) for state, number in rows}


def _counted(scope: Scope) -> AgreementQuerySet:
    """What a caller's figures count: what they may list, and everything for readers of totals alone."""
    totals_alone = scope.roles <= {Role.EVALUATOR, Role.PUBLIC} and scope.wears(Role.EVALUATOR)
    return Agreement.objects.all() if totals_alone else Agreement.objects.visible_to(scope)
