"""Plan what is due, make it due, and put it into the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from codesign.reminders.letters import enqueue
from codesign.reminders.lifecycle import DONE, WAITING, OccurrenceState
from codesign.reminders.models import Occurrence, PlanMark, ReminderPause, ReminderRule
from codesign.reminders.planner import insert_due, window_of
from codesign.reminders.querysets import OccurrenceQuerySet
from codesign.reminders.rules import is_surge
from codesign.reminders.sources import SOURCES
from codesign.reminders.specs import Spec, specs_between
from registry.kernel import clock
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.outbox import actions as outbox

# What an outage may have missed is looked for so far back.
CATCH_UP = timedelta(days=60)
# A pass through everything catches what a window can't see: a fact that came late, a contact who was found.
FULL_EVERY = timedelta(hours=1)


def plan(*, at: datetime, ahead: timedelta = timedelta(), in_full: bool = True) -> int:
    """Plan every reminder due by `at`, by all rules in force; the count of new occurrences. Twice plans once.

    What falls due within `ahead` is written as planned. Without `in_full` a rule looks at the window since its last
    run, but for once an hour.
    """
    if ReminderPause.objects.open().exists():
        return 0
    specs = specs_between((at - CATCH_UP).date(), (at + ahead).date())
    marks = {mark.code: mark for mark in PlanMark.objects.all()}
    written = sum(_plan_rule(spec, marks.get(spec.mark), at=at, ahead=ahead, in_full=in_full) for spec in specs)
    make_due(at=at)
    post(at=at)
    return written


@transaction.atomic
def _plan_rule(spec: Spec, mark: PlanMark | None, *, at: datetime, ahead: timedelta, in_full: bool) -> int:
    """One rule in one transaction: what moved is superseded, what is due written, what is late skipped."""
    until = at + ahead
    if not in_full and mark is not None and _is_fresh(mark, spec, at):
        narrow = window_of(spec, since=mark.planned_until, until=until)
        if not SOURCES[spec.kind].weekly and not SOURCES[spec.kind].rows.filter(narrow).exists():
            written = 0
        else:
            written = insert_due(spec, at=at, until=until, since=mark.planned_until, narrow=narrow)
        full_at = mark.full_at
    else:
        _supersede(spec, at=at)
        written = insert_due(spec, at=at, until=until)
        full_at = at
    if written:
        _replace(spec, at=at)
        _hold_surge(spec, mark, at=at)
    _skip_older(spec, at=at)
    ahead_of = Occurrence.objects.filter(rule_code=spec.code, state=OccurrenceState.PLANNED, due_at__gt=at)
    PlanMark.objects.update_or_create(
        code=spec.mark,
        defaults={
            "rule_version": spec.version,
            "planned_until": until,
            "full_at": full_at,
            "foreseen": ahead_of.count(),
        },
    )
    return written


def _is_fresh(mark: PlanMark, spec: Spec, at: datetime) -> bool:
    return mark.rule_version == spec.version and mark.full_at <= at < mark.full_at + FULL_EVERY


def _supersede(spec: Spec, *, at: datetime) -> None:
    """The day that it counts from has moved: what waits for the old one is void."""
    source = SOURCES[spec.kind]
    if not source.has_one_anchor:
        return
    anchor = source.columns["anchor_on"]
    elsewhere = source.rows.filter(pk=OuterRef("subject_id")).exclude(**{anchor: OuterRef("anchor_on")})
    _end(_waiting(spec).filter(Exists(elsewhere)), OccurrenceState.SUPERSEDED, "anchor_moved", at=at)


def _replace(spec: Spec, *, at: datetime) -> None:
    """Somebody else holds the role now and got a row of their own: the former one's is void."""
    same = {name: OuterRef(name) for name in ("rule_code", "subject_id", "anchor_on", "step", "contact_role")}
    newer = Occurrence.objects.waiting().filter(**same, planned_at__gt=OuterRef("planned_at"))
    _end(_waiting(spec).filter(Exists(newer)), OccurrenceState.SUPERSEDED, "recipient_changed", at=at)


def _skip_older(spec: Spec, *, at: datetime) -> None:
    """Of several steps that wait only the newest goes."""
    same = {name: OuterRef(name) for name in ("rule_code", "subject_id", "contact_role")}
    newer = Occurrence.objects.filter(
        **same, due_at__gt=OuterRef("due_at"), due_at__lte=at, state__in=(*DONE, *WAITING, OccurrenceState.CLAIMED)
    )
    _end(_waiting(spec).filter(Exists(newer), due_at__lte=at), OccurrenceState.SKIPPED_LATE, "newer_step", at=at)


def _waiting(spec: Spec) -> OccurrenceQuerySet:
    return Occurrence.objects.waiting().filter(rule_code=spec.code)


def _end(rows: QuerySet, state: OccurrenceState, reason: str, *, at: datetime) -> None:
    rows.update(state=state, reason=reason, settled_at=at, version=F("version") + 1)


def _hold_surge(spec: Spec, mark: PlanMark | None, *, at: datetime) -> None:
    """A rule that suddenly matches ten times its forecast stops and asks; its first run has no forecast."""
    if mark is None and spec.cap_per_run is None:
        return
    sudden = Occurrence.objects.filter(rule_code=spec.code, state=OccurrenceState.DUE, planned_at=at)
    count = sudden.count()
    if not is_surge(sudden=count, foreseen=mark.foreseen if mark else 0, cap=spec.cap_per_run):
        return
    rule = ReminderRule.objects.get(code=spec.code, version=spec.version, country=spec.country)
    ReminderRule.objects.filter(pk=rule.pk).update(held_at=at)
    sudden.update(state=OccurrenceState.PLANNED, version=F("version") + 1)
    record("reminders.hold", rule, actor=SYSTEM, at=at, changes={"held_at": [None, at], "matches": [None, count]})


@transaction.atomic
def make_due(*, at: datetime) -> int:
    """Make due whose hour has come, unless its rule is stopped; the count."""
    stopped = ReminderRule.objects.published().exclude(paused_at=None, held_at=None).values("code")
    come = Occurrence.objects.filter(state=OccurrenceState.PLANNED, due_at__lte=at).exclude(rule_code__in=stopped)
    return come.update(state=OccurrenceState.DUE, version=F("version") + 1)


@transaction.atomic
def post(*, at: datetime) -> int:
    """Give what is due its letters, and ring; the count of letters. Touches no occurrence, so that nobody waits."""
    letters = enqueue(at=at, real_now=clock.real_now())
    if letters:
        outbox.ring_on_commit()
    return letters
