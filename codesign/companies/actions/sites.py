"""Open, change and close sites; record how many people work there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from codesign.companies.actions.changes import change, legal_day
from codesign.companies.models import HeadCount, Site, SiteKind
from members.countries.models import Country
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused
from registry.kernel.text import search_key


@transaction.atomic
def open_site(
    *,
    company_id: UUID,
    name: str,
    country_id: str,
    kind: str = SiteKind.HOTEL,
    zone: str = "",
    opened_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Site:
    """Enter a site; its zone is its country's when not given. Raises Refused `site_exists`."""
    key = search_key(name)
    refuse_twin(company_id, key)
    site = Site.objects.create(
        company_id=company_id,
        name=name,
        search_key=key,
        kind=kind,
        country_id=country_id,
        zone=zone or Country.objects.get(pk=country_id).zone,
        opened_on=opened_on,
        created_at=at,
    )
    record("sites.create", site, actor=actor, at=at, changes={"name": [None, name], "country": [None, country_id]})
    return site


@transaction.atomic
def update_site(
    *, site_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **changes: Any
) -> Site:
    """Change name, kind, country, zone or opening day. Raises Stale; Invalid; Refused `site_exists`."""
    site = Site.objects.get(pk=site_id)
    if "name" in changes:
        changes["search_key"] = search_key(changes["name"])
        refuse_twin(site.company_id, changes["search_key"], but=site)
    opened_on = changes.get("opened_on", site.opened_on)
    if opened_on and site.closed_on and opened_on > site.closed_on:
        raise Invalid.at("/opened_on", "after_closing", "A site opens before it closes.")
    return change(site, action="sites.update", actor=actor, at=at, expected_version=expected_version, **changes)


@transaction.atomic
def close_site(
    *, site_id: UUID, closed_on: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> Site:
    """Close a site at the end of `closed_on`. Raises Stale; Invalid where it was open later; Refused `site_closed`."""
    site = Site.objects.select_for_update(of=("self",)).get(pk=site_id)
    if site.closed_on is not None:
        raise Refused("The site is closed already.", code="site_closed", details={"closed_on": str(site.closed_on)})
    first = max((day for day in (site.opened_on, site.owned_since) if day), default=None)
    if first is not None and closed_on < first:
        sentence = "A site closes after it opened and after its owner took it over."
        raise Invalid.at("/closed_on", "before_opening", sentence)
    counted = HeadCount.objects.current().filter(site=site, staff_count__gt=0, valid_from__gt=closed_on)
    if later := counted.order_by("-valid_from").values_list("valid_from", flat=True).first():
        raise Invalid.at("/closed_on", "before_head_count", f"People are counted there from {later} on.")
    return change(
        site, action="sites.close", actor=actor, at=at, expected_version=expected_version, closed_on=closed_on
    )


@transaction.atomic
def record_head_count(*, site_id: UUID, staff_count: int, valid_from: date, actor: Actor, at: datetime) -> HeadCount:
    """Say how many people work at the site from a day on, until the next head count.

    A count for the same day, and the period that the new one cuts, are superseded and never edited.
    Raises Invalid for a day to come, and for people at a site that was closed.
    """
    site = Site.objects.select_for_update(of=("self",)).get(pk=site_id)
    if valid_from > legal_day(at, site.zone):
        raise Invalid.at("/valid_from", "in_future", "A head count is of today or before.")
    if staff_count and site.closed_on is not None and valid_from > site.closed_on:
        raise Invalid.at("/valid_from", "after_closing", f"The site was closed on {site.closed_on}.")
    current = HeadCount.objects.current().filter(site=site)
    cut = current.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from), valid_from__lte=valid_from).first()
    following = current.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if cut is not None:
        HeadCount.objects.filter(pk=cut.pk).update(superseded_at=at)
        if cut.valid_from < valid_from:
            day_before = valid_from - timedelta(days=1)
            _write(site, cut.staff_count, cut.valid_from, day_before, at)
    until = following.valid_from - timedelta(days=1) if following else None
    head_count = _write(site, staff_count, valid_from, until, at)
    before = cut.staff_count if cut else None
    record("head-counts.create", site, actor=actor, at=at, changes={"staff_count": [before, staff_count]})
    return head_count


def _write(site: Site, staff_count: int, valid_from: date, valid_until: date | None, at: datetime) -> HeadCount:
    return HeadCount.objects.create(
        site=site, staff_count=staff_count, valid_from=valid_from, valid_until=valid_until, recorded_at=at
    )


def refuse_twin(company_id: UUID, key: str, but: Site | None = None) -> None:
    """Refused `site_exists` where the company has another site of this name."""
    twins = Site.objects.filter(company_id=company_id, search_key=key)
    if (twins.exclude(pk=but.pk) if but else twins).exists():
        raise Refused("The company has a site of this name already.", code="site_exists")
