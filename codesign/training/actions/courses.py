"""Courses, and sessions of which only the number of heads is known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from codesign.companies.models import Site
from codesign.training.actions.items import day_in
from codesign.training.models import Course, HeadCountSession
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid, Refused, Stale


@transaction.atomic
def add(
    *,
    code: str,
    names: dict[str, str],
    kind: str,
    provider: str,
    languages: list[str] | None = None,
    duration_minutes: int | None = None,
    audiences: list[str] | None = None,
    edition: str = "",
    company_id: UUID | None = None,
    actor: Scope,
    at: datetime,
) -> Course:
    """Add a course of one company, or with `company_id` None of everyone (secretariat). Raises Refused, Invalid."""
    if company_id is None and not actor.wears(Role.SECRETARIAT):
        raise Invalid.at("/company", "required", "Say which of your companies gives the course.")
    row = Course(
        code=code,
        names=names,
        kind=kind,
        provider=provider,
        languages=languages or [],
        duration_minutes=duration_minutes,
        audiences=audiences or [],
        edition=edition,
        company_id=company_id,
        created_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("There is a course of this code already.", code="already_recorded") from error
    record("courses.create", row, actor=actor, at=at, changes={"code": [None, code], "kind": [None, kind]})
    return row


@transaction.atomic
def change(*, course_id: UUID, expected_version: int | None, actor: Scope, at: datetime, **values: Any) -> Course:
    """Change all but kind and code: completions rest on them. Raises Stale."""
    row = Course.objects.visible_to(actor).get(pk=course_id)
    if row.company_id is None and not actor.wears(Role.SECRETARIAT):
        raise Refused("A course for everyone is changed by the secretariat.", code="not_yours_to_change")
    version = row.version if expected_version is None else expected_version
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if changes:
        rows = Course.objects.filter(pk=row.pk, version=version)
        if not rows.update(**{name: after for name, (_, after) in changes.items()}, version=version + 1):
            raise Stale("The course has changed since you read it.")
        record("courses.update", row, actor=actor, at=at, changes=changes)
    row.refresh_from_db()
    return row


@transaction.atomic
def record_session(
    *,
    site_id: UUID,
    course_id: UUID,
    held_on: date,
    attendance: int,
    actor: Scope,
    at: datetime,
) -> HeadCountSession:
    """Note that `attendance` people attended, nobody knows who. Stands apart from every person-based figure."""
    site = Site.objects.visible_to(actor).get(pk=site_id)
    if held_on > day_in(site.zone, at):
        raise Invalid.at("/held_on", "in_future", "A session lies in the past.")
    row = HeadCountSession(
        company_id=site.company_id,
        site_id=site_id,
        course_id=course_id,
        held_on=held_on,
        attendance=attendance,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("This session is recorded already.", code="already_recorded") from error
    record("head-count-sessions.create", row, actor=actor, at=at, changes={"attendance": [None, attendance]})
    return row
