"""The last step of a plan: it is counted, by site, and says what has to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q

from codesign.companies.models import Site
from codesign.rosters.actions.leasing import enter
from codesign.rosters.actions.ranges import statement_of
from codesign.rosters.actions.reaching import companies_of
from codesign.rosters.actions.taking import bars_of
from codesign.rosters.lifecycle import BAD, RosterLabel, RosterState, RosterStep
from codesign.rosters.models import Roster
from codesign.training.models import StaffMember
from registry.kernel import doorbell

_BY_SITE = """
SELECT COALESCE(r.site_id, s.site_id), r.label, COUNT(*) FROM codesign_rosterrow r
LEFT JOIN codesign_staffmember s ON r.site_id IS NULL AND s.id = r.target_id
WHERE r.roster_id = {roster} GROUP BY 1, 2
"""
_TRAININGS = """
SELECT COUNT(*) FROM codesign_rosterrow r
WHERE r.roster_id = {roster} AND r.course_id IS NOT NULL AND r.label IN ('create', 'update', 'unchanged', 'further')
  AND NOT EXISTS (SELECT 1 FROM codesign_completion c WHERE c.staff_member_id = r.target_id
    AND c.course_id = r.course_id AND c.completed_on = r.completed_on AND c.superseded_at IS NULL)
"""
WORK = (RosterLabel.CREATE, RosterLabel.UPDATE, RosterLabel.END)


def tally(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Count the plan, then stop, go on or be done. Raises LeaseLost."""
    by_site: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(RosterLabel.values, 0))
    counts = dict.fromkeys(RosterLabel.values, 0)
    for site, label, number in _rows(_BY_SITE, roster):
        by_site[site][label] += number
        counts[label] += number
    counts["completions"] = _rows(_TRAININGS, roster)[0][0]
    roster.counts, roster.sites = counts, _sites(roster, by_site)
    state, ended = RosterState.PLANNED, {}
    has_work = bool(counts["completions"] or any(counts[label] for label in WORK))
    if not has_work and not any(counts[label] for label in BAD):
        state, ended = RosterState.DONE, {"finished_at": at}
    elif roster.confirms_itself and has_work and not any(counts[label] for label in BAD) and not bars_of(roster):
        state, ended = RosterState.CONFIRMED, {"confirmed_at": at}
    step = RosterStep.APPLY if state == RosterState.CONFIRMED else RosterStep.REST
    with transaction.atomic():
        found = {"state": state, "counts": counts, "sites": roster.sites, "planned_at": at}
        enter(roster, step, now=real_now(), **found, **ended)
        if state == RosterState.CONFIRMED:
            doorbell.ring_on_commit("ROSTER_DOORBELL")


def _rows(template: str, roster: Roster) -> list[tuple[Any, ...]]:
    statement, key = statement_of(roster.pk)
    with connection.cursor() as cursor:
        cursor.execute(template.format(roster=key), statement.params)
        return cursor.fetchall()


def _sites(roster: Roster, by_site: dict[Any, dict[str, int]]) -> list[dict[str, Any]]:
    """Each site of the plan with its name, its staff and the counts; rows of no known site come last."""
    day = roster.as_of.date()
    here = StaffMember.objects.filter(
        Q(left_on=None) | Q(left_on__gte=day), company__in=companies_of(roster), hired_on__lte=day
    )
    staff = dict(here.order_by().values("site").annotate(people=Count("pk")).values_list("site", "people"))
    known = Site.objects.filter(company__in=companies_of(roster)).values_list("pk", "name", "company_id")
    names = {key: (name, company) for key, name, company in known}
    found = []
    for key, counted in by_site.items():
        site = Site._meta.pk.to_python(key)
        people = staff.get(site, 0)
        is_many = counted[RosterLabel.END] > roster.most_ends_share * people
        name, company = names.get(site, ("", None))
        row = {"id": site and str(site), "name": name, "company_id": company and str(company), "staff": people}
        found.append({**row, **counted, "is_many": bool(counted[RosterLabel.END]) and is_many})
    return sorted(found, key=lambda row: (row["id"] is None, row["name"], row["id"] or ""))
