"""What would leave, and what would change under other rules or assumptions: the planner's statement, read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.planner import Planned, read_plan
from codesign.reminders.reach import Around
from codesign.reminders.rules import local_day
from codesign.reminders.sources import SOURCES
from codesign.reminders.specs import Spec, specs_between
from codesign.reminders.statement import Assumption
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.dialect import dialect

FORECAST_ROWS = 1000
LEAVING = (OccurrenceState.DUE, OccurrenceState.PLANNED)
Foreseen = tuple[str, Planned]
GROUPS = ("day", "week", "rule", "organisation", "contact_role", "step")


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a draft or an assumption changes in a period; a moved one comes as before and after."""

    added: list[Foreseen]
    removed: list[Foreseen]
    moved: list[tuple[str, Planned, Planned]]


def forecast(
    *,
    scope: Scope,
    at: datetime,
    since: datetime,
    until: datetime,
    rule_code: str = "",
    organisation: Any = None,
    specs: Iterable[Spec] | None = None,
    assuming: tuple[Assumption, ...] = (),
    limit: int = FORECAST_ROWS + 1,
) -> list[Foreseen]:
    """What would leave after `since` and by `until` to those whom the caller sees: rule code and row.

    In order of leaving; at most `limit` rows a rule. A reminder that a person took back, or that waits already, is
    as the queue has it. A query for each rule, and a few for all.
    """
    if specs is None:
        specs = specs_between(since.date(), until.date(), code=rule_code)
    found: list[Foreseen] = []
    around, is_of_one = Around.now(), organisation is not None
    period: dict[str, Any] = {"at": at, "since": since, "until": until, "limit": limit, "assuming": assuming}
    with nullcontext() if is_of_one else dialect().many():
        for spec in specs:
            source = SOURCES[spec.kind]
            narrow = source.seen(scope)
            if is_of_one:
                narrow &= Q(**{source.columns["organisation_id"]: organisation})
            rows = read_plan(spec, narrow=narrow, of_one=True, around=around, **period)
            found += [(spec.code, row) for row in rows if row.state in LEAVING]
    return sorted(
        found, key=lambda pair: (pair[1].due_at, pair[0], pair[1].subject_id, pair[1].step, pair[1].contact_role)
    )


def _order(pair: Foreseen) -> tuple[Any, ...]:
    code, row = pair
    return row.due_at, code, row.subject_id, row.step, row.contact_role


def grouped(found: list[Foreseen], by: str) -> list[dict[str, Any]]:
    """How many leave in each group, in the order of the groups' names."""
    names: dict[Any, str] = {}
    if by == "organisation":
        keys = {row.organisation_id for _, row in found}
        names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
    counts = Counter(_group(pair, by) for pair in found)
    groups = [{"key": str(key), "name": names.get(key, str(key)), "count": count} for key, count in counts.items()]
    return sorted(groups, key=lambda group: (group["name"], group["key"]))


def _group(pair: Foreseen, by: str) -> Any:
    code, row = pair
    day = local_day("UTC", row.due_at)
    year, week, _ = day.isocalendar()
    return {
        "day": day,
        "week": f"{year}-W{week:02}",
        "rule": code,
        "organisation": row.organisation_id,
        "contact_role": row.contact_role,
        "step": row.step,
    }[by]


def rehearse(
    *,
    scope: Scope,
    at: datetime,
    until: datetime,
    draft: Spec | None = None,
    assuming: tuple[Assumption, ...] = (),
) -> Rehearsal:
    """The forecast as it stands beside the one with a draft in force, or under assumptions. Writes nothing."""
    before_specs = specs_between(at.date(), until.date())
    after_specs = before_specs
    if draft is not None:
        own = (draft.code, draft.country)
        after_specs = [*(spec for spec in before_specs if (spec.code, spec.country) != own), draft]
        before_specs = [spec for spec in before_specs if spec.code == draft.code]
        after_specs = [spec for spec in after_specs if spec.code == draft.code]
    span: dict[str, Any] = {"scope": scope, "at": at, "since": at, "until": until}
    before = {_identity(pair): pair for pair in forecast(**span, specs=before_specs)}
    after = {_identity(pair): pair for pair in forecast(**span, specs=after_specs, assuming=assuming)}
    both = before.keys() & after.keys()
    return Rehearsal(
        added=[pair for key, pair in after.items() if key not in before],
        removed=[pair for key, pair in before.items() if key not in after],
        moved=[
            (after[key][0], before[key][1], after[key][1])
            for key in before
            if key in both
            and (before[key][1].due_at, before[key][1].anchor_on) != (after[key][1].due_at, after[key][1].anchor_on)
        ],
    )


def _days(pair: Foreseen) -> tuple[Any, ...]:
    return pair[1].due_at, pair[1].anchor_on


def _identity(pair: Foreseen) -> tuple[Any, ...]:
    """One step to one recipient, whatever its day."""
    code, row = pair
    return code, row.subject_id, row.step, row.contact_role, row.recipient
