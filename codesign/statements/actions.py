"""Statements are taken: what is a completion is recorded once, what is none is acknowledged and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from codesign.companies.models import Company
from codesign.statements.models import Statement
from codesign.statements.rules import RECORDED_VERBS, VOIDED, company_in, course_in
from codesign.training.actions import completions
from codesign.training.models import Course, StaffMember
from codesign.training.querysets import own_rows
from codesign.training.references import key_of
from members.scope import Scope
from registry.kernel.errors import Fault, Invalid, Refused

_ACCOUNT = "/actor/account/name"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One statement, as far as it matters. `counts`: its result does not say that it failed."""

    id: UUID
    home_page: str
    account: str
    verb: str
    activity: str
    said_at: datetime
    counts: bool = True


@transaction.atomic
def take(*, statements: Sequence[Said], actor: Scope, at: datetime) -> int:
    """Record those that are completions, all or none; how many are. The same statement again changes nothing.

    Another verb than completed or passed, a course that the register does not know, or a result that says no:
    acknowledged, and not kept. Raises Invalid; Refused for an id that said something else before.
    """
    companies = _companies(statements, actor)
    known = _courses(statements, actor)
    wanted = {
        index: said
        for index, said in enumerate(statements)
        if said.verb in RECORDED_VERBS and said.counts and course_in(said.activity) in known
    }
    _refuse_voiding(statements)
    fresh = _unsaid(wanted, companies)
    zones = _zones(fresh, companies, actor)
    items = {index: _item(said, companies[index], zones) for index, said in fresh.items()}
    results = completions.push(items=items, actor=actor, at=at) if items else []
    if faults := [_fault(error, len(statements)) for result in results for error in result.errors]:
        raise Invalid(faults[0].message, faults=tuple(faults))
    Statement.objects.bulk_create(
        Statement(
            company_id=companies[result.index],
            statement_id=fresh[result.index].id,
            completion_id=result.id,  # type: ignore[misc]
            home_page=fresh[result.index].home_page,
            verb=fresh[result.index].verb,
            activity=fresh[result.index].activity,
            said_at=fresh[result.index].said_at,
            stored_at=at,
        )
        for result in results
    )
    return len(wanted)


def _companies(statements: Sequence[Said], actor: Scope) -> list[UUID]:
    """The company of each: named by the account's home page, else the caller's only one."""
    rows = Company.objects.filter(own_rows(actor, company="pk", site="sites"))
    own = list(rows.distinct().values_list("pk", flat=True))
    found: list[UUID] = []
    for index, said in enumerate(statements):
        company = company_in(said.home_page) or (own[0] if len(own) == 1 else None)
        if company not in own:
            pointer = _pointer(index, "/actor/account/homePage", len(statements))
            raise Invalid.at(pointer, "unknown_reference", "The home page names no company of yours by its id.")
        found.append(company)
    return found


def _courses(statements: Sequence[Said], actor: Scope) -> set[str]:
    codes = {course_in(said.activity)[:60] for said in statements}
    return set(Course.objects.visible_to(actor).filter(code__in=codes).values_list("code", flat=True))


def _refuse_voiding(statements: Sequence[Said]) -> None:
    for index, said in enumerate(statements):
        if said.verb == VOIDED:
            pointer = _pointer(index, "/verb/id", len(statements))
            raise Invalid.at(pointer, "not_voidable", "A completion is corrected, with a reason, not voided.")


def _unsaid(wanted: dict[int, Said], companies: list[UUID]) -> dict[int, Said]:
    """Those whose id is new; Refused for one that meant something else before, or means two things now."""
    rows = Statement.objects.filter(statement_id__in=[said.id for said in wanted.values()])
    columns = ("company_id", "statement_id", "completion__staff_member__reference_key", "verb", "activity", "said_at")
    before = {(company, key): tuple(rest) for company, key, *rest in rows.values_list(*columns)}
    stored = set(before)
    fresh: dict[int, Said] = {}
    for index, said in wanted.items():
        key = (companies[index], said.id)
        told = (key_of(said.account), said.verb, said.activity, said.said_at)
        if before.setdefault(key, told) != told:
            raise Refused("A statement of this id said something else before.", code="statement_conflict")
        if key not in stored:
            stored.add(key)
            fresh[index] = said
    return fresh


def _zones(fresh: dict[int, Said], companies: list[UUID], actor: Scope) -> dict[tuple[UUID, str], str]:
    """The zone of the site of each person: a moment is a day there."""
    people = StaffMember.objects.filter(
        own_rows(actor, company="company", site="site"),
        company__in={companies[index] for index in fresh},
        reference_key__in={key_of(said.account) for said in fresh.values()},
    )
    columns = ("company_id", "reference_key", "site__zone")
    return {(company, key or ""): zone for company, key, zone in people.values_list(*columns)}


def _item(said: Said, company: UUID, zones: dict[tuple[UUID, str], str]) -> dict[str, Any]:
    zone = zones.get((company, key_of(said.account)), "UTC")
    return {
        "reference": said.account,
        "course": course_in(said.activity),
        "completed_on": said.said_at.astimezone(ZoneInfo(zone)).date(),
        "company": company,
    }


def _fault(error: Fault, count: int) -> Fault:
    """The fault of a completion, at the part of the statement that it came from."""
    _, index, field = error.pointer.split("/")
    parts = {"reference": _ACCOUNT, "course": "/object/id", "completed_on": "/timestamp"}
    return Fault(_pointer(int(index), parts.get(field, ""), count), error.code, error.message)


def _pointer(index: int, part: str, count: int) -> str:
    return part if count == 1 else f"/{index}{part}"
