"""The one SELECT of a rule as text: subjects, steps, contacts and mornings put together.

Contacts are those of the day on which a step leaves, so that what is foreseen is what the days bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from codesign.reminders.lifecycle import CLOSED
from codesign.reminders.models import NOBODY, ClosedPeriod, Occurrence, OptOut, ReminderClass
from codesign.reminders.reach import Around, Zone, reach_of, values_of, zones_between
from codesign.reminders.rules import SMALL_MOVE_DAYS, mondays
from codesign.reminders.sources import COLUMNS, SOURCES
from codesign.reminders.specs import Spec
from members.people.models import ContactRole
from registry.kernel.calendar import LATEST
from registry.kernel.dialect import Statement, dialect

EVER = datetime(1900, 1, 1, tzinfo=UTC)
# A subject that counts by the week looks back so far: older weeks are history, not late.
WEEKS_BACK = timedelta(days=14)
HISTORY = timedelta(days=60)
DAY = timedelta(days=1)
_WEEKEND = timedelta(days=2)  # by which one moves a mail at most

# `pace`: on which day each step leaves, worked out once for each day that subjects count from, not for each subject.
# `wanted`: the steps of the days that are asked for; all that follows is looked up for these alone. Without a
# representative the secretariat stands in, unless the step names it anyway (`is_double`).
# `newest`: the last step that was due already at {known}; what is older and not done is late.
# Materialized where it is read twice, or where an engine would else try every morning for every step.
_PLAN = """
WITH found ({columns}) AS ({subjects}),
{subject}
step (offset_days, role, is_double) AS (VALUES {steps}),
zone (name, first_on, last_on, seconds) AS (VALUES {zones}),
pace AS MATERIALIZED (
    SELECT a.anchor_on, step.offset_days, step.role, step.is_double, {open_on} AS open_on
    FROM (SELECT DISTINCT anchor_on FROM subject) a CROSS JOIN step
    WHERE {roughly_on} BETWEEN {roughly_from} AND {last_on}
),
wanted AS MATERIALIZED (
    SELECT d.*, CASE WHEN d.due_on < {today} THEN {today} ELSE d.due_on END AS reached_on
    FROM (
        SELECT s.subject_id, s.anchor_on, s.organisation_id, s.membership_id, s.zone, s.opens_at, s.country,
            p.offset_days,
            CASE WHEN p.role = 'lcr_officer' AND s.representative_id IS NULL THEN 'secretariat' ELSE p.role END AS role,
            CASE p.role WHEN 'lcr_officer' THEN COALESCE(s.representative_id, {nobody})
                WHEN 'secretariat' THEN {nobody} ELSE s.organisation_id END AS holder, {due_on} AS due_on
        FROM subject s JOIN pace p ON p.anchor_on = s.anchor_on
        WHERE s.representative_id IS NOT NULL OR p.is_double = 0
    ) d WHERE d.due_on BETWEEN {first_on} AND {last_on} {only_country}
),
{reach}
morning AS MATERIALIZED (
    SELECT z.name AS zone, d.due_on, {due_at} AS due_at
    FROM (SELECT DISTINCT due_on FROM wanted) d JOIN zone z ON d.due_on BETWEEN z.first_on AND z.last_on
),
addressed AS {apart} (
    SELECT w.subject_id, w.anchor_on, w.organisation_id, w.membership_id, w.opens_at, w.offset_days, w.role, w.due_on,
        r.contact_id, COALESCE(r.contact_id, {nobody}) AS recipient, COALESCE(r.addressee, {nobody}) AS addressee,
        COALESCE(r.zone, w.zone, 'UTC') AS at_zone
    FROM wanted w LEFT JOIN reach r ON r.holder = w.holder AND r.asked = w.role
        AND w.reached_on >= r.first_on AND w.reached_on < r.next_on
),
timed AS (
    SELECT a.*, m.due_at FROM addressed a CROSS JOIN morning m WHERE m.due_on = a.due_on AND m.zone = a.at_zone
),
planned AS (
    SELECT t.*, MAX(CASE WHEN due_at <= {known} THEN due_at END) OVER (PARTITION BY subject_id, role) AS newest
    FROM timed t
    WHERE due_at <= {horizon} AND (opens_at IS NULL OR opens_at <= {known} OR opens_at <= due_at) {assumed_done}
)
SELECT p.subject_id, p.organisation_id, p.membership_id, p.anchor_on, p.offset_days, p.role, p.contact_id, p.recipient,
    p.addressee,
    CASE WHEN p.due_at < p.newest OR p.due_at < {too_late} THEN 'skipped_late'
        WHEN p.contact_id IS NULL {or_opted_out} THEN 'suppressed'
        WHEN p.due_at <= {known} THEN 'due' ELSE 'planned' END AS state,
    CASE WHEN p.due_at < p.newest THEN 'newer_step' WHEN p.due_at < {too_late} THEN 'too_late'
        WHEN p.contact_id IS NULL THEN 'no_contact' {when_opted_out} ELSE '' END AS reason,
    p.due_at
FROM planned p
WHERE p.due_at > {since} AND NOT EXISTS (
    SELECT 1 FROM {occurrence} o
    WHERE o.rule_code = {code} AND o.subject_id = p.subject_id AND o.step = p.offset_days AND o.contact_role = p.role
        AND o.state IN ({shut}) AND o.anchor_on BETWEEN {moved_before} AND {moved_after} {shut_by_then}
)
"""

_OPTED_OUT = "EXISTS (SELECT 1 FROM {table} x WHERE x.contact_id = p.contact_id AND x.rule_code = {code})"
_ASSUMED_DONE = (
    "AND NOT EXISTS (SELECT 1 FROM assumed x WHERE x.organisation_id = t.organisation_id AND x.done_on <= t.due_on)"
)
_SUBJECT = "{parts} subject AS (SELECT {named} FROM found f{joins}),"
_REOPENED = (
    "(SELECT MAX({day_after}) FROM {table} k WHERE k.company_id = s.organisation_id "
    "AND (k.site_id IS NULL OR k.site_id = s.site_id) AND {due_on} BETWEEN k.first_on AND k.last_on)"
)


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """What if: one organisation does what a kind of rule asks for on `done_on`, has until `due_on`, or is released.

    `kind` None: every kind.
    """

    organisation_id: UUID
    kind: str | None = None
    done_on: date | None = None
    due_on: date | None = None
    released_at: datetime | None = None

    def bears_on(self, spec: Spec) -> bool:
        """Whether it changes anything about this rule."""
        return self.kind in (None, spec.kind)


def plan_of(
    it: Statement,
    spec: Spec,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: Q | None = None,
    assuming: tuple[Assumption, ...] = (),
    rewound: bool = False,
    around: Around | None = None,
) -> str:
    """The SELECT of one rule as text, its values put into the statement; `rewound`: as it was at a past `at`.

    `around`: what was looked up for several rules already.
    """
    sql, source = dialect(), SOURCES[spec.kind]
    bearing = tuple(assumption for assumption in assuming if assumption.bears_on(spec))
    is_optional, after = spec.binding == ReminderClass.OPTIONAL, max(since or EVER, _oldest(spec, at))
    around = around or Around.now()
    zones = zones_between(around.zones, max(spec.first_on, after.date() - DAY), until.date() + DAY, hour=spec.hour)
    first_on, last_on = _days(spec, zones, after=after, until=until)
    code = it.text(spec.code)
    opted_out = _OPTED_OUT.format(table=OptOut._meta.db_table, code=code)
    season = around.longest if spec.moves_off_weekends else None
    # A weekend moves a mail by two days at most, before a closed season and after it.
    roughly_from = first_on - 2 * _WEEKEND - (season or timedelta())
    offsets = [offset for offset, _ in spec.steps]
    # Of what counts from another day no step leaves in time: its other conditions need no look. An assumption moves it.
    nearest, furthest = roughly_from - timedelta(days=max(offsets)), last_on - timedelta(days=min(offsets))
    near = Q() if bearing else source.anchors(nearest, furthest)
    subjects = source.subjects(
        at=at,
        narrow=(narrow or Q()) & near & source.passes(spec.filters),
        released={one.organisation_id for one in bearing if one.released_at},
        rewound=rewound,
    )
    return _PLAN.format(
        apart=sql.apart,
        columns=", ".join(COLUMNS),
        subjects=it.embed(subjects),
        subject=_subject(it, weekly=source.weekly, spec=spec, at=at, until=until, bearing=bearing),
        reach=reach_of(
            it,
            {role for _, role in spec.steps},
            first=at.date(),
            last=max(at.date(), last_on),
            known_at=at if rewound else None,
        ),
        today=it.day(at.date()),
        steps=_steps(it, spec),
        zones=values_of(it, zones),
        nobody=it.uuid(NOBODY),
        roughly_on=sql.add_days("a.anchor_on", "step.offset_days"),
        roughly_from=it.day(roughly_from),
        last_on=it.day(last_on),
        open_on=_open_on(spec),
        due_on=_reopened() if season else "p.open_on",
        due_at=sql.moment("d.due_on", "z.seconds"),
        first_on=it.day(first_on),
        only_country=_countries(it, spec),
        assumed_done=_ASSUMED_DONE if any(one.done_on for one in bearing) else "",
        too_late=it.moment(EVER if spec.late_days is None else at - timedelta(days=spec.late_days)),
        or_opted_out=f"OR {opted_out}" if is_optional else "",
        when_opted_out=f"WHEN {opted_out} THEN 'opted_out'" if is_optional else "",
        known=it.moment(at),
        horizon=it.moment(until),
        since=it.moment(after),
        occurrence=Occurrence._meta.db_table,
        code=code,
        shut_by_then=f"AND o.settled_at <= {it.moment(at)}" if rewound else "",
        shut=", ".join(it.text(state) for state in CLOSED),
        moved_before=sql.add_days("p.anchor_on", str(-SMALL_MOVE_DAYS)),
        moved_after=sql.add_days("p.anchor_on", str(SMALL_MOVE_DAYS)),
    )


def _days(spec: Spec, zones: list[Zone], *, after: datetime, until: datetime) -> tuple[date, date]:
    """The days on which something can leave after one moment and by another, in some zone."""
    seconds = [zone[-1] for zone in zones]
    first = (after - timedelta(seconds=max(seconds))).date()
    last = (until - timedelta(seconds=min(seconds))).date()
    return max(first, spec.first_on), min(last, spec.last_on or LATEST)


def _oldest(spec: Spec, at: datetime) -> datetime:
    """What a late policy has skipped for long is history: no row tells of it."""
    return EVER if spec.late_days is None else at - timedelta(days=spec.late_days) - HISTORY


def _subject(
    it: Statement, *, weekly: bool, spec: Spec, at: datetime, until: datetime, bearing: tuple[Assumption, ...]
) -> str:
    """The relation `subject`: what was found, by the week where it counts by the week, and under assumptions."""
    parts = []
    columns = [f"f.{name}" for name in COLUMNS]
    joins = ""
    if weekly:
        first = max(spec.first_on, (at - WEEKS_BACK).date())
        weeks = mondays(first, until.date() + timedelta(days=2)) or [date(1900, 1, 1)]
        parts.append(f"period (anchor_on) AS (VALUES {', '.join(f'({it.day(day)})' for day in weeks)}),")
        columns[COLUMNS.index("anchor_on")] = "w.anchor_on"
        joins += " CROSS JOIN period w"
    if bearing:
        rows = ", ".join(
            f"({it.uuid(one.organisation_id)}, {_day(it, one.done_on)}, {_day(it, one.due_on)}, "
            f"{_moment(it, one.released_at)}, {_day(it, one.released_at and one.released_at.date())})"
            for one in bearing
        )
        parts.append(f"assumed (organisation_id, done_on, due_on, released_at, released_on) AS (VALUES {rows}),")
        place = COLUMNS.index("anchor_on")
        columns[place] = f"COALESCE(x.due_on, {columns[place]})"
        columns[COLUMNS.index("opens_at")] = "COALESCE(x.released_at, f.opens_at)"
        joins += " LEFT JOIN assumed x ON x.organisation_id = f.organisation_id"
        # A release cuts twice, assumed or not: nothing anchored before it is ever mailed.
        joins += f" WHERE x.released_on IS NULL OR {columns[place]} > x.released_on"
    named = ", ".join(f"{column} AS {name}" for column, name in zip(columns, COLUMNS, strict=True))
    return _SUBJECT.format(parts=" ".join(parts), named=named, joins=joins)


def _day(it: Statement, value: date | None) -> str:
    return it.put(None if value is None else connection.ops.adapt_datefield_value(value), "date")


def _moment(it: Statement, value: datetime | None) -> str:
    return it.put(None if value is None else connection.ops.adapt_datetimefield_value(value), "timestamptz")


def _steps(it: Statement, spec: Spec) -> str:
    """The steps, and of which it can be said that the secretariat gets the same on the same day anyway."""
    doubled = {offset for offset, role in spec.steps if role == ContactRole.SECRETARIAT}
    return ", ".join(
        f"({it.number(offset)}, {it.text(role)}, {int(role == ContactRole.LCR_OFFICER and offset in doubled)})"
        for offset, role in spec.steps
    )


def _open_on(spec: Spec) -> str:
    """The day on which a step leaves: the next working day."""
    sql = dialect()
    due_on = sql.add_days("a.anchor_on", "step.offset_days")
    return sql.open_day(due_on) if spec.moves_off_weekends else due_on


def _reopened() -> str:
    """That day, or the working day after the closed season that it falls into."""
    sql = dialect()
    reopened = _REOPENED.format(
        day_after=sql.add_days("k.last_on", "1"), table=ClosedPeriod._meta.db_table, due_on="p.open_on"
    )
    return sql.open_day(f"COALESCE({reopened}, p.open_on)")


def _countries(it: Statement, spec: Spec) -> str:
    if spec.country:
        return f"AND d.country = {it.text(spec.country)}"
    return " ".join(
        f"AND NOT (COALESCE(d.country, '') = {it.text(country)} "
        f"AND d.due_on BETWEEN {it.day(first)} AND {it.day(last)})"
        for country, first, last in spec.elsewhere
    )
