"""A person's own reminder: of companies that owe something now, outside the rules' days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from codesign.reminders.actions.planning import post
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import Occurrence, ReminderKind
from codesign.reminders.nudges import NUDGEABLE, code_of, refusals
from codesign.reminders.planner import insert_due
from codesign.reminders.rules import local_day
from codesign.reminders.sources import SOURCES
from codesign.reminders.specs import Spec
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Nudge:
    """What became of a nudge: the reminders planned, and why some subjects get none."""

    planned: list[Occurrence]
    refused: dict[UUID, str]


@transaction.atomic
def nudge(*, kind: str, subjects: Collection[UUID], actor: Scope, at: datetime) -> Nudge:
    """Remind companies of what they owe now, in the mail of the day: reports, approvals, invoices, actions, by id.

    One nudge a day of each, whoever asks; all of them pass the planner, which knows contacts, zones and weekends.
    Refused, by subject, with nothing written: `not_seen`, and what `refusals` says.
    """
    if kind not in NUDGEABLE:
        raise Invalid.at("/kind", "not_nudgeable", "Nobody is nudged about this kind of thing.")
    source, code = SOURCES[kind], code_of(kind)
    seen = source.rows.filter(Q(pk__in=list(subjects)) & source.seen(actor))
    anchors: dict[UUID, date] = dict(seen.values_list("pk", F(str(source.columns["anchor_on"]))))
    said = refusals({ReminderKind(kind): anchors}, at=at).get(ReminderKind(kind), {})
    refused = {key: said.get(key, "not_seen") for key in subjects}
    wanted = {key: anchors[key] for key, why in refused.items() if not why}
    _plan(ReminderKind(kind), wanted, at=at)
    planned = list(_planned(code, wanted, at))
    for occurrence in planned:  # one event each: it is a person who writes
        record("reminders.nudge", occurrence, actor=actor, at=at, changes={"rule_code": [None, code]})
    # On the open day on which the mail leaves the contact may have gone.
    gone = wanted.keys() - {occurrence.subject_id for occurrence in planned}
    post(at=at)
    refused = {key: why for key, why in refused.items() if why}
    return Nudge(planned=planned, refused=refused | dict.fromkeys(gone, "nobody_to_write_to"))


def _plan(kind: ReminderKind, wanted: dict[UUID, date], *, at: datetime) -> None:
    """A rule for today alone: its steps are the days that lie between each anchor and today."""
    today = local_day("UTC", at)
    for anchor in sorted(set(wanted.values())):  # companies of one deadline share a day: a few statements
        spec = Spec(
            code=code_of(kind),
            version=1,
            kind=kind,
            steps=(((today - anchor).days, NUDGEABLE[kind]),),
            first_on=at.date(),
            last_on=at.date() + timedelta(days=3),
            hour=0,
            priority=2,
        )
        own = [key for key, day in wanted.items() if day == anchor]
        insert_due(spec, at=at, until=at + timedelta(days=4), narrow=Q(pk__in=own))


def _planned(code: str, wanted: Collection[UUID], at: datetime) -> list[Occurrence]:
    states = (OccurrenceState.DUE, OccurrenceState.PLANNED)
    rows = Occurrence.objects.filter(rule_code=code, planned_at=at, state__in=states, subject_id__in=list(wanted))
    return list(rows.order_by("pk"))
