"""Obligations, contacts, rules and messages for tests of reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company, CompanyCategory
from codesign.reminders.actions import load_rules
from codesign.reminders.models import ReminderRule
from codesign.reporting.models import Questionnaire, ReportingYear, ReportObligation
from members.organisations.models import Organisation
from members.people.models import Contact, ContactRole
from registry.kernel.outbox.models import OutboxMessage
from registry.kernel.text import search_key

AT = datetime(2026, 1, 1, tzinfo=UTC)
DUE_ON = date(2027, 3, 31)  # a Wednesday
_numbers = count(1)


def make_body(**overrides: Any) -> Organisation:
    """An organisation in Belgium."""
    name = overrides.pop("name", f"Hotel {next(_numbers)} (DEMO)")
    defaults: dict[str, Any] = {
        "kind": "company",
        "search_key": search_key(name),
        "country_id": "BE",
        "zone": "Europe/Brussels",
        "created_at": AT,
    }
    return Organisation.objects.create(name=name, **{**defaults, **overrides})


def make_contact(**overrides: Any) -> Contact:
    """A reporting officer in Brussels who reads Dutch."""
    defaults: dict[str, Any] = {
        "role": ContactRole.REPORTING_OFFICER,
        "email": f"officer{next(_numbers)}@hotel.example",
        "language": "nl",
        "zone": "Europe/Brussels",
        "valid_from": date(2026, 1, 1),
        "created_at": AT,
    }
    return Contact.objects.create(**{**defaults, **overrides})


def make_year(year: int = 2026) -> ReportingYear:
    """A reporting year, due on 31 March after it."""
    questionnaire, _ = Questionnaire.objects.get_or_create(
        version=1, defaults={"names": {"en": "Report"}, "sections": [], "state": "published", "created_at": AT}
    )
    found, _ = ReportingYear.objects.get_or_create(
        year=year,
        defaults={
            "questionnaire": questionnaire,
            "opens_on": date(year + 1, 1, 1),
            "due_on": date(year + 1, 3, 31),
            "created_at": AT,
        },
    )
    return found


def make_obligation(
    *,
    organisation: Organisation | None = None,
    representative: Organisation | None = None,
    due_on: date = DUE_ON,
    membership: dict[str, Any] | None = None,
    **overrides: Any,
) -> ReportObligation:
    """The report of 2026 of an active member without a representative, due on 31 March 2027."""
    organisation = organisation or make_body()
    company = Company.objects.create(organisation=organisation, category=CompanyCategory.HOTEL, created_at=AT)
    member = CodeMembership.objects.create(
        **{
            "company": company,
            "state": MembershipState.ACTIVE,
            "representative": representative,
            "member_since": date(2025, 1, 1),
            "created_at": AT,
            **(membership or {}),
        }
    )
    defaults: dict[str, Any] = {"lapses_on": date(2027, 6, 29), "created_at": AT, "reporting_year": make_year()}
    return ReportObligation.objects.create(
        membership=member, company=company, due_on=due_on, **{**defaults, **overrides}
    )


def make_rule(code: str = "report-due", *more: str) -> ReminderRule:
    """A shipped rule; no other is in force but those of `more`."""
    load_rules(at=AT)
    ReminderRule.objects.exclude(code__in=(code, *more)).delete()
    return ReminderRule.objects.get(code=code)


def make_draft(*, code: str, steps: tuple[tuple[int, str], ...] = ((-45, "reporting_officer"),), **more: Any) -> Any:
    """A draft on reports that counts from 2027 on; with `published_at` a rule in force."""
    defaults: dict[str, Any] = {
        "kind": "report_due",
        "names": {"en": "Report due"},
        "effective_from": date(2027, 1, 1),
        "created_at": AT,
    }
    rule = ReminderRule.objects.create(code=code, **{**defaults, **more})
    for offset, role in steps:
        rule.steps.create(offset_days=offset, contact_role=role)
    return rule


def make_message(**overrides: Any) -> OutboxMessage:
    """A pending message, due since the start of 2026."""
    defaults: dict[str, Any] = {
        "key": f"test:{next(_numbers)}",
        "topic": "test",
        "due_at": AT,
        "retry_at": AT,
        "created_at": AT,
    }
    return OutboxMessage.objects.create(**{**defaults, **overrides})
