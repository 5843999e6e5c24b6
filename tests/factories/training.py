"""Workplaces, staff, courses, completions and requirements for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from codesign.companies.models import Company, CompanyCategory, HeadCount, Site
from codesign.training.actions import completions, requirements, staff
from codesign.training.actions.items import ItemResult
from codesign.training.codes import digest_of, new_code
from codesign.training.models import Completion, Course, Credential, Requirement, StaffMember, TrainingSession
from members.organisations.models import Organisation, OrganisationKind
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.text import search_key

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
CODE = "7K3M-0000-1111-2222-ZZZZ"
_numbers = count(1)


def make_hotel_company(**overrides: Any) -> Company:
    """A fictional company of Belgium without any site."""
    name = overrides.pop("name", f"Hotels Fictif {next(_numbers)} (DEMO)")
    organisation = Organisation.objects.create(
        kind=OrganisationKind.COMPANY,
        name=name,
        search_key=search_key(name),
        country_id=overrides.pop("country_id", "BE"),
        zone="Europe/Brussels",
        is_demo=True,
        created_at=AT,
    )
    values = {"category": CompanyCategory.HOTEL_CHAIN, "created_at": AT, **overrides}
    return Company.objects.create(organisation=organisation, **values)


def make_workplace(company: Company | None = None, **overrides: Any) -> Site:
    """A hotel in Belgium, of a new company unless one is named; `heads` is its head count since 2020."""
    heads = overrides.pop("heads", None)
    name = overrides.pop("name", f"Hotel {next(_numbers)}")
    values = {"country_id": "BE", "zone": "Europe/Brussels", "created_at": AT, **overrides}
    site = Site.objects.create(
        company=company or make_hotel_company(), name=name, search_key=search_key(name), **values
    )
    if heads is not None:
        HeadCount.objects.create(site=site, staff_count=heads, valid_from=date(2020, 1, 1), recorded_at=AT)
    return site


def scope_for(role: Role, *, company: Company | None = None, **hat: Any) -> Scope:
    """The scope of one role."""
    own = {} if company is None else {"organisation_id": company.pk, "organisation_ids": frozenset({company.pk})}
    return Scope(hats=(Hat(role=role, **own, **hat),), day=AT.date(), label=role.value)


def editor_of(company: Company) -> Scope:
    """The company's editor."""
    return scope_for(Role.COMPANY_EDITOR, company=company)


def staff_item(site: Site, reference: str, **overrides: Any) -> dict[str, Any]:
    """One row of a roster as the action takes it: regular, at the front desk since 2024."""
    values = {"reference": reference, "site": site.pk, "role": "front_desk", "hired_on": date(2024, 1, 1)}
    return {**values, **overrides}


def register(site: Site, *items: dict[str, Any], at: datetime = AT) -> list[ItemResult]:
    """Send a roster as the company's editor."""
    return staff.register(items=dict(enumerate(items)), actor=editor_of(site.company), at=at)


def make_staff(site: Site | None = None, *, at: datetime = AT, **overrides: Any) -> StaffMember:
    """One person at work, with posting and statuses."""
    site = site or make_workplace()
    item = staff_item(site, overrides.pop("reference", f"A{next(_numbers):05}"), **overrides)
    (result,) = register(site, item, at=at)
    assert not result.errors, result.errors
    return StaffMember.objects.get(pk=result.id)


def make_course(**overrides: Any) -> Course:
    """An e-learning for everyone."""
    values = {
        "code": f"basics-{next(_numbers)}",
        "names": {"en": "The Code: basics"},
        "kind": "elearning",
        "provider": "lcr",
        "created_at": AT,
    }
    return Course.objects.create(**{**values, **overrides})


def complete(person: StaffMember, course: Course, *days: date, at: datetime = AT) -> list[UUID | None]:
    """Push completions as the company's editor; the ids."""
    rows = [{"reference": person.reference, "course": course.code, "completed_on": day} for day in days]
    results = completions.push(items=dict(enumerate(rows)), actor=editor_of(person.company), at=at)
    assert not any(result.errors for result in results), results
    return [result.id for result in results]


def make_completion(person: StaffMember | None = None, *, course: Course | None = None, on: date) -> Completion:
    """One completion with the statuses that follow."""
    person = person or make_staff()
    (key,) = complete(person, course or make_course(), on)
    return Completion.objects.get(pk=key)


def make_requirement(**overrides: Any) -> Requirement:
    """A published rule for everybody since 1900: 24 months, 90 days of grace."""
    values = {"effective_from": date(1900, 1, 1), "published_at": AT, "created_at": AT}
    return Requirement.objects.create(**{**values, **overrides})


def load_default_requirements() -> int:
    """The register's own defaults."""
    return requirements.load_defaults(actor=SYSTEM, at=AT)


def make_session(site: Site | None = None, **overrides: Any) -> TrainingSession:
    """A session of 4 May for one site, nobody ticked."""
    site = site or make_workplace()
    values = {"company": site.company, "held_on": date(2026, 5, 4), "recorded_at": AT, **overrides}
    row = TrainingSession.objects.create(course=values.pop("course", None) or make_course(), **values)
    row.sites.add(site)
    return row


def make_credential(completion: Completion | None = None, *, code: str = "", **overrides: Any) -> Credential:
    """A certificate of one completion; the one with this code when it is there."""
    digest = digest_of(code or new_code())
    if known := Credential.objects.filter(code_digest=digest).first():
        return known
    completion = completion or make_completion(on=date(2026, 5, 4))
    return Credential.objects.create(completion=completion, code_digest=digest, **{"issued_at": AT, **overrides})
