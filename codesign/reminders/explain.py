"""Why a reminder was sent, will be sent, or is not: the planner's own answer for one subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from codesign.companies.querysets import seen_through
from codesign.reminders.lifecycle import DONE, OccurrenceState
from codesign.reminders.models import Occurrence, ReminderRule
from codesign.reminders.planner import Planned, read_plan
from codesign.reminders.sources import SOURCES
from members.scope import Role, Scope
from registry.kernel.errors import NotFound

LOOK_AHEAD = timedelta(days=400)
FORECAST_ROWS = 1000


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A verdict (`sent`, `will_send`, `suppressed`, `not_applicable`) with everything that it rests on."""

    rule: ReminderRule
    subject_id: UUID
    verdict: str
    clauses: dict[str, bool]
    past: list[Occurrence]
    coming: list[Planned]


def explain(*, rule_code: str, subject_id: UUID, scope: Scope, at: datetime) -> Explanation:
    """What the rule does about one subject that the caller sees. Raises NotFound for a foreign or absent one."""
    rule = _rule(rule_code, at)
    source = SOURCES[rule.kind]
    seen = source.rows.filter(_seen(scope), pk=subject_id)
    if not seen.exists():
        raise NotFound("There is no such subject.")
    past = list(
        Occurrence.objects.visible_to(scope).about(subject_id).filter(rule_code=rule.code).order_by("due_at", "pk")
    )
    coming = read_plan(rule, at=at, until=at + LOOK_AHEAD, narrow=Q(pk=subject_id))
    known = {(row.anchor_on, row.step, row.contact_role, row.recipient) for row in past if row.state != "superseded"}
    coming = [row for row in coming if (row.anchor_on, row.step, row.contact_role, row.recipient) not in known]
    return Explanation(
        rule=rule,
        subject_id=subject_id,
        verdict=_verdict(past, coming),
        clauses=source.verdicts(subject_id, at=at),
        past=past,
        coming=coming,
    )


def forecast(
    *, scope: Scope, at: datetime, since: datetime, until: datetime, rule_code: str = ""
) -> list[tuple[str, Planned]]:
    """What would leave after `since` and by `until` to companies that the caller sees: rule code and row.

    In order of leaving; one row more than FORECAST_ROWS per rule when there is more.
    """
    rules = ReminderRule.objects.in_force(on=at.date())
    found = [
        (rule.code, row)
        for rule in (rules.filter(code=rule_code) if rule_code else rules)
        for row in read_plan(rule, at=at, since=since, until=until, narrow=_seen(scope), limit=FORECAST_ROWS + 1)
        if row.state == OccurrenceState.DUE
    ]
    return sorted(found, key=lambda pair: (pair[1].due_at, pair[1].subject_id, pair[1].step, pair[1].contact_role))


def _rule(code: str, at: datetime) -> ReminderRule:
    rule = ReminderRule.objects.in_force(on=at.date()).filter(code=code).first()
    if rule is None:
        raise NotFound("There is no such rule in force.")
    return rule


def _seen(scope: Scope) -> Q:
    return seen_through(scope.narrowed(scope.roles - {Role.AUDITOR}), company="company")


def _verdict(past: list[Occurrence], coming: list[Planned]) -> str:
    if OccurrenceState.DUE in {*(row.state for row in past), *(row.state for row in coming)}:
        return "will_send"
    if not past:
        return "not_applicable"
    return "sent" if max(past, key=lambda row: row.due_at).state in DONE else "suppressed"
