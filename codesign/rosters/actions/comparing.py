"""The second step: rows are compared with the register and with each other, in sets; the register stays as it is."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from codesign.companies.models import Site
from codesign.rosters.actions.changing import changes_of
from codesign.rosters.actions.leasing import enter, hold
from codesign.rosters.actions.ranges import Range, next_range, range_among, rows_in, statement_of
from codesign.rosters.actions.reaching import among, companies_of, is_of, may_be_of
from codesign.rosters.actions.reading import day_in
from codesign.rosters.lifecycle import RosterLabel, RosterMode, RosterStep
from codesign.rosters.models import Roster, RosterRow
from codesign.training.actions import bulk
from codesign.training.models import StaffMember
from registry.kernel.dialect import Statement, dialect

ABSENT_CHUNK = 20_000
# Digits of the longest number that is looked for with zeros in front.
_WIDEST = 8
# Rows of the file that say the same of one person, except for the training.
_SAME_AS_FIRST = " AND ".join(
    f"(r.{name} = f.{name} OR (r.{name} IS NULL AND f.{name} IS NULL))"
    for name in ("site_id", "role", "employment", "language", "hired_on", "left_on", "since")
)
_ADDS = f"""
  r.course_id IS NOT NULL AND (f.course_id IS NULL OR r.course_id <> f.course_id OR r.completed_on <> f.completed_on)
  AND {_SAME_AS_FIRST}
"""
# The range is said of each side: the keys alone would let an engine look through all rosters for each range.
_FURTHER = """
UPDATE codesign_rosterrow AS r
SET target_id = f.id,
  label = CASE WHEN {adds} THEN 'further' ELSE 'error' END,
  faults = CASE WHEN {adds} THEN NULL ELSE {repeated} END
FROM codesign_rosterrow AS f, (
  SELECT id, FIRST_VALUE(id) OVER (PARTITION BY company_id, reference_key ORDER BY number) AS first_id
  FROM codesign_rosterrow WHERE roster_id = {roster} AND {inside} AND label = 'create'
) AS w
WHERE w.id = r.id AND w.first_id = f.id AND r.id <> f.id
  AND r.roster_id = {roster} AND {of_row} AND f.roster_id = {roster} AND {of_first}
"""
_SAME_AS_KNOWN = """
  s.reference = r.reference AND s.site_id = COALESCE(r.site_id, s.site_id) AND s.role = COALESCE(r.role, s.role)
  AND s.employment = COALESCE(r.employment, s.employment) AND s.language = COALESCE(r.language, s.language)
  AND s.hired_on = COALESCE(r.hired_on, s.hired_on)
  AND (r.keeps_end OR s.left_on = r.left_on OR (s.left_on IS NULL AND r.left_on IS NULL))
"""
_KNOWN = """
UPDATE codesign_rosterrow AS r
SET target_id = s.id, target_version = s.version,
  label = CASE WHEN {foreign} THEN 'error' WHEN {same} THEN 'unchanged'
    WHEN s.changed_at > {as_of} THEN 'conflict' ELSE 'update' END,
  faults = CASE WHEN {foreign} THEN {taken} WHEN {same} THEN NULL
    WHEN s.changed_at > {as_of} THEN {changed} ELSE NULL END
FROM codesign_staffmember AS s
WHERE r.roster_id = {roster} AND {inside} AND r.label = 'create'
  AND {is_of} AND s.reference_key = r.reference_key AND {among}
"""
_FOLLOWS = """
UPDATE codesign_rosterrow AS r
SET target_id = COALESCE(f.target_id, f.id),
  label = CASE WHEN f.label IN ('error', 'conflict') THEN 'error' ELSE 'further' END,
  faults = CASE WHEN f.label IN ('error', 'conflict') THEN {refused} ELSE NULL END
FROM codesign_rosterrow AS f
WHERE r.roster_id = {roster} AND {inside} AND r.label = 'further' AND f.id = r.target_id
"""
_ABSENT = """
INSERT INTO codesign_rosterrow (id, roster_id, reference, reference_key, company_id, left_on, keeps_end, label,
  target_id, target_version, faults)
SELECT {new_id}, {roster}, s.reference, s.reference_key, {company}, {last_day}, {no},
  CASE WHEN s.changed_at > {as_of} THEN 'conflict' ELSE 'end' END, s.id, s.version,
  CASE WHEN s.changed_at > {as_of} THEN {changed} ELSE NULL END
FROM codesign_staffmember s JOIN codesign_site p ON p.id = s.site_id
WHERE {of_companies} AND {inside} AND s.hired_on < {told_on} AND (s.left_on IS NULL OR s.left_on >= {told_on})
  AND {own} AND NOT EXISTS (
    SELECT 1 FROM codesign_rosterrow r
    WHERE r.roster_id = {roster} AND r.reference_key = s.reference_key AND {may_be_of})
"""


def compare(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Label the rows of the next range, or go on to the next step. Raises LeaseLost."""
    span = next_range(roster)
    if span is None:
        step = RosterStep.END if roster.mode == RosterMode.COMPLETE else RosterStep.TALLY
        enter(roster, step, now=real_now())
        return
    with transaction.atomic():
        count = rows_in(roster, span).count()
        hold(roster, now=real_now(), position=span.upto, done_count=roster.done_count + count)
        # A roster and a company that the statistics don't hold yet would be taken for a row each.
        with dialect().many():
            _pair(roster, span)
            _match(roster, span)
        _refuse_without_zeros(roster, span)
        _require(roster, span)
        _try(roster, span)
        with dialect().many():
            _follow(roster, span)


def find_absent(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Add the next people whom a complete file does not name, or go on. Raises LeaseLost."""
    people = StaffMember.objects.filter(company__in=companies_of(roster))
    span = range_among(people, roster.position, size=ABSENT_CHUNK)
    if span is None:
        enter(roster, RosterStep.TALLY, now=real_now())
        return
    with transaction.atomic():
        hold(roster, now=real_now(), position=span.upto)
        statement, key = statement_of(roster.pk)
        told_on = _told_on(roster, statement)
        with dialect().many():
            statement.run(
                _ABSENT,
                new_id=dialect().new_id,
                roster=key,
                company="NULL" if roster.company_ids is None else "s.company_id",
                of_companies=among(roster, statement, "s.company_id"),
                may_be_of=may_be_of(roster),
                inside=span.of(statement, "s.reference_key"),
                told_on=told_on,
                last_day=dialect().add_days(told_on, "-1"),
                as_of=statement.moment(roster.as_of),
                changed=fault_in(statement, "reference", "changed_after"),
                no="FALSE",
                own=_own(roster, statement),
            )


def _pair(roster: Roster, span: Range) -> None:
    """Of several rows for one person the first counts; others may add trainings."""
    statement, key = statement_of(roster.pk)
    statement.run(
        _FURTHER,
        adds=_ADDS,
        roster=key,
        inside=span.of(statement, "reference_key"),
        of_row=span.of(statement, "r.reference_key"),
        of_first=span.of(statement, "f.reference_key"),
        repeated=fault_in(statement, "reference", "repeated"),
    )


def _match(roster: Roster, span: Range) -> None:
    """Who is known, and whether anything differs."""
    statement, key = statement_of(roster.pk)
    statement.run(
        _KNOWN,
        same=_SAME_AS_KNOWN,
        foreign=f"NOT ({_own(roster, statement)})",
        taken=fault_in(statement, "reference", "taken"),
        as_of=statement.moment(roster.as_of),
        changed=fault_in(statement, "reference", "changed_after"),
        roster=key,
        inside=span.of(statement, "r.reference_key"),
        is_of=is_of(roster, statement),
        among=span.of(statement, "s.reference_key"),
    )


def _refuse_without_zeros(roster: Roster, span: Range) -> None:
    """A spreadsheet drops zeros in front: 7 is nobody new where the company has a 0007.

    The row goes by the key of whom it means, so that a complete file does not end them as absent.
    """
    people = StaffMember.objects.filter(company__in=companies_of(roster), reference_key__gt="0", reference_key__lt="1")
    if not people.exists():
        return
    rows = rows_in(roster, span).filter(label=RosterLabel.CREATE)
    meant = {
        (row.company_id or roster.company_id, row.reference_key.zfill(width)): row
        for row in rows.filter(reference_key__regex="^[1-9][0-9]*$")
        if row.reference_key
        for width in range(len(row.reference_key) + 1, _WIDEST + 1)
    }
    known = people.filter(reference_key__in=[number for _, number in meant]).values_list("company_id", "reference_key")
    bad = []
    for company, number in known:
        if row := meant.get((company, number or "")):
            row.reference_key, row.label, row.faults = number, RosterLabel.ERROR, [["reference", "zeros_lost"]]
            bad.append(row)
    bulk.write(bad, update=["reference_key", "label", "faults"])


def _require(roster: Roster, span: Range) -> None:
    """Somebody new needs a site, a role and a first day."""
    rows = rows_in(roster, span).filter(label=RosterLabel.CREATE)
    wanting: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for key, *values in rows.filter(Q(site_id=None) | Q(role=None) | Q(hired_on=None)).values_list(
        "pk", "site_id", "role", "hired_on"
    ):
        named = zip(("site", "role", "hired_on"), values, strict=True)
        wanting[tuple(name for name, value in named if value is None)].append(key)
    for names, keys in wanting.items():
        faults = [[name, "required"] for name in names]
        RosterRow.objects.filter(pk__in=keys).update(label=RosterLabel.ERROR, faults=faults)


def _try(roster: Roster, span: Range) -> None:
    """Work out what each update makes of the person's days: what contradicts itself is told before it is written."""
    rows = rows_in(roster, span).filter(label=RosterLabel.UPDATE)
    bad = [changed.row.pk for changed in changes_of(roster, rows) if changed.plan is None]
    if bad:
        rows.filter(pk__in=bad).update(label=RosterLabel.ERROR, faults=[["hired_on", "out_of_order"]])


def _follow(roster: Roster, span: Range) -> None:
    """Further trainings go with the person's first row."""
    statement, key = statement_of(roster.pk)
    statement.run(
        _FOLLOWS,
        roster=key,
        inside=span.of(statement, "r.reference_key"),
        refused=fault_in(statement, "reference", "person_refused"),
    )


def _own(roster: Roster, statement: Statement) -> str:
    """Whether the person `s` is at a site that the roster may touch."""
    if roster.site_ids is None:
        return "1 = 1"
    sites = ", ".join(statement.uuid(UUID(site)) for site in roster.site_ids)
    return f"s.site_id IN ({sites})" if sites else "1 = 0"


def _told_on(roster: Roster, statement: Statement) -> str:
    """The legal day at the site `p` at the moment that the file tells of."""
    zones = Site.objects.filter(company__in=companies_of(roster)).order_by().values_list("zone", flat=True).distinct()
    cases = " ".join(
        f"WHEN {statement.text(zone)} THEN {statement.put(day_in(zone, roster.as_of), 'date')}" for zone in zones
    )
    utc = statement.put(day_in("UTC", roster.as_of), "date")
    return f"CASE p.zone {cases} ELSE {utc} END" if cases else utc


def fault_in(statement: Statement, column: str, code: str) -> str:
    """One fault as the engine's JSON."""
    return f"CAST({statement.put(json.dumps([[column, code]]))} AS {dialect().json})"
