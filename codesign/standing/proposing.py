"""Which measures the rules propose on a day, with the facts of each. A proposal decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CodeMembership
from codesign.companies.querysets import THE_CODE
from codesign.reporting.models import ReportObligation
from codesign.standing.expiry import due_to_expire
from codesign.standing.grounds import Ground
from codesign.standing.models import ProcessRule


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A measure that a rule proposes; `anchor` is what it rests on, as a word."""

    membership_id: UUID
    move: Move
    ground: str
    anchor: str
    facts: dict[str, Any]

    @property
    def key(self) -> tuple[UUID, str, str, str]:
        """What it is proposed once for."""
        return self.membership_id, self.move, self.ground, self.anchor


def candidates(*, on: date) -> list[Candidate]:
    """Everything that the rules propose on `on`. Three queries.

    A second lapsed year proposes a suspension, a third a termination; an approval that nothing came of, its end.
    """
    return [*_lapsed_reports(on), *_old_approvals(on)]


def _lapsed_reports(on: date) -> Iterator[Candidate]:
    rule = ProcessRule.objects.in_force(on)
    lapsed = ReportObligation.objects.owed(on).unsubmitted(on).filter(lapses_on__lte=on)
    members = lapsed.filter(membership__state__in=(MembershipState.ACTIVE, MembershipState.SUSPENDED))
    years: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    columns = ("membership_id", "membership__state", "reporting_year__year")
    for membership_id, state, year in members.order_by("membership_id", "reporting_year__year").values_list(*columns):
        years[membership_id, state].append(year)
    for (membership_id, state), missed in years.items():
        is_suspended = state == MembershipState.SUSPENDED
        needed = rule.lapsed_years_to_terminate if is_suspended else rule.lapsed_years_to_suspend
        if len(missed) >= needed:
            yield Candidate(
                membership_id=membership_id,
                move=Move.TERMINATE if is_suspended else Move.SUSPEND,
                ground=Ground.REPORT_LAPSED,
                anchor=f"lapsed_{missed[-1]}",
                facts={"lapsed_years": missed},
            )


def _old_approvals(on: date) -> Iterator[Candidate]:
    rows = due_to_expire(CodeMembership.objects.filter(scheme=THE_CODE), on=on).order_by("pk")
    for membership_id, approved_on in rows.values_list("pk", "approved_on"):
        yield Candidate(
            membership_id=membership_id,
            move=Move.EXPIRE,
            ground="",
            anchor=f"approved_{approved_on}",
            facts={"approved_on": str(approved_on)},
        )
