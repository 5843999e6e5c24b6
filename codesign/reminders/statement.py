"""The one SELECT of a rule as text: subjects, steps, contacts and mornings put together.

Contacts are those of the day on which a step leaves, so that what is foreseen is what the days bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, UUIDField, Value, When, Window
from django.db.models.functions import Coalesce, FirstValue, Lower

from codesign.companies.models import Site
from codesign.reminders.lifecycle import CLOSED
from codesign.reminders.models import NOBODY, ClosedPeriod, Occurrence, OptOut, ReminderClass
from codesign.reminders.rules import SMALL_MOVE_DAYS, mondays, mornings
from codesign.reminders.sources import COLUMNS, FALLBACKS, SOURCES
from codesign.reminders.specs import Spec
from members.organisations.models import Organisation
from members.people.models import Contact, ContactRole
from registry.kernel.calendar import LATEST
from registry.kernel.dialect import Statement, dialect

EVER = datetime(1900, 1, 1, tzinfo=UTC)
# A subject that counts by the week looks back so far: older weeks are history, not late.
WEEKS_BACK = timedelta(days=14)
HISTORY = timedelta(days=60)

# `newest`: the last step that was due already at {known}; what is older and not done is late. Without a
# representative the secretariat stands in, unless the step names it anyway; its contacts stand under NOBODY because
# they answer for everyone. Materialized, or SQLite looks through all contacts of a role for every subject.
# An era is a run of days in which a holder's contacts stay the same; `reach` says whom a role reaches in it:
# the first that holds the role, else the next contact of the same organisation.
_PLAN = """
WITH contact (contact_id, role, holder, zone, first_on, last_on, addressee) AS MATERIALIZED ({contacts}),
fallback (asked, role, place) AS (VALUES {fallbacks}),
boundary (holder, first_on) AS (
    SELECT holder, {today} FROM contact
    UNION SELECT holder, first_on FROM contact WHERE first_on > {today} AND first_on <= {last_day}
    UNION SELECT holder, {day_after_last} FROM contact WHERE last_on >= {today} AND last_on < {last_day}
),
era AS (
    SELECT holder, first_on, LEAD(first_on) OVER (PARTITION BY holder ORDER BY first_on) AS next_on FROM boundary
),
reach AS MATERIALIZED (
    SELECT * FROM (
        SELECT e.holder, f.asked, e.first_on, COALESCE(e.next_on, {forever}) AS next_on, c.contact_id, c.zone,
            c.addressee, ROW_NUMBER() OVER (
                PARTITION BY e.holder, f.asked, e.first_on ORDER BY f.place, c.first_on, c.contact_id) AS place
        FROM era e JOIN contact c ON c.holder = e.holder AND e.first_on BETWEEN c.first_on AND c.last_on
        JOIN fallback f ON f.role = c.role
    ) ranked WHERE place = 1
),
found ({columns}) AS ({subjects}),
{subject}
step (offset_days, role) AS (VALUES {steps}),
morning (zone, first_on, last_on, seconds) AS (VALUES {mornings}),
audience AS (
    SELECT s.*, step.offset_days,
        CASE WHEN step.role = 'lcr_officer' AND s.representative_id IS NULL
            THEN 'secretariat' ELSE step.role END AS role,
        CASE step.role WHEN 'lcr_officer' THEN COALESCE(s.representative_id, {nobody})
            WHEN 'secretariat' THEN {nobody} ELSE s.organisation_id END AS holder
    FROM subject s CROSS JOIN step
    WHERE {roughly_on} <= {last_on} AND NOT (step.role = 'lcr_officer' AND s.representative_id IS NULL AND EXISTS (
        SELECT 1 FROM step own WHERE own.role = 'secretariat' AND own.offset_days = step.offset_days))
),
dated AS (SELECT a.*, {due_on} AS due_on FROM audience a),
addressed AS MATERIALIZED (
    SELECT d.*, r.contact_id, COALESCE(r.contact_id, {nobody}) AS recipient, COALESCE(r.zone, d.zone, 'UTC') AS at_zone,
        COALESCE(r.addressee, {nobody}) AS addressee
    FROM dated d LEFT JOIN reach r ON r.asked = d.role AND r.holder = d.holder
        AND CASE WHEN d.due_on < {today} THEN {today} ELSE d.due_on END >= r.first_on
        AND CASE WHEN d.due_on < {today} THEN {today} ELSE d.due_on END < r.next_on
    WHERE d.due_on >= {effective_from} AND d.due_on <= {effective_until} {only_country}
),
timed AS (
    SELECT d.*, {due_at} AS due_at
    FROM addressed d JOIN morning m ON m.zone = d.at_zone AND d.due_on BETWEEN m.first_on AND m.last_on
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
        AND o.state IN ({shut}) AND o.anchor_on BETWEEN {moved_before} AND {moved_after}
)
"""

_OPTED_OUT = "EXISTS (SELECT 1 FROM {table} x WHERE x.contact_id = p.contact_id AND x.rule_code = {code})"
_ASSUMED_DONE = (
    "AND NOT EXISTS (SELECT 1 FROM assumed x WHERE x.organisation_id = t.organisation_id AND x.done_on <= t.due_on)"
)
_SUBJECT = "{parts} subject AS (SELECT {named} FROM found f{joins}),"
_REOPENED = (
    "(SELECT MAX({day_after}) FROM {table} k WHERE k.company_id = a.organisation_id "
    "AND (k.site_id IS NULL OR k.site_id = a.site_id) AND {due_on} BETWEEN k.first_on AND k.last_on)"
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
) -> str:
    """The SELECT of one rule as text, its values put into the statement."""
    sql, source = dialect(), SOURCES[spec.kind]
    bearing = tuple(assumption for assumption in assuming if assumption.bears_on(spec))
    subjects = source.subjects(
        at=at,
        narrow=(narrow or Q()) & _categories(spec, source.company),
        released={one.organisation_id for one in bearing if one.released_at},
    )
    is_optional, last_day = spec.binding == ReminderClass.OPTIONAL, until.date() + timedelta(days=2)
    code = it.text(spec.code)
    opted_out = _OPTED_OUT.format(table=OptOut._meta.db_table, code=code)
    return _PLAN.format(
        columns=", ".join(COLUMNS),
        subjects=it.embed(subjects),
        subject=_subject(it, weekly=source.weekly, spec=spec, at=at, until=until, bearing=bearing),
        contacts=it.embed(_contacts(at.date(), last_day)),
        fallbacks=_fallbacks(it, spec),
        today=it.day(at.date()),
        last_day=it.day(last_day),
        forever=it.day(LATEST),
        day_after_last=sql.add_days("last_on", "1"),
        steps=", ".join(f"({it.number(offset)}, {it.text(role)})" for offset, role in spec.steps),
        mornings=_mornings(it, spec, last_day),
        nobody=it.uuid(NOBODY),
        roughly_on=sql.add_days("s.anchor_on", "step.offset_days"),
        last_on=it.day(until.date() + timedelta(days=1)),
        due_on=_due_on(spec),
        due_at=sql.moment("d.due_on", "m.seconds"),
        effective_from=it.day(spec.first_on),
        effective_until=it.day(spec.last_on or LATEST),
        only_country=_countries(it, spec),
        assumed_done=_ASSUMED_DONE if any(one.done_on for one in bearing) else "",
        too_late=it.moment(EVER if spec.late_days is None else at - timedelta(days=spec.late_days)),
        or_opted_out=f"OR {opted_out}" if is_optional else "",
        when_opted_out=f"WHEN {opted_out} THEN 'opted_out'" if is_optional else "",
        known=it.moment(at),
        horizon=it.moment(until),
        since=it.moment(max(since or EVER, _oldest(spec, at))),
        occurrence=Occurrence._meta.db_table,
        code=code,
        shut=", ".join(it.text(state) for state in CLOSED),
        moved_before=sql.add_days("p.anchor_on", str(-SMALL_MOVE_DAYS)),
        moved_after=sql.add_days("p.anchor_on", str(SMALL_MOVE_DAYS)),
    )


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


def _categories(spec: Spec, company: str) -> Q:
    return Q(**{f"{company}__category__in": spec.categories}) if spec.categories and company else Q()


def _fallbacks(it: Statement, spec: Spec) -> str:
    asked = {role for _, role in spec.steps} | {ContactRole.SECRETARIAT.value}
    return ", ".join(
        f"({it.text(role)}, {it.text(held)}, {it.number(place)})"
        for role in sorted(asked)
        for place, held in enumerate(FALLBACKS[role])
    )


def _due_on(spec: Spec) -> str:
    """The day on which a step leaves: the next open day."""
    sql = dialect()
    due_on = sql.add_days("a.anchor_on", "a.offset_days")
    if not spec.moves_off_weekends:
        return due_on
    due_on = sql.open_day(due_on)
    if not ClosedPeriod.objects.exists():
        return due_on
    day_after = sql.add_days("k.last_on", "1")
    reopened = _REOPENED.format(day_after=day_after, table=ClosedPeriod._meta.db_table, due_on=due_on)
    return sql.open_day(f"COALESCE({reopened}, {due_on})")


def _countries(it: Statement, spec: Spec) -> str:
    if spec.country:
        return f"AND d.country = {it.text(spec.country)}"
    return " ".join(
        f"AND NOT (COALESCE(d.country, '') = {it.text(country)} "
        f"AND d.due_on BETWEEN {it.day(first)} AND {it.day(last)})"
        for country, first, last in spec.elsewhere
    )


def _contacts(first: date, last: date) -> QuerySet:
    """Who can be written to in these days: key, role, whose role it is, zone, period, and the first of the address."""
    holder = Case(
        When(role=ContactRole.SECRETARIAT, then=Value(NOBODY, output_field=UUIDField())),
        default=F("organisation_id"),
        output_field=UUIDField(),
    )
    same_address = Window(expression=FirstValue("pk"), partition_by=[Lower("email")], order_by="pk")
    rows = Contact.objects.unended(first).filter(valid_from__lte=last, on_hold_since=None).exclude(email="")
    return (
        rows.order_by()
        .annotate(holder=holder, last_on=Coalesce("valid_until", Value(LATEST)), addressee=same_address)
        .values_list("pk", "role", "holder", "zone", "valid_from", "last_on", "addressee")
    )


def _mornings(it: Statement, spec: Spec, last: date) -> str:
    """The rule's hour in every zone in use, as rows of a VALUES list."""
    zones = {"UTC"}
    for rows in (Contact.objects, Organisation.objects, Site.objects):
        zones |= set(rows.order_by().values_list("zone", flat=True).distinct())
    return ", ".join(
        f"({it.text(zone)}, {it.day(start)}, {it.day(end)}, {it.number(seconds)})"
        for zone in sorted(zones)
        for start, end, seconds in mornings(zone, spec.first_on, last, hour=spec.hour)
    )
