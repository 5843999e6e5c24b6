"""A person's own reminder: of companies that owe something now, outside the rules' days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from codesign.reminders.actions.planning import post
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.mails import NUDGE
from codesign.reminders.models import Occurrence, ReminderKind
from codesign.reminders.planner import insert_due
from codesign.reminders.rules import local_day
from codesign.reminders.sources import SOURCES
from codesign.reminders.specs import Spec
from members.people.models import ContactRole
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid

NUDGEABLE = {
    ReminderKind.REPORT_DUE: ContactRole.REPORTING_OFFICER,
    ReminderKind.JOINING: ContactRole.REPORTING_OFFICER,
    ReminderKind.FEE_DUE: ContactRole.FINANCE,
    ReminderKind.ACTION_DUE: ContactRole.REPORTING_OFFICER,
}


@dataclass(frozen=True, kw_only=True)
class Nudge:
    """What became of a nudge: the reminders planned, and why some companies get none, by membership."""

    planned: list[Occurrence]
    refused: dict[UUID, str]


@transaction.atomic
def nudge(*, kind: str, memberships: Collection[UUID], actor: Scope, at: datetime) -> Nudge:
    """Remind the companies of these memberships of what they owe now of that kind, in the mail of the day.

    One nudge a day of each kind and company, whoever asks; all of them pass the planner, which knows contacts,
    zones and weekends. Refused, by membership: `not_seen`, `owes_nothing`, `nudged_today`, `nobody_to_write_to`.
    """
    if kind not in NUDGEABLE:
        raise Invalid.at("/kind", "not_nudgeable", "Nobody is nudged about this kind of thing.")
    source, code = SOURCES[kind], f"{NUDGE}{kind.replace('_', '-')}"
    column = str(source.columns["membership_id"]).removesuffix("__pk")
    mine = Q(**{f"{column}__in": list(memberships)}) & source.seen(actor)
    subjects = list(source.subjects(at=at, narrow=mine))
    refused = dict.fromkeys(memberships, "not_seen")
    seen = source.rows.filter(mine).values_list(column, flat=True)
    refused |= dict.fromkeys(seen, "owes_nothing")
    today = local_day("UTC", at)
    owing = {(row[0], row[3]): (today - row[1]).days for row in subjects}
    nudged = _nudged_today(code, {key for key, _ in owing}, at=at)
    wanted = {key: offset for (key, _), offset in owing.items() if key not in nudged}
    if wanted:
        _plan(kind, code, wanted, at=at)
    for (key, membership_id), _ in owing.items():
        refused[membership_id] = "nudged_today" if key in nudged else "nobody_to_write_to"
    planned = list(_of_today(code, at).filter(subject_id__in=wanted).order_by("pk"))
    for occurrence in planned:  # one event each: it is a person who writes
        assert occurrence.membership_id is not None
        refused.pop(occurrence.membership_id, None)
        record("reminders.nudge", occurrence, actor=actor, at=at, changes={"rule_code": [None, code]})
    post(at=at)
    return Nudge(planned=planned, refused=refused)


def _plan(kind: str, code: str, wanted: dict[UUID, int], *, at: datetime) -> None:
    """A rule for today alone: its steps are the days that lie between each anchor and today."""
    for offset in sorted(set(wanted.values())):  # companies of one deadline share a day: a few statements
        spec = Spec(
            code=code,
            version=1,
            kind=kind,
            steps=((offset, NUDGEABLE[ReminderKind(kind)]),),
            first_on=at.date(),
            last_on=at.date() + timedelta(days=3),
            hour=0,
            priority=2,
        )
        own = [key for key, days in wanted.items() if days == offset]
        insert_due(spec, at=at, until=at + timedelta(days=4), narrow=Q(pk__in=own))


def _of_today(code: str, at: datetime) -> QuerySet[Occurrence]:
    since = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    states = (OccurrenceState.DUE, OccurrenceState.PLANNED)
    return Occurrence.objects.filter(rule_code=code, planned_at__gte=since, state__in=states)


def _nudged_today(code: str, subjects: set[UUID], *, at: datetime) -> set[UUID]:
    since = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    rows = Occurrence.objects.filter(rule_code=code, subject_id__in=subjects, planned_at__gte=since)
    return set(rows.exclude(state=OccurrenceState.SUPPRESSED).values_list("subject_id", flat=True))
