"""A site changes hands: who worked there for the former company is no longer its staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from codesign.companies import actions as companies
from codesign.companies.models import Company, Site
from codesign.training.actions import tiles
from codesign.training.actions.plans import planned, write
from codesign.training.models import StaffMember
from codesign.training.postings import Change
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused


@transaction.atomic
def hand_over_site(
    *, site_id: UUID, to_company_id: UUID, since: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> Site:
    """Let a site belong to another company from `since` on, and end the former one's employments there the day before.

    A reference is the company's own: the new owner sends its roster itself. Raises as `companies.hand_over_site`;
    Refused `hired_since` where the former company has hired there after that day.
    """
    former_id = Site.objects.values_list("company_id", flat=True).get(pk=site_id)
    tiles.lock([former_id, to_company_id])
    there = StaffMember.objects.filter(company=former_id, site=site_id, left_on=None).select_related("site")
    if there.filter(hired_on__gte=since).exists():
        raise Refused("The former company has hired here since that day.", code="hired_since")
    people = list(there.order_by("pk"))
    posts = tiles.posts_of(row.pk for row in people)
    plans = [
        planned(index, row, posts[row.pk], _ending(row, since), language=row.language, reference=row.reference)
        for index, row in enumerate(people)
    ]
    if plans:
        write(plans, at=at)
        tiles.rebuild(dict.fromkeys((row.pk for row in people), former_id))
        record("staff.register", Company(pk=former_id), actor=actor, at=at, changes={"changed": [0, len(plans)]})
    return companies.hand_over_site(
        site_id=site_id,
        to_company_id=to_company_id,
        since=since,
        expected_version=expected_version,
        actor=actor,
        at=at,
    )


def _ending(row: StaffMember, since: date) -> Change:
    return Change(
        site_id=row.site_id,
        country=row.site.country_id,
        role=row.role,
        employment=row.employment,
        hired_on=row.hired_on,
        since=row.hired_on,
        left_on=since - timedelta(days=1),
    )
