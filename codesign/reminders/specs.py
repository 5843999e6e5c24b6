"""A rule as the planner takes it: plain values, of a stored version, of a draft, or of a person's own nudge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from codesign.reminders.models import ReminderClass, ReminderRule
from registry.kernel.calendar import LATEST

Step = tuple[int, str]
FILTERS = ("categories", "countries", "standings", "schemes")


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One version of a rule and the days on which it counts, `first_on` to `last_on` (None: open).

    `country` bounds it to companies there; `elsewhere` are the countries with a version of their own, and when.
    `filters` are those of `FILTERS` that leave something out, each with what it lets through.
    """

    code: str
    version: int
    kind: str
    steps: tuple[Step, ...]
    first_on: date
    last_on: date | None = None
    binding: str = ReminderClass.OBLIGATION
    country: str | None = None
    elsewhere: tuple[tuple[str, date, date], ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    moves_off_weekends: bool = True
    hour: int = 9
    quiet_from: int = 20
    quiet_until: int = 7
    late_days: int | None = None
    is_urgent: bool = False
    priority: int = 5
    cap_per_run: int | None = None

    @property
    def mark(self) -> str:
        """The key of its progress."""
        return f"{self.code}@{self.country}" if self.country else self.code

    @property
    def span(self) -> tuple[int, int]:
        """The least and the greatest offset."""
        offsets = [offset for offset, _ in self.steps]
        return min(offsets), max(offsets)

    def counts_in(self, first: date, last: date) -> bool:
        """Whether it plans anything in these days."""
        return bool(self.steps) and self.first_on <= last and (self.last_on is None or self.last_on >= first)


def filters_of(rule: ReminderRule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the rule is for alone, by name; what lets all through is left out."""
    named = {name: tuple(getattr(rule, name)) for name in FILTERS}
    return tuple((name, values) for name, values in named.items() if values)


def spec_of(rule: ReminderRule) -> Spec:
    """The plain values of one version."""
    steps = []
    for step in rule.steps.all():
        for number in range(step.repeat_times + 1):
            steps.append((step.offset_days + number * (step.repeat_days or 0), step.contact_role))
    return Spec(
        code=rule.code,
        version=rule.version,
        kind=rule.kind,
        steps=tuple(sorted(set(steps))),
        first_on=rule.effective_from,
        last_on=rule.retired_on and rule.retired_on - timedelta(days=1),
        binding=rule.binding,
        country=rule.country_id,
        filters=filters_of(rule),
        moves_off_weekends=rule.moves_off_weekends,
        hour=rule.hour,
        quiet_from=rule.quiet_from,
        quiet_until=rule.quiet_until,
        late_days=rule.late_days,
        is_urgent=rule.is_urgent,
        priority=rule.priority,
        cap_per_run=rule.cap_per_run,
    )


def in_succession(rules: Iterable[ReminderRule]) -> list[Spec]:
    """Every version with the days on which it counts: each until the next of its code and country takes over.

    A version that stands for a country takes its companies from the one for everywhere.
    """
    ordered = sorted(rules, key=lambda rule: (rule.code, rule.country_id or "", rule.effective_from, rule.version))
    found: list[Spec] = []
    for place, rule in enumerate(ordered):
        spec = spec_of(rule)
        for later in ordered[place + 1 : place + 2]:
            if (later.code, later.country_id) == (rule.code, rule.country_id):
                until = later.effective_from - timedelta(days=1)
                spec = replace(spec, last_on=min(spec.last_on or until, until))
        found.append(spec)
    return [replace(spec, elsewhere=_elsewhere(spec, found)) for spec in found]


def _elsewhere(spec: Spec, specs: list[Spec]) -> tuple[tuple[str, date, date], ...]:
    if spec.country is not None:
        return ()
    return tuple(
        (other.country, other.first_on, other.last_on or LATEST)
        for other in specs
        if other.code == spec.code and other.country is not None
    )


def specs_between(first: date, last: date, *, code: str = "", only_running: bool = True) -> list[Spec]:
    """Every published version that plans something in these days. Two queries."""
    rules = ReminderRule.objects.published().prefetch_related("steps")
    if code:
        rules = rules.filter(code=code)
    specs = in_succession(rules)
    stopped = {
        (rule.code, rule.version, rule.country_id)
        for rule in rules
        if only_running and (rule.paused_at is not None or rule.held_at is not None)
    }
    return [
        spec for spec in specs if spec.counts_in(first, last) and (spec.code, spec.version, spec.country) not in stopped
    ]
