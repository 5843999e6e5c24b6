"""What a requirement would do from its first day on, before anybody publishes it. Reads only; in sets.

The statement says in SQL what `rules` says of one person: the two are held equal by a test.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from codesign.training.figures import target_on
from codesign.training.kinds import CourseKind, Employment, TrainingStatus
from codesign.training.models import Completion, Course, Posting, Requirement, StatusTile
from codesign.training.rules import LEAST_MONTHS_OF_A_WINDOW
from codesign.training.tallies import Coverage, Target, coverage_by_company
from registry.kernel.dialect import Statement, dialect

_LISTED = 1000


@dataclass(frozen=True, kw_only=True)
class RoleEffect:
    """People of one role whom the rule would be for: statuses on its first day, now and then, and who lapses when.

    `lapsing`: by month, people who would still be valid by the present rules on the day when the new one ends it.
    """

    role: str
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    lapsing: Counter[date] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class CompanyEffect:
    """One company that would drop under target."""

    company_id: UUID
    name: str
    before: Coverage
    after: Coverage


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All that changes on the rule's first day. `dropping`: the first thousand, the largest first."""

    on: date
    roles: list[RoleEffect]
    companies: int
    dropping: list[CompanyEffect]
    dropping_count: int
    rising_count: int
    target_before: Target | None
    target_after: Target | None


def preview(rule: Requirement) -> Preview:
    """What the unsaved or drafted `rule` would do. Five queries, whatever the number of people."""
    on = rule.effective_from
    statement = _Judging(rule)
    roles: dict[str, RoleEffect] = {}
    shifts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for company, role, before, after, number in statement.statuses():
        effect = roles.setdefault(role, RoleEffect(role=role))
        effect.before[before] += number
        effect.after[after] += number
        shifts[company][before] -= number
        shifts[company][after] += number
    for role, day, number in statement.lapses():
        roles[role].lapsing[day.replace(day=1)] += number
    target = target_on(on)
    is_for_all = not rule.role and rule.country_id is None
    after_target = Target(share=rule.target_share, grace_flag_share=rule.grace_flag_share) if is_for_all else target
    effects = list(_companies(on, shifts, target, after_target, is_for_all))
    dropping = [effect for effect, is_drop in effects if is_drop]
    dropping.sort(key=lambda effect: (-effect.before.size, effect.name, str(effect.company_id)))
    return Preview(
        on=on,
        roles=[roles[role] for role in sorted(roles)],
        companies=len(shifts),
        dropping=dropping[:_LISTED],
        dropping_count=len(dropping),
        rising_count=len(effects) - len(dropping),
        target_before=target,
        target_after=after_target,
    )


def _companies(
    on: date, shifts: dict[UUID, Counter[str]], before: Target | None, after: Target | None, is_for_all: bool
) -> Iterator[tuple[CompanyEffect, bool]]:
    """Companies that change sides of the target, and whether they drop."""
    moved = before is None or after is None or before.share != after.share
    for now in coverage_by_company(on=on):
        shift = shifts.get(now.key, Counter())
        if not (moved and is_for_all) and not any(shift.values()):
            continue
        then = _shifted(now, shift)
        was, becomes = now.is_below(before), then.is_below(after)
        if was != becomes and becomes is not None:
            yield CompanyEffect(company_id=now.key, name=now.name, before=now, after=then), becomes


def _shifted(figure: Coverage, shift: Counter[str]) -> Coverage:
    named: dict[str, Any] = {
        status.value: (getattr(figure, status.value) or 0) + shift[status.value] for status in TrainingStatus
    }
    return Coverage(key=figure.key, name=figure.name, in_scope=figure.in_scope, unknown=figure.unknown, **named)


_PEOPLE = """
WITH population AS (
    SELECT t.staff_member_id AS person, t.company_id AS company, t.role AS role, t.status AS before,
           t.last_day AS until_now, p.hired_on AS hired_on, p.valid_until AS leaves,
           CASE WHEN t.employment = {seasonal} THEN {seasonal_grace} ELSE {grace} END AS grace
    FROM {tile} t
    JOIN {site} s ON s.id = t.site_id
    JOIN {posting} p ON p.staff_member_id = t.staff_member_id AND p.superseded_at IS NULL
         AND p.valid_from <= {on} AND (p.valid_until IS NULL OR p.valid_until >= {on})
    WHERE t.first_day <= {on} AND t.last_day >= {on} AND {for_role} AND {for_country}
      AND NOT EXISTS (
          SELECT 1 FROM {requirement} q
          WHERE q.published_at IS NOT NULL AND q.scheme = {scheme} AND q.effective_from <= {on}
            AND (q.role = '' OR q.role = t.role) AND (q.country_id IS NULL OR q.country_id = s.country_id)
            AND CASE WHEN q.role = '' THEN 0 ELSE 2 END + CASE WHEN q.country_id IS NULL THEN 0 ELSE 1 END > {rank}
      )
), done AS (
    SELECT c.staff_member_id AS person, c.completed_on AS day, k.kind AS kind
    FROM {completion} c JOIN {course} k ON k.id = c.course_id
    WHERE c.superseded_at IS NULL AND c.completed_on <= {on}
      AND c.staff_member_id IN (SELECT person FROM population)
), own AS (
    SELECT person, day, {own_end} AS own_end FROM done WHERE kind <> {refresher}
), extended AS (
    SELECT own.person, own.own_end, MAX(r.day) AS refreshed FROM own
    LEFT JOIN done r ON r.kind = {refresher} AND r.person = own.person AND r.day >= own.day AND r.day <= own.own_end
    GROUP BY own.person, own.day, own.own_end
), ends AS (
    SELECT person, MAX(CASE WHEN {refresher_months} > 0 AND {extension} > own_end THEN {extension} ELSE own_end END)
           AS last_valid
    FROM extended GROUP BY person
), judged AS (
    SELECT population.*, ends.last_valid,
           CASE WHEN ends.last_valid >= {on} THEN 'valid'
                WHEN {on} <= {grace_end} THEN 'in_grace'
                WHEN ends.last_valid IS NULL THEN 'never_trained'
                ELSE 'lapsed' END AS after
    FROM population LEFT JOIN ends ON ends.person = population.person
)
"""
_STATUSES = "SELECT company, role, before, after, COUNT(*) FROM judged GROUP BY company, role, before, after"
_LAPSES = """, lapsing AS (
    SELECT role, until_now, leaves, CASE WHEN after = 'valid' THEN {day_after} ELSE {on} END AS day
    FROM judged WHERE before = 'valid'
)
SELECT role, day, COUNT(*) FROM lapsing
WHERE day <= until_now AND (leaves IS NULL OR leaves >= day) GROUP BY role, day
"""


class _Judging:
    """Everybody whom the rule would be for, judged by it on its first day."""

    def __init__(self, rule: Requirement) -> None:
        self.rule = rule

    def statuses(self) -> Iterator[tuple[UUID, str, str, str, int]]:
        """Company, role, status by the present rules, status by this one, people."""
        for company, *rest in self._fetched(_STATUSES):
            yield company if isinstance(company, UUID) else UUID(company), *rest

    def lapses(self) -> Iterable[tuple[str, date, int]]:
        """Role, day on which this rule alone lets a training lapse, people."""
        for role, day, number in self._fetched(_LAPSES):
            yield role, day if isinstance(day, date) else date.fromisoformat(day), number

    def _fetched(self, select: str) -> list[tuple[Any, ...]]:
        rule, it, sql = self.rule, Statement(), dialect()
        months = it.number(rule.validity_months)
        if rule.yearly_window:
            end = sql.end_of_year("day")
            least = sql.add_months("day", it.number(LEAST_MONTHS_OF_A_WINDOW))
            own_end = f"CASE WHEN {end} >= {least} THEN {end} ELSE {sql.add_months(end, it.number(12))} END"
        else:
            own_end = sql.add_months("day", months)
        refresher_months = it.number(rule.refresher_months)
        return it.fetch(
            _PEOPLE + select,
            tile=StatusTile._meta.db_table,
            site=StatusTile._meta.get_field("site").related_model._meta.db_table,  # type: ignore[union-attr]
            posting=Posting._meta.db_table,
            requirement=Requirement._meta.db_table,
            completion=Completion._meta.db_table,
            course=Course._meta.db_table,
            on=it.day(rule.effective_from),
            for_role=f"t.role = {it.text(rule.role)}" if rule.role else "1 = 1",
            for_country=f"s.country_id = {it.text(str(rule.country_id))}" if rule.country_id else "1 = 1",
            rank=it.number(2 * bool(rule.role) + bool(rule.country_id)),
            scheme=it.text(rule.scheme),
            seasonal=it.text(Employment.SEASONAL),
            seasonal_grace=it.number(rule.seasonal_grace_days),
            grace=it.number(rule.grace_days),
            grace_end=sql.add_days("population.hired_on", "population.grace"),
            refresher=it.text(CourseKind.REFRESHER),
            refresher_months=refresher_months,
            own_end=own_end,
            extension=sql.add_months("refreshed", refresher_months),
            day_after=sql.add_days("last_valid", "1"),
        )
