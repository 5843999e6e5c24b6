"""Whom a role reaches on a day, and at which moment their morning begins: the plan's relations of people and hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Max

from codesign.companies.models import Site
from codesign.reminders.models import NOBODY, ClosedPeriod
from codesign.reminders.rules import mornings
from codesign.reminders.sources import FALLBACKS
from members.organisations.models import Organisation
from members.people.models import Contact, ContactRole
from registry.kernel.calendar import LATEST
from registry.kernel.dialect import Statement, dialect

# Name, first and last day of a stretch, and the hour's seconds after midnight UTC in it.
Zone = tuple[str, date, date, int]
# Contacts of those alone who are asked for in `wanted`; the secretariat's stand under NOBODY, because they answer for
# everyone. An era is a run of days in which a holder's contacts stay the same: only who changes in these days has more
# than one, and only for them are eras worked out. `reach` says whom a role reaches in an era: the first that holds the
# role, else the next contact of the same organisation. Materialized, or SQLite looks again for every subject.
_REACH = """
contact (contact_id, role, holder, zone, first_on, last_on, email) AS MATERIALIZED (
    SELECT c.id, c.role, c.organisation_id, c.zone, c.valid_from, COALESCE(c.valid_until, {forever}), c.email
    {of_those} AND c.role IN ({held}) AND {live}
    UNION ALL
    SELECT c.id, c.role, {nobody}, c.zone, c.valid_from, COALESCE(c.valid_until, {forever}), c.email
    FROM {contact} c WHERE c.role = 'secretariat' AND {live}
),
boundary (holder, first_on) AS (
    SELECT holder, first_on FROM contact WHERE first_on > {first}
    UNION SELECT holder, {day_after_last} FROM contact WHERE last_on < {last}
),
era (holder, first_on, next_on) AS (
    SELECT holder, first_on, LEAD(first_on) OVER (PARTITION BY holder ORDER BY first_on)
    FROM (SELECT holder, first_on FROM boundary UNION SELECT holder, {first} FROM boundary) edge
),
fallback (asked, role, place) AS (VALUES {fallbacks}),
reach AS MATERIALIZED (
    SELECT holder, asked, first_on, next_on, contact_id, zone, (
        SELECT x.id FROM {contact} x WHERE UPPER(x.email) = UPPER(ranked.email) AND {alike} ORDER BY x.id LIMIT 1
    ) AS addressee
    FROM (
        SELECT c.holder, f.asked, COALESCE(e.first_on, {first}) AS first_on, COALESCE(e.next_on, {forever}) AS next_on,
            c.contact_id, c.zone, c.email, ROW_NUMBER() OVER (
                PARTITION BY c.holder, f.asked, e.first_on ORDER BY f.place, c.first_on, c.contact_id) AS place
        FROM contact c JOIN fallback f ON f.role = c.role LEFT JOIN era e ON e.holder = c.holder
        WHERE e.holder IS NULL OR e.first_on BETWEEN c.first_on AND c.last_on
    ) ranked WHERE {best}
),
"""
# From one zone to the next by index: there are few, of many rows.
_ZONES = """
SELECT * FROM (
    WITH RECURSIVE used{number} (found) AS (
        SELECT MIN(zone) FROM {table}
        UNION ALL
        SELECT (SELECT MIN(zone) FROM {table} WHERE zone > used{number}.found)
        FROM used{number} WHERE used{number}.found IS NOT NULL
    )
    SELECT found FROM used{number} WHERE found IS NOT NULL
) zones{number}
"""
_AROUND = "{zones} UNION ALL SELECT '' WHERE EXISTS (SELECT 1 FROM {closed})"
_LIVE = (
    "{it}.valid_from <= {last} AND ({it}.valid_until IS NULL OR {it}.valid_until >= {first}) "
    "AND ({it}.on_hold_since IS NULL{unless_later}) AND {it}.email <> ''"
)


def reach_of(
    it: Statement, roles: Collection[str], *, first: date, last: date, known_at: datetime | None = None
) -> str:
    """The relation `reach` for the roles that steps name, between two days: holder, role, days, contact, addressee.

    The addressee is the first contact with the same address: whoever gets one mail a day. `known_at`: a hold that
    came after that moment counts for nothing.
    """
    sql, contact = dialect(), Contact._meta.db_table
    asked = sorted({*roles, ContactRole.SECRETARIAT.value})
    held = sorted({role for one in asked for role in FALLBACKS[one]} - {ContactRole.SECRETARIAT})
    days = {"first": it.day(first), "last": it.day(last)}
    later = f" OR {{it}}.on_hold_since > {it.moment(known_at)}" if known_at else ""
    return _REACH.format(
        contact=contact,
        held=", ".join(it.text(role) for role in held) or "NULL",
        live=_LIVE.format(it="c", unless_later=later.format(it="c"), **days),
        alike=_LIVE.format(it="x", unless_later=later.format(it="x"), **days),
        of_those=sql.sought(f"{contact} c", "c.organisation_id", "SELECT DISTINCT holder AS key FROM wanted"),
        best=sql.likely("place = 1"),
        nobody=it.uuid(NOBODY),
        forever=it.day(LATEST),
        day_after_last=sql.add_days("last_on", "1"),
        fallbacks=", ".join(
            f"({it.text(role)}, {it.text(one)}, {it.number(place)})"
            for role in asked
            for place, one in enumerate(FALLBACKS[role])
        ),
        **days,
    )


@dataclass(frozen=True)
class Around:
    """What every statement of the plan needs to know beforehand: the zones in use, the longest closed season if any.

    Looked up once for all rules that are read together.
    """

    zones: tuple[str, ...]
    longest: timedelta | None

    @classmethod
    def now(cls) -> Around:
        """As it is now. One query, a look into an index for each zone; one more where anybody has closed days."""
        tables = [model._meta.db_table for model in (Contact, Organisation, Site)]
        steps = " UNION ALL ".join(_ZONES.format(number=number, table=table) for number, table in enumerate(tables))
        parts = {"zones": steps, "closed": ClosedPeriod._meta.db_table}
        found = {name for (name,) in Statement().fetch(_AROUND, **parts)}
        return cls(zones=tuple(sorted({"UTC", *found} - {""})), longest=_longest() if "" in found else None)


def _longest() -> timedelta:
    days = ExpressionWrapper(F("last_on") - F("first_on"), DurationField())
    longest: timedelta = ClosedPeriod.objects.aggregate(longest=Max(days))["longest"]
    return longest + timedelta(days=1)


def zones_between(names: Iterable[str], first: date, last: date, *, hour: int) -> list[Zone]:
    """When the hour is in each of these zones, between two days."""
    return [(name, *stretch) for name in names for stretch in mornings(name, first, last, hour=hour)]


def values_of(it: Statement, zones: Iterable[Zone]) -> str:
    """Rows of a VALUES list."""
    return ", ".join(
        f"({it.text(name)}, {it.day(first)}, {it.day(last)}, {it.number(seconds)})"
        for name, first, last, seconds in zones
    )
