"""The plan is written: a range of people in one transaction, with one row in the audit log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from codesign.rosters.actions.changing import changes_of
from codesign.rosters.actions.comparing import fault_in
from codesign.rosters.actions.leasing import enter, hold
from codesign.rosters.actions.ranges import Range, next_range, rows_in, statement_of
from codesign.rosters.actions.reaching import companies_in, is_of, stands, whose
from codesign.rosters.lifecycle import CHANGING, RosterLabel, RosterState, RosterStep
from codesign.rosters.models import Roster, RosterRow
from codesign.training.actions import bulk, tiles
from codesign.training.actions.plans import write as write_plans
from codesign.training.kinds import CourseKind
from codesign.training.rules import Post
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import LATEST
from registry.kernel.dialect import dialect

# Found before anything is written: the company is locked, so that nobody new comes between. An insert that asks
# for itself whether it may costs half as much again.
_TAKEN = """
UPDATE codesign_rosterrow AS r SET label = 'conflict', faults = {changed}
FROM codesign_staffmember s
WHERE r.roster_id = {roster} AND {inside} AND r.label = 'create'
  AND {is_of} AND s.reference_key = r.reference_key AND {among}
"""
_LATE = """
UPDATE codesign_rosterrow AS r SET label = 'conflict', faults = {changed}
WHERE r.roster_id = {roster} AND {inside} AND (
  (r.label IN ('update', 'end') AND NOT EXISTS (
    SELECT 1 FROM codesign_staffmember s WHERE s.id = r.target_id AND s.version = r.target_version))
  OR (r.label IN ('create', 'update') AND r.site_id IS NOT NULL AND NOT {stands}))
"""
_PEOPLE = """
INSERT INTO codesign_staffmember (id, company_id, site_id, reference, reference_key, role, employment, language,
  hired_on, left_on, created_at, changed_at, version)
SELECT r.id, {whose}, r.site_id, r.reference, r.reference_key, r.role, COALESCE(r.employment, 'regular'),
  COALESCE(r.language, ''), r.hired_on, r.left_on, {at}, {at}, 1
FROM codesign_rosterrow r WHERE r.roster_id = {roster} AND {inside} AND r.label = 'create'
ORDER BY r.reference_key
"""
_POSTS = """
INSERT INTO codesign_posting (id, staff_member_id, site_id, role, employment, hired_on, valid_from, valid_until,
  recorded_at)
SELECT r.id, r.id, r.site_id, r.role, COALESCE(r.employment, 'regular'), r.hired_on, r.hired_on, r.left_on, {at}
FROM codesign_rosterrow r WHERE r.roster_id = {roster} AND {inside} AND r.label = 'create'
ORDER BY r.reference_key
"""
_FIRST_COMPLETIONS = """
INSERT INTO codesign_completion (id, staff_member_id, course_id, completed_on, source, recorded_at, superseded_reason)
SELECT r.id, r.id, r.course_id, r.completed_on, {source}, {at}, ''
FROM codesign_rosterrow r
WHERE r.roster_id = {roster} AND {inside} AND r.course_id IS NOT NULL AND r.label = 'create'
ORDER BY r.reference_key
"""
# A further row of somebody whose first row became a conflict meanwhile finds no person, or one known all the same.
_COMPLETIONS = """
INSERT INTO codesign_completion (id, staff_member_id, course_id, completed_on, source, recorded_at, superseded_reason)
SELECT r.id, s.id, r.course_id, r.completed_on, {source}, {at}, ''
FROM codesign_rosterrow r JOIN codesign_staffmember s ON s.id = r.target_id
WHERE r.roster_id = {roster} AND {inside} AND r.course_id IS NOT NULL AND r.label IN ('update', 'unchanged', 'further')
ORDER BY r.reference_key
ON CONFLICT DO NOTHING
"""
# People who were known; whoever is new, and has the key of a row, has nothing to compare with.
_TOUCHED = """
SELECT DISTINCT r.target_id, {whose} FROM codesign_rosterrow r
WHERE r.roster_id = {roster} AND {inside} AND r.target_id IS NOT NULL
  AND ((r.label IN ('update', 'end') AND r.before IS NOT NULL)
    OR EXISTS (SELECT 1 FROM codesign_completion c WHERE c.id = r.id))
  AND NOT EXISTS (SELECT 1 FROM codesign_rosterrow f WHERE f.id = r.target_id AND f.roster_id = r.roster_id)
"""
# Rows of people whom the range created come first among those of their reference; others may add trainings.
_NEW = """
SELECT r.label, COALESCE(r.target_id, r.id), {whose}, r.site_id, p.country_id, r.role,
  COALESCE(r.employment, 'regular'), r.hired_on, r.left_on, r.completed_on, k.kind
FROM codesign_rosterrow r LEFT JOIN codesign_site p ON p.id = r.site_id
  LEFT JOIN codesign_course k ON k.id = r.course_id
WHERE r.roster_id = {roster} AND {inside} AND r.label IN ('create', 'further')
ORDER BY r.company_id, r.reference_key, r.number
"""

_CREATE, _REFRESHER = RosterLabel.CREATE.value, CourseKind.REFRESHER.value


def apply(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Write the next range, or end. Raises LeaseLost."""
    if roster.state == RosterState.CONFIRMED:
        enter(roster, RosterStep.APPLY, now=real_now(), state=RosterState.APPLYING)
    span = next_range(roster)
    if span is None:
        enter(roster, RosterStep.REST, now=real_now(), state=RosterState.DONE, finished_at=at)
        return
    with transaction.atomic():
        count = rows_in(roster, span).count()
        hold(roster, now=real_now(), position=span.upto, done_count=roster.done_count + count)
        tiles.lock(companies_in(roster, span))
        written = _write(roster, span, at=at)
        if any(written.values()):
            total = Counter(roster.applied) + written
            hold(roster, now=real_now(), applied=dict(total))
            changes = {name: [0, number] for name, number in sorted(written.items())}
            record("rosters.apply", roster, actor=actor_of(roster), at=at, changes=changes)


def actor_of(roster: Roster) -> Actor:
    """Who stands for the writing: whoever sent, confirmed or took it back last."""
    return Actor(
        user_id=roster.actor_id, token_id=roster.token_id, label=roster.actor_label, request_id=roster.request_id
    )


def _write(roster: Roster, span: Range, *, at: datetime) -> Counter[str]:
    """All of one range; how many of each kind of change."""
    with dialect().many():
        _run(_TAKEN, roster, span, at=at)
    _run(_LATE, roster, span, at=at)
    created = _run(_PEOPLE, roster, span, at=at)
    if created:
        _run(_POSTS, roster, span, at=at)
    ended, updated = _change(roster, span, at=at)
    completions = _run(_FIRST_COMPLETIONS, roster, span, at=at) if created else 0
    completions += _run(_COMPLETIONS, roster, span, at=at)
    if created:
        tiles.lay_down(_new_people(_fetched(_NEW, roster, span)), book=tiles.rulebook())
    if known := {UUID(_hex(key)): UUID(_hex(company)) for key, company in _fetched(_TOUCHED, roster, span)}:
        tiles.rebuild(known)
    written = {"created": created, "updated": updated, "ended": ended, "completions": completions}
    return Counter({name: number for name, number in written.items() if number})


def _change(roster: Roster, span: Range, *, at: datetime) -> tuple[int, int]:
    """People who are known: ended and updated; how each stood before is kept beside the row."""
    rows: list[RosterRow] = []
    plans = []
    ended = 0
    for changed in changes_of(roster, rows_in(roster, span).filter(label__in=CHANGING).order_by("reference_key")):
        if changed.plan is None or not changed.plan.is_changed:
            continue
        row = changed.row
        row.before = json.loads(json.dumps(changed.before, cls=DjangoJSONEncoder))
        row.target_version = changed.person.version
        ended += row.label == RosterLabel.END
        rows.append(row)
        plans.append(changed.plan)
    if plans:
        write_plans(plans, at=at)
        bulk.write(rows, update=["before", "target_version"])
    return ended, len(plans) - ended


def _new_people(rows: list[tuple[Any, ...]]) -> Iterator[tiles.NewPerson]:
    """Whom the rows of `_NEW` created, with their one post and their trainings.

    One after the other, so that thousands of small objects never live at once, for the collector to look through.
    """
    person: tiles.NewPerson | None = None
    for label, who, company, site, country, role, employment, hired_on, left_on, completed_on, kind in rows:
        key = _hex(who)
        if label == _CREATE:
            if person:
                yield person
            first, last = _day(hired_on), LATEST if left_on is None else _day(left_on)
            post = Post(_hex(site), country, role, employment, first, first, last)
            person = tiles.NewPerson(key, _hex(company), [post], [], [])
        if kind and person and person.key == key:
            (person.refreshers if kind == _REFRESHER else person.full).append(_day(completed_on))
    if person:
        yield person


def _hex(key: Any) -> str:
    """The digits of a key, which SQLite gives as they are."""
    return key if isinstance(key, str) else key.hex


@lru_cache(maxsize=4096)
def _day(value: Any) -> date:
    """A day as Python has it; SQLite gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _fetched(template: str, roster: Roster, span: Range) -> list[tuple[Any, ...]]:
    statement, key = statement_of(roster.pk)
    with connection.cursor() as cursor:
        inside, company = span.of(statement, "r.reference_key"), whose(roster, statement)
        cursor.execute(template.format(roster=key, inside=inside, whose=company), statement.params)
        return cursor.fetchall()


def _run(template: str, roster: Roster, span: Range, *, at: datetime) -> int:
    statement, key = statement_of(roster.pk)
    return statement.run(
        template,
        roster=key,
        inside=span.of(statement, "r.reference_key"),
        among=span.of(statement, "s.reference_key"),
        whose=whose(roster, statement),
        is_of=is_of(roster, statement),
        stands=stands(roster, statement),
        source=statement.text(roster.source),
        at=statement.moment(at),
        changed=fault_in(statement, "reference", "changed_since_plan"),
    )
