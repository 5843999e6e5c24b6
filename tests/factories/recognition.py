"""Certificates and awards for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from codesign.criteria.models import PlanAction
from codesign.recognition.models import Award, Certificate
from codesign.recognition.rules import new_number
from codesign.reporting.models import Questionnaire, Report, ReportingYear
from registry.kernel.ids import new_id

EARLIER = datetime(2026, 11, 20, 9, tzinfo=UTC)
NUMBER = "0000-0000-0000"


def make_certificate(*, membership: Any, **overrides: Any) -> Certificate:
    """A certificate of 2026, issued two days ago; its number is `NUMBER` while that is free."""
    taken = Certificate.objects.filter(number=NUMBER).exists()
    defaults: dict[str, Any] = {
        "number": new_number() if taken else NUMBER,
        "year": 2026,
        "scope": {
            "name": membership.company.organisation.name,
            "country": membership.company.organisation.country_id,
            "category": membership.company.category,
            "member_number": membership.number,
            "member_since": str(membership.member_since),
            "site_count": 1,
            "sites": ["Hôtel Fictif, Bruxelles"],
        },
        "issued_on": date(2026, 11, 20),
        "valid_until": date(2027, 3, 31),
        "created_at": EARLIER,
    }
    return Certificate.objects.create(membership=membership, **{**defaults, **overrides})


def make_award(*, membership: Any, **overrides: Any) -> Award:
    """Top Member of 2025, given two days ago."""
    defaults: dict[str, Any] = {
        "kind": "top_member",
        "year": 2025,
        "criteria": [{"number": number, "actions": 1, "verified": 1} for number in range(1, 7)],
        "report_id": new_id(),
        "given_on": date(2026, 11, 20),
        "created_at": EARLIER,
    }
    return Award.objects.create(membership=membership, **{**defaults, **overrides})


def make_worthy(membership: Any, *, year: int = 2025) -> Report:
    """Verify one action on each criterion, and publish the report of the year."""
    PlanAction.objects.filter(membership=membership).delete()
    PlanAction.objects.bulk_create(
        PlanAction(
            membership=membership,
            criterion_number=number,
            title=f"Step {number}",
            responsible_role="director",
            due_on=date(2026, 6, 1),
            done_on=date(2026, 5, 1),
            verified_on=date(2026, 5, 2),
            state="verified",
            created_at=EARLIER,
        )
        for number in range(1, 7)
    )
    questionnaire, _ = Questionnaire.objects.get_or_create(
        version=99, defaults={"state": "published", "names": {"en": "x"}, "sections": [], "created_at": EARLIER}
    )
    reporting_year, _ = ReportingYear.objects.get_or_create(
        year=year,
        defaults={
            "questionnaire": questionnaire,
            "opens_on": date(year + 1, 1, 1),
            "due_on": date(year + 1, 3, 31),
            "created_at": EARLIER,
        },
    )
    return Report.objects.create(
        company=membership.company,
        membership=membership,
        reporting_year=reporting_year,
        state="published",
        published_at=EARLIER,
        created_at=EARLIER,
    )
