"""Staff: registered and changed by the company's own reference, moved, left. Nobody is ever deleted here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Company, Site
from codesign.training.actions import tiles
from codesign.training.actions.items import ItemResult, ItemStatus, day_in, in_order, refused
from codesign.training.actions.plans import Planned, planned
from codesign.training.actions.plans import write as write_plans
from codesign.training.kinds import Employment
from codesign.training.models import StaffMember
from codesign.training.postings import Change, OutOfOrder
from codesign.training.querysets import own_rows
from codesign.training.references import MESSAGES, fault_of, key_of
from codesign.training.rules import Post
from members.scope import COMPANY_ROLES, Scope
from registry.kernel.audit.actions import record
from registry.kernel.calendar import LATEST
from registry.kernel.errors import Invalid, NotFound, Refused, Stale
from registry.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the register needs to know of a site here."""

    id: UUID
    company_id: UUID
    country: str
    zone: str


@transaction.atomic
def register(*, items: Mapping[int, dict[str, Any]], actor: Scope, at: datetime) -> list[ItemResult]:
    """Add or change many people by (company of the site, reference); the same list again changes nothing.

    Bad items are reported and left out, good ones are kept. `left_on` that is not sent stays as it is,
    null opens the employment again; `hired_on` after the last day is a new employment. `since` says from
    when a new site, role or employment counts (today by default). A constant number of statements.
    """
    places = _places(items, actor)
    tiles.lock({place.company_id for place in places.values()})
    known = _known(items, places)
    posts = tiles.posts_of(row.pk for row in known.values())
    results: list[ItemResult] = []
    plans: list[Planned] = []
    seen: set[tuple[UUID, str]] = set()
    for index, item in items.items():
        plan = _plan(index, item, places.get(item["site"]), known, posts, seen, actor, at)
        if isinstance(plan, ItemResult):
            results.append(plan)
        else:
            plans.append(plan)
            results.append(_result(plan))
    _write([plan for plan in plans if plan.is_new or plan.is_changed], actor=actor, at=at)
    return in_order(results)


@transaction.atomic
def move(
    *,
    staff_id: UUID,
    site: UUID,
    since: date,
    role: str | None = None,
    expected_version: int | None = None,
    actor: Scope,
    at: datetime,
) -> StaffMember:
    """Another site (and role) of the same company from `since` on: the person stays one. Raises Refused, Stale."""
    row = _own_row(staff_id, expected_version, actor=actor)
    place = _places({0: {"site": site}}, actor).get(site)
    if place is None or place.company_id != row.company_id:
        raise Invalid.at("/site", "unknown_reference", "There is no such site for you in this company.")
    change = Change(
        site_id=place.id,
        country=place.country,
        role=role or row.role,
        employment=row.employment,
        hired_on=row.hired_on,
        since=since,
        keeps_end=True,
    )
    if not row.hired_on <= since <= (row.left_on or day_in(place.zone, at)):
        raise Invalid.at("/since", "out_of_order", "A move lies within the employment and not in the future.")
    return _change_one(row, change, language=row.language, actor=actor, at=at)


@transaction.atomic
def leave(
    *, staff_id: UUID, left_on: date, expected_version: int | None = None, actor: Scope, at: datetime
) -> StaffMember:
    """End the employment on `left_on`, the last day at work; what was completed stays. Raises Refused, Stale."""
    row = _own_row(staff_id, expected_version, actor=actor)
    if row.left_on is not None:
        raise Refused("This person has left already.", code="has_left")
    change = Change(
        site_id=row.site_id,
        country=row.site.country_id,
        role=row.role,
        employment=row.employment,
        hired_on=row.hired_on,
        since=row.hired_on,
        left_on=left_on,
    )
    if left_on < row.hired_on:
        raise Invalid.at("/left_on", "out_of_order", "The last day is not before the first one.")
    return _change_one(row, change, language=row.language, actor=actor, at=at)


def _own_row(staff_id: UUID, expected_version: int | None, *, actor: Scope) -> StaffMember:
    own = own_rows(actor, company="company", site="site")
    row = StaffMember.objects.filter(own, pk=staff_id).select_related("site").first()
    if row is None:
        raise NotFound("There is no such person for you.")
    tiles.lock([row.company_id])
    row.refresh_from_db(fields=["version", "site", "role", "employment", "hired_on", "left_on"])
    if expected_version is not None and row.version != expected_version:
        raise Stale("The row has changed since you read it.", details={"version": row.version})
    return row


def _change_one(row: StaffMember, change: Change, *, language: str, actor: Scope, at: datetime) -> StaffMember:
    before = tiles.posts_of([row.pk])[row.pk]
    _write([planned(0, row, before, change, language=language, reference=row.reference)], actor=actor, at=at)
    return row


def _places(items: Mapping[int, dict[str, Any]], actor: Scope) -> dict[UUID, Place]:
    """The sites that are meant and the caller's. One query."""
    rows = Site.objects.visible_to(actor).filter(pk__in={item["site"] for item in items.values()})
    columns = ("pk", "company_id", "country_id", "zone")
    return {
        pk: Place(id=pk, company_id=company, country=country, zone=zone)
        for pk, company, country, zone in rows.values_list(*columns)
    }


def _known(items: Mapping[int, dict[str, Any]], places: dict[UUID, Place]) -> dict[tuple[UUID, str], StaffMember]:
    """Who is registered already among the references that are meant. One query."""
    rows = StaffMember.objects.filter(
        company__in={place.company_id for place in places.values()},
        reference_key__in={key_of(item["reference"]) for item in items.values()},
    )
    return {(row.company_id, row.reference_key or ""): row for row in rows}


def _plan(
    index: int,
    item: dict[str, Any],
    place: Place | None,
    known: dict[tuple[UUID, str], StaffMember],
    posts: dict[UUID, list[tuple[Post, UUID]]],
    seen: set[tuple[UUID, str]],
    actor: Scope,
    at: datetime,
) -> Planned | ItemResult:
    """What one item asks for, or why it is refused."""
    if place is None:
        return refused(index, "site", "unknown_reference", "There is no such site for you.")
    if code := fault_of(item["reference"]):
        return refused(index, "reference", code, MESSAGES[code])
    key = (place.company_id, key_of(item["reference"]))
    if key in seen:
        return refused(index, "reference", "repeated", "The list names this person twice; the first one counts.")
    seen.add(key)
    row = known.get(key)
    if row is not None and not _may_change(row, actor):
        return refused(index, "reference", "taken", "The company has this reference at another site.")
    today = day_in(place.zone, at)
    if item["hired_on"] > LATEST or (item.get("since") or today) > max(today, item["hired_on"]):
        return refused(index, "since", "in_future", "A change of work is recorded when it has come.")
    change = Change(
        site_id=place.id,
        country=place.country,
        role=item["role"],
        employment=item.get("employment") or Employment.REGULAR,
        hired_on=item["hired_on"],
        since=item.get("since") or today,
        left_on=item.get("left_on"),
        keeps_end="left_on" not in item,
    )
    fresh = StaffMember(id=new_id(), company_id=place.company_id, reference_key=key[1], created_at=at, version=0)
    subject = row or fresh
    language = item.get("language", subject.language)
    try:
        return planned(
            index, subject, posts.get(subject.pk, []), change, language=language, reference=item["reference"].strip()
        )
    except OutOfOrder:
        return refused(index, "hired_on", "out_of_order", "These days contradict each other or an earlier employment.")


def _may_change(row: StaffMember, actor: Scope) -> bool:
    """A site editor changes the people of the own site alone."""
    return row.company_id in actor.organisations(*COMPANY_ROLES) or row.site_id in actor.sites


def _result(plan: Planned) -> ItemResult:
    status = ItemStatus.CREATED if plan.is_new else ItemStatus.UPDATED if plan.is_changed else ItemStatus.UNCHANGED
    return ItemResult(index=plan.index, status=status, id=plan.row.pk)


def _write(plans: Sequence[Planned], *, actor: Scope, at: datetime) -> None:
    """Rows, posts, statuses and the audit of all plans, in a constant number of statements."""
    if not plans:
        return
    write_plans(plans, at=at)
    tiles.rebuild({plan.row.pk: plan.row.company_id for plan in plans})
    created = Counter(plan.row.company_id for plan in plans if plan.is_new)
    changed = Counter(plan.row.company_id for plan in plans if not plan.is_new)
    for company in sorted({*created, *changed}):
        # Numbers only: a reference is personal data, and the log outlives its erasure.
        counts = {"created": [0, created[company]], "changed": [0, changed[company]]}
        record("staff.register", Company(pk=company), actor=actor, at=at, changes=counts)
