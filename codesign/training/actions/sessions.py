"""Sessions for people who are known: held, and ticked off a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from codesign.companies.models import Site
from codesign.training.actions import completions
from codesign.training.actions.items import ItemResult, day_in, in_order, refused
from codesign.training.kinds import CompletionSource
from codesign.training.models import Course, Posting, StaffMember, TrainingSession
from codesign.training.references import key_of
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Fault, Invalid, NotFound


@transaction.atomic
def hold(
    *,
    site_ids: Sequence[UUID],
    course_id: UUID,
    held_on: date,
    attended: Sequence[str] = (),
    place: str = "",
    language: str = "",
    trainer_id: UUID | None = None,
    actor: Scope,
    at: datetime,
) -> tuple[TrainingSession, list[ItemResult]]:
    """Record a session for the people of some sites of one company, and who was there. Raises Invalid.

    A result per reference in `attended`: good ones become completions although others are bad.
    """
    sites = list(Site.objects.visible_to(actor).filter(pk__in=site_ids).order_by("pk"))
    if len(sites) < len(set(site_ids)):
        raise Invalid.at("/sites", "unknown_reference", "There is no such site for you.")
    if len({site.company_id for site in sites}) > 1:
        raise Invalid.at("/sites", "several_companies", "A session is for sites of one company.")
    if held_on > max(day_in(site.zone, at) for site in sites):
        raise Invalid.at("/held_on", "in_future", "A session lies in the past.")
    course = Course.objects.visible_to(actor).get(pk=course_id)
    if course.company_id not in {None, sites[0].company_id}:
        raise Invalid.at("/course", "unknown_reference", "This course is another company's own.")
    row = TrainingSession.objects.create(
        company_id=sites[0].company_id,
        course=course,
        held_on=held_on,
        place=place,
        language=language,
        trainer_id=trainer_id,
        recorded_at=at,
    )
    row.sites.set(sites)
    record("sessions.create", row, actor=actor, at=at, changes={"held_on": [None, held_on]})
    return row, _tick(row, attended, actor=actor, at=at)


@transaction.atomic
def tick(*, session_id: UUID, attended: Sequence[str], actor: Scope, at: datetime) -> list[ItemResult]:
    """Add people who were there to a session; a result per reference. Whoever is ticked already is `unchanged`."""
    row = TrainingSession.objects.visible_to(actor).select_related("course").filter(pk=session_id).first()
    if row is None:
        raise NotFound("There is no such session for you.")
    return _tick(row, attended, actor=actor, at=at)


def _tick(row: TrainingSession, attended: Sequence[str], *, actor: Scope, at: datetime) -> list[ItemResult]:
    """Completions for those who belong to a site that the session was for; two queries more than a push."""
    if not attended:
        return []
    elsewhere = _elsewhere(row, {key_of(reference) for reference in attended})
    item = {"course": row.course.code, "completed_on": row.held_on, "company": row.company_id}
    items = {
        index: {**item, "reference": reference}
        for index, reference in enumerate(attended)
        if key_of(reference) not in elsewhere
    }
    others = [
        refused(index, "reference", "other_site", "This person works at a site that the session was not for.")
        for index in range(len(attended))
        if index not in items
    ]
    pushed = completions.push(
        items=items,
        session=row,
        course_id=row.course_id,
        source=CompletionSource.SESSION,
        actor=actor,
        at=at,
    )
    results = in_order([*pushed, *others])
    return [
        replace(result, errors=tuple(_pointed(fault, result.index) for fault in result.errors)) for result in results
    ]


def _pointed(fault: Fault, index: int) -> Fault:
    """At the reference as it stands in the list of ticks."""
    return replace(fault, pointer=f"/attended/{index}")


def _elsewhere(row: TrainingSession, keys: set[str]) -> set[str]:
    """Of these references, those of people who neither work at a covered site nor did on the day."""
    sites = row.sites.values("pk")
    people = StaffMember.objects.filter(company=row.company_id, reference_key__in=keys)
    then = Posting.objects.on(row.held_on).filter(site__in=sites, staff_member__in=people.values("pk"))
    here = Q(site__in=sites) | Q(pk__in=then.values("staff_member"))
    return {key or "" for key in people.exclude(here).values_list("reference_key", flat=True)}
