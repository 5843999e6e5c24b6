"""What a row changes of somebody known: the same words for the plan and for the writing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from codesign.companies.models import Site
from codesign.rosters.lifecycle import RosterLabel
from codesign.rosters.models import Roster, RosterRow
from codesign.training.actions import tiles
from codesign.training.actions.plans import Planned, planned
from codesign.training.models import StaffMember
from codesign.training.postings import Change, OutOfOrder

# What of a person a row may change, and what undoing puts back.
KEPT = ("reference", "site_id", "role", "employment", "language", "hired_on", "left_on")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A row, the person it is about, and what follows; `plan` None where days contradict each other."""

    row: RosterRow
    person: StaffMember
    plan: Planned | None
    before: dict[str, Any]


def changes_of(roster: Roster, rows: Iterable[RosterRow]) -> list[Changed]:
    """What each row would change. Three queries, whatever the number."""
    rows = [row for row in rows if row.target_id is not None]
    if not rows:
        return []
    people = {person.pk: person for person in StaffMember.objects.filter(pk__in=[row.target_id for row in rows])}
    posts = tiles.posts_of(people)
    sites = _sites({row.site_id for row in rows} | {person.site_id for person in people.values()})
    found = []
    for row in rows:
        person = people.get(row.target_id)  # type: ignore[arg-type]
        if person is None:
            continue
        before = {name: getattr(person, name) for name in KEPT}
        before |= {"posts": [key for _, key in posts.get(person.pk, ())]}
        try:
            plan = planned(
                0,
                person,
                posts.get(person.pk, []),
                _change(row, person, roster, sites),
                language=person.language if row.language is None else row.language,
                reference=row.reference if row.label != RosterLabel.END else person.reference,
            )
        except OutOfOrder:
            plan = None
        found.append(Changed(row=row, person=person, plan=plan, before=before))
    return found


def _change(row: RosterRow, person: StaffMember, roster: Roster, sites: Mapping[UUID, tuple[str, str]]) -> Change:
    site = row.site_id or person.site_id
    country, zone = sites[site]
    hired_on = row.hired_on or person.hired_on
    return Change(
        site_id=site,
        country=country,
        role=row.role or person.role,
        employment=row.employment or person.employment,
        hired_on=hired_on,
        since=row.since or _day(zone, roster),
        left_on=row.left_on,
        keeps_end=row.keeps_end,
    )


def _day(zone: str, roster: Roster) -> date:
    return roster.as_of.astimezone(ZoneInfo(zone)).date()


def _sites(keys: Collection[UUID | None]) -> dict[UUID, tuple[str, str]]:
    """Country and zone of each; also of one that has changed hands since somebody worked there."""
    rows = Site.objects.filter(pk__in=[key for key in keys if key])
    return {pk: (country, zone) for pk, country, zone in rows.values_list("pk", "country_id", "zone")}
