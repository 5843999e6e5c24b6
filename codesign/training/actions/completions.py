"""Completions: pushed in lists by systems and people, corrected by superseding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Company
from codesign.training.actions import bulk, tiles
from codesign.training.actions.items import ItemResult, ItemStatus, day_in, in_order, refused
from codesign.training.kinds import CompletionSource
from codesign.training.models import Completion, Course, StaffMember, TrainingSession
from codesign.training.querysets import own_rows
from codesign.training.references import key_of
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid, NotFound, Refused
from registry.kernel.ids import new_id

NaturalKey = tuple[UUID, UUID, date]


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a push needs to know of a member of staff."""

    id: UUID
    company_id: UUID
    zone: str


@dataclass(frozen=True, kw_only=True)
class _Directory:
    """Whom and what the items of one push may name."""

    companies: frozenset[UUID]
    people: dict[tuple[UUID, str], Person]
    courses: dict[tuple[UUID | None, str], UUID]

    def course(self, company: UUID, code: str) -> UUID | None:
        """The company's own course of this code comes before everyone's."""
        return self.courses.get((company, code)) or self.courses.get((None, code))


@transaction.atomic
def push(
    *,
    items: Mapping[int, dict[str, Any]],
    session: TrainingSession | None = None,
    course_id: UUID | None = None,
    source: str | None = None,
    actor: Scope,
    at: datetime,
) -> list[ItemResult]:
    """Record many completions, each once: (person, course, day) that is there already is `unchanged`.

    Bad items are reported and left out, good ones are kept, all in one transaction and a constant number
    of statements. `company` is needed only by a caller that has several. `course_id` is meant by all of them,
    whatever their codes say; `session`: where they were ticked; `source`: else told by the caller's role.
    """
    directory = _directory(items, actor)
    tiles.lock({person.company_id for person in directory.people.values()})
    results: list[ItemResult] = []
    found: dict[int, NaturalKey] = {}
    companies: dict[UUID, UUID] = {}
    for index, item in items.items():
        resolved = _resolved(index, item, directory, at, course_id)
        if isinstance(resolved, ItemResult):
            results.append(resolved)
        else:
            person, course = resolved
            companies[person.id] = person.company_id
            found[index] = (person.id, course, item["completed_on"])
    source = source or (
        CompletionSource.COMPANY_SYSTEM if actor.wears(Role.COMPANY_SYSTEM) else CompletionSource.MANUAL
    )
    origin = {"session": session, "source": source}
    rows = _write(list(dict.fromkeys(found.values())), companies, origin, actor=actor, at=at)
    for index, key in found.items():
        row_id, is_new = rows[key]
        results.append(
            ItemResult(index=index, status=ItemStatus.CREATED if is_new else ItemStatus.UNCHANGED, id=row_id)
        )
        rows[key] = (row_id, False)
    return in_order(results)


@transaction.atomic
def correct(
    *,
    completion_id: UUID,
    reason: str,
    completed_on: date | None = None,
    course: UUID | None = None,
    actor: Scope,
    at: datetime,
) -> Completion:
    """Supersede a completion; with a day or a course, by a new one that names it. Raises Refused.

    Returns what stands now: the new completion, or the superseded one when nothing takes its place.
    """
    row = Completion.objects.visible_to(actor).select_related("staff_member__site").filter(pk=completion_id).first()
    if row is None:
        raise NotFound("There is no such completion for you.")
    person = row.staff_member
    tiles.lock([person.company_id])
    changed = Completion.objects.current().filter(pk=row.pk).update(superseded_at=at, superseded_reason=reason)
    if not changed:
        raise Refused("This completion was corrected already.", code="superseded")
    standing = row
    if completed_on or course:
        standing = _successor(row, completed_on or row.completed_on, course or row.course_id, at=at)
    tiles.rebuild({person.pk: person.company_id})
    record("completions.correct", row, actor=actor, at=at, changes={"superseded_reason": ["", reason]})
    return standing


def _successor(row: Completion, completed_on: date, course: UUID, *, at: datetime) -> Completion:
    if completed_on > day_in(row.staff_member.site.zone, at):
        raise Invalid.at("/completed_on", "in_future", "A completion lies in the past.")
    twin = Completion.objects.current().filter(staff_member=row.staff_member_id, course=course)
    if twin.filter(completed_on=completed_on).exists():
        raise Refused("This person has that course on that day already.", code="already_recorded")
    return Completion.objects.create(
        staff_member_id=row.staff_member_id,
        course_id=course,
        completed_on=completed_on,
        source=row.source,
        recorded_at=at,
        corrects=row,
    )


def _directory(items: Mapping[int, dict[str, Any]], actor: Scope) -> _Directory:
    """Companies, people and courses that the items may mean. Three queries."""
    own = own_rows(actor, company="pk", site="sites")
    companies = frozenset(Company.objects.filter(own).values_list("pk", flat=True))
    references = {key_of(item["reference"]) for item in items.values()}
    people = StaffMember.objects.filter(own_rows(actor, company="company", site="site"), reference_key__in=references)
    columns = ("company_id", "reference_key", "pk", "site__zone")
    codes = {item["course"] for item in items.values()}
    courses = Course.objects.visible_to(actor).filter(code__in=codes)
    return _Directory(
        companies=companies,
        people={
            (company, key): Person(id=pk, company_id=company, zone=zone)
            for company, key, pk, zone in people.values_list(*columns)
        },
        courses={(company, code): pk for company, code, pk in courses.values_list("company_id", "code", "pk")},
    )


def _resolved(
    index: int, item: dict[str, Any], directory: _Directory, at: datetime, course_id: UUID | None
) -> tuple[Person, UUID] | ItemResult:
    """The person and the course that one item means, or why it is refused."""
    company = item.get("company")
    if company is None:
        if len(directory.companies) != 1:
            return refused(index, "company", "required", "You have several companies: say which one.")
        (company,) = directory.companies
    elif company not in directory.companies:
        return refused(index, "company", "unknown_reference", "There is no such company for you.")
    person = directory.people.get((company, key_of(item["reference"])))
    if person is None:
        return refused(index, "reference", "unknown_reference", "There is no such reference in this company.")
    course = course_id or directory.course(company, item["course"])
    if course is None:
        return refused(index, "course", "unknown_reference", "There is no such course for you.")
    if item["completed_on"] > day_in(person.zone, at):
        return refused(index, "completed_on", "in_future", "A completion lies in the past.")
    return person, course


def _write(
    keys: list[NaturalKey],
    companies: dict[UUID, UUID],
    origin: dict[str, Any],
    *,
    actor: Scope,
    at: datetime,
) -> dict[NaturalKey, tuple[UUID, bool]]:
    """The row of each key and whether it is new; statuses and audit follow when any is."""
    days, courses = {day for _, _, day in keys}, {course for _, course, _ in keys}
    known = Completion.objects.current().filter(
        staff_member__in=list(companies), completed_on__in=days, course__in=courses
    )
    columns = ("staff_member_id", "course_id", "completed_on", "pk")
    rows = {(person, course, day): (pk, False) for person, course, day, pk in known.values_list(*columns)}
    fresh = [
        Completion(
            id=new_id(),
            staff_member_id=person,
            course_id=course,
            completed_on=day,
            recorded_at=at,
            **origin,
        )
        for person, course, day in keys
        if (person, course, day) not in rows
    ]
    # The company's lock makes look-then-write safe: nobody else writes completions of these people now.
    bulk.write(fresh)
    rows |= {(row.staff_member_id, row.course_id, row.completed_on): (row.pk, True) for row in fresh}
    touched = {row.staff_member_id: companies[row.staff_member_id] for row in fresh}
    if touched:
        tiles.rebuild(touched)
    counts = Counter(companies[row.staff_member_id] for row in fresh)
    for company in sorted(counts):
        record("completions.push", Company(pk=company), actor=actor, at=at, changes={"created": [0, counts[company]]})
    return rows
