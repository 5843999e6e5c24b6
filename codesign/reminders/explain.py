"""Why a reminder was sent, will be sent, or is not: the planner's own answer for one subject, or for a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from codesign.reminders.forecasting import LEAVING
from codesign.reminders.lifecycle import CLOSED, DONE, REARMED, OccurrenceState
from codesign.reminders.models import Occurrence, ReminderPause, ReminderRule
from codesign.reminders.planner import Planned, read_plan
from codesign.reminders.reach import Around
from codesign.reminders.rules import SMALL_MOVE_DAYS, awake, mondays
from codesign.reminders.sources import SOURCES, Source, Verdict
from codesign.reminders.specs import Spec, specs_between
from members.people.models import Contact, ContactRole
from members.scope import Scope
from registry.kernel.calendar import LATEST
from registry.kernel.errors import NotFound

LOOK_AHEAD = timedelta(days=400)
# Beside the clauses: of these, too, only the present is known.
NOT_KEPT = ("hold", "opt_out", "stopped")
CAUSES_OF_SILENCE = ("no_rule", "rule_stopped", "all_stopped", "nothing_due", "clauses", "sent")


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A verdict (`sent`, `will_send`, `suppressed`, `not_applicable`) with everything that it rests on.

    `blocked_by`: the earlier sending because of which the newest step due goes to nobody again. `changes_on`: the next
    moment at which the verdict becomes another if nothing else happens; None: never. `undated`: what of it says of a
    past moment how it is now, because nothing else is kept: codes of clauses, and those of `NOT_KEPT`.
    """

    spec: Spec
    subject_id: UUID
    verdict: str
    clauses: list[Verdict]
    stopped: list[str]
    past: list[Occurrence]
    coming: list[Planned]
    blocked_by: Occurrence | None
    changes_on: datetime | None
    undated: tuple[str, ...]


def explain(
    *, rule_code: str, subject_id: UUID, scope: Scope, at: datetime, recipient: UUID | None = None
) -> Explanation:
    """What the rule does about one subject that the caller sees, as known at `at`. NotFound for any other.

    Of a moment that is past: rows planned later are left out, and what was settled later waits again; contacts, rule
    versions and the hour are those of then, and so are the state of the membership, a mute, a hold that still stands,
    and whether a report was owed. What has no history is as it is now, and named by `undated`: the state of invoice and
    action, a hold that was lifted, an opt-out, and whether a rule was stopped.
    """
    specs = _specs(rule_code, at)
    source = SOURCES[specs[-1].kind]
    if not source.of([subject_id]).filter((source.about_seen or source.seen)(scope)).exists():
        raise NotFound("There is no such subject.")
    past_rows = Occurrence.objects.visible_to(scope).about(subject_id).filter(rule_code=rule_code)
    narrow = Q(**{source.columns["subject_id"]: subject_id})
    asked: dict[str, Any] = {"narrow": narrow, "of_one": True, "around": Around.now()}
    coming = [row for spec in specs for row in read_plan(spec, at=at, until=at + LOOK_AHEAD, rewound=True, **asked)]
    if recipient is not None:
        past_rows = past_rows.filter(recipient=recipient)
        coming = [row for row in coming if row.recipient == recipient]
    past = [_as_of(row, at) for row in past_rows.filter(planned_at__lte=at).order_by("due_at", "pk")]
    known = {row.identity for row in past if row.state != OccurrenceState.SUPERSEDED}
    stopped = _stopped(rule_code)
    waiting = [row for row in past if row.state in LEAVING or row.state == OccurrenceState.CLAIMED]
    fresh = [row for row in coming if row.identity not in known]
    clauses = _clauses(source, specs, subject_id, at=at)
    # What waits is asked again as it leaves: it stays when a clause fails that no day of its own turns.
    stays = any(not one.holds for one in clauses if one.code not in source.dated)
    leaving = [] if stopped else [*([] if stays else waiting), *(row for row in fresh if row.state in LEAVING)]
    verdict = _verdict(past, fresh, leaving)
    changes_on = _leaves_at(specs[-1], leaving, at=at)
    if changes_on is None and not stopped:
        changes_on = _turns_on(rule_code, source, subject_id, past, recipient, at=at)
    return Explanation(
        spec=specs[-1],
        subject_id=subject_id,
        verdict=verdict,
        clauses=clauses,
        stopped=stopped,
        past=past,
        coming=fresh,
        blocked_by=_blocking(source, specs, subject_id, past, at=at),
        changes_on=changes_on,
        undated=(*source.undated, *(("filter",) if any(spec.filters for spec in specs) else ()), *NOT_KEPT),
    )


def _as_of(row: Occurrence, at: datetime) -> Occurrence:
    """The row as it stood: what was settled later still waited."""
    if row.settled_at is not None and row.settled_at > at:
        row.state = OccurrenceState.DUE if row.due_at <= at else OccurrenceState.PLANNED
        row.reason, row.settled_at = "", None
    elif row.state == OccurrenceState.DUE and row.due_at > at:
        row.state = OccurrenceState.PLANNED
    return row


def _specs(code: str, at: datetime) -> list[Spec]:
    specs = specs_between(date.min, (at + LOOK_AHEAD).date(), code=code, only_running=False)
    in_force = [spec for spec in specs if spec.first_on <= at.date()]
    if not in_force:
        raise NotFound("There is no such rule in force.")
    return specs


def _clauses(source: Source, specs: list[Spec], subject_id: UUID, *, at: datetime) -> list[Verdict]:
    """Every clause, and whether the filters of the version in force let the subject through, when it has any."""
    found = source.verdicts([subject_id], at=at, rewound=True).get(subject_id, [])
    filters = next((spec.filters for spec in reversed(specs) if spec.first_on <= at.date()), ())
    if filters:
        passed = subject_id in source.let_through([subject_id], filters)
        found = [*found, Verdict(code="filter", holds=passed)]
    return found


def _stopped(code: str) -> list[str]:
    """What keeps the whole rule from sending: switched off, asking, or everything is off."""
    found = []
    rules = ReminderRule.objects.published().filter(code=code, retired_on=None)
    if rules.exclude(paused_at=None).exists():
        found.append("rule_paused")
    if rules.exclude(held_at=None).exists():
        found.append("rule_held")
    if ReminderPause.objects.open().exists():
        found.append("all_paused")
    return found


def _verdict(past: list[Occurrence], coming: list[Planned], leaving: list[Any]) -> str:
    if leaving:
        return "will_send"
    if not past and not coming:
        return "not_applicable"
    newest = max(past, key=lambda row: row.due_at, default=None)
    return "sent" if newest is not None and newest.state in DONE else "suppressed"


def _leaves_at(spec: Spec, leaving: list[Any], *, at: datetime) -> datetime | None:
    """When the next of these leaves: at its hour, and what is caught up at night when the quiet hours end."""
    contacts = Contact.objects.filter(pk__in={row.recipient for row in leaving})
    zones = dict(contacts.values_list("pk", "zone"))
    quiet = {"quiet_from": spec.quiet_from, "quiet_until": spec.quiet_until}
    moments = [awake(zones.get(row.recipient, "UTC"), max(row.due_at, at), **quiet) for row in leaving]
    return min(moments, default=None)


def _turns_on(
    code: str, source: Source, subject_id: UUID, past: list[Occurrence], recipient: UUID | None, *, at: datetime
) -> datetime | None:
    """The next moment at which something would leave that nothing lets leave now: asked at each day that is known.

    Those are the end of a mute, the day on which work comes back that was put off, the first day of a contact and of
    a version of the rule, and by the week the next two Mondays. At each the planner says what would leave then.
    """
    narrow = Q(**{source.columns["subject_id"]: subject_id})
    asked: dict[str, Any] = {"narrow": narrow, "of_one": True, "around": Around.now()}
    done = {row.identity for row in past if row.state not in REARMED}
    for moment in _known_days(code, source, subject_id, at=at):
        for spec in specs_between(moment.date(), (moment + LOOK_AHEAD).date(), code=code):
            for row in read_plan(spec, at=moment, until=moment + LOOK_AHEAD, **asked):
                if row.state in LEAVING and row.identity not in done and recipient in (None, row.recipient):
                    return moment
    return None


def _known_days(code: str, source: Source, subject_id: UUID, *, at: datetime) -> list[datetime]:
    """Days ahead on which a dated fact around the subject begins or ends, in order. Three queries."""
    days: set[date] = {spec.first_on for spec in specs_between(at.date(), LATEST, code=code)}
    names = ("organisation_id", "representative_id", "opens_at")
    rows = source.rows.filter(**{source.columns["subject_id"]: subject_id})
    holders: set[UUID] = set()
    found: set[datetime] = set()
    for organisation, representative, opens_at in rows.values_list(*(source.column(name) for name in names)):
        holders |= {key for key in (organisation, representative) if key}
        if opens_at is not None and opens_at > at:
            found.add(opens_at)
    reached = Q(organisation__in=holders) | Q(role=ContactRole.SECRETARIAT)
    days |= set(Contact.objects.filter(reached, valid_from__gt=at.date()).values_list("valid_from", flat=True))
    if source.turns_on is not None:
        days |= set(source.turns_on(subject_id, at))
    if source.weekly:
        days |= set(mondays((at + timedelta(days=1)).date(), (at + timedelta(days=14)).date()))
    found |= {datetime.combine(day, time(), tzinfo=UTC) for day in days if at.date() < day < LATEST}
    return sorted(found)


def _blocking(
    source: Source, specs: list[Spec], subject_id: UUID, past: list[Occurrence], *, at: datetime
) -> Occurrence | None:
    """The newest sending that answers what is due: within a small move of the anchor, to any holder of the role."""
    anchors = source.current_anchors([subject_id], at=at).get(subject_id, set()) if not source.weekly else set()
    near = [
        row
        for row in past
        if row.state in CLOSED
        and row.due_at <= at
        and any(abs((row.anchor_on - anchor).days) <= SMALL_MOVE_DAYS for anchor in anchors or {row.anchor_on})
    ]
    return max(near, key=lambda row: (row.due_at, row.contact_role, row.pk), default=None)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Why a rule reached nobody on a day, or how many it did reach: what was in its way, and how often."""

    on: date
    verdict: str
    sent: int
    states: dict[str, int] = field(default_factory=dict)
    subjects: int = 0
    failing: dict[str, int] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)


def explain_day(*, rule_code: str, on: date, scope: Scope, at: datetime) -> Silence:
    """What a rule did on one day, over all that the caller sees: sent, or what was in the way. A few queries.

    `subjects` are those of which a step falls on the day; `failing` counts the clauses that do not hold for them, as
    known now.
    """
    start = datetime.combine(on, time(), tzinfo=at.tzinfo)
    rows = Occurrence.objects.visible_to(scope).filter(
        rule_code=rule_code, due_at__gte=start, due_at__lt=start + timedelta(days=1)
    )
    states = Counter(rows.values_list("state", flat=True))
    sent = sum(states[state] for state in DONE)
    stopped = _stopped(rule_code)
    specs = specs_between(on, on, code=rule_code, only_running=False)
    if not specs:
        return Silence(on=on, verdict="no_rule", sent=sent, states=dict(states), stopped=stopped)
    subjects, failing = 0, Counter[str]()
    for spec in specs:
        source = SOURCES[spec.kind]
        days = Q()
        for offset in {offset for offset, _ in spec.steps}:
            # Saturday and Sunday move to Monday: what left on that day may have counted from two days earlier.
            first = on - timedelta(days=offset + (2 if on.weekday() == 0 and spec.moves_off_weekends else 0))
            days |= source.anchors(first, on - timedelta(days=offset))
        due = source.rows.filter(source.seen(scope), Q() if source.weekly else days)
        subjects += due.count()
        for clause in source.clauses:
            failing[clause.code] += due.exclude(pk__in=due.filter(clause.holds(at)).values("pk")).count()
    verdict = "sent" if sent else "nothing_due" if not subjects else "clauses"
    if not sent and stopped:
        verdict = "all_stopped" if "all_paused" in stopped else "rule_stopped"
    return Silence(
        on=on,
        verdict=verdict,
        sent=sent,
        states=dict(states),
        subjects=subjects,
        failing={code: count for code, count in failing.items() if count},
        stopped=stopped,
    )
