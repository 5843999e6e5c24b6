"""Specimens of the worklist and the contact log."""

from __future__ import annotations

from datetime import date
from typing import Any

from codesign.reporting.models import ReportingYear, ReportObligation
from codesign.standing.models import Side
from codesign.worklist.kinds import WorkKind
from codesign.worklist.models import ContactLogEntry, Snooze
from members.scope import Role
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories.companies import make_membership
from tests.factories.people import make_contact
from tests.factories.reporting import make_year


def _waiting(place: Place) -> Any:
    """A membership that waits for its plan."""
    return make_membership(company=place.company(), state="submitted")


def _item(place: Place) -> str:
    return f"{WorkKind.PLAN_WANTED.value}:{_waiting(place).pk}"


def _late(place: Place) -> str:
    """A report that is overdue, of a company that can be written to."""
    company = place.company()
    make_contact(organisation=company.organisation, role="reporting_officer")
    membership = make_membership(company=company)
    year = ReportingYear.objects.filter(year=2025).first() or make_year(2025)
    days = {"due_on": date(2026, 3, 31), "lapses_on": date(2026, 6, 29), "created_at": AT}
    owed, _ = ReportObligation.objects.get_or_create(
        membership=membership, reporting_year=year, defaults={"company": company, **days}
    )
    return f"{WorkKind.REPORT_LATE.value}:{owed.pk}"


def _asleep(place: Place) -> str:
    membership = _waiting(place)
    Snooze.objects.create(
        side=Side.SECRETARIAT if place.role is Role.SECRETARIAT else Side.REPRESENTATIVE,
        kind=WorkKind.PLAN_WANTED,
        subject_id=membership.pk,
        company=membership.company,
        until=date(2026, 12, 7),
        reason="On site next week.",
        created_at=AT,
    )
    return f"{WorkKind.PLAN_WANTED.value}:{membership.pk}"


def entry(place: Place) -> Any:
    """A call with a company of the caller's country, or of another."""
    return ContactLogEntry.objects.create(
        company=place.company(),
        way="call",
        happened_on=date(2026, 11, 20),
        summary="The clause is with the lawyers.",
        next_step="Ask for the clause.",
        next_step_due_on=date(2026, 11, 25),
        created_at=AT,
    )


def _log_body(place: Place, row: Any) -> dict[str, Any]:
    return {
        "company": str(place.company().pk),
        "way": "visit",
        "happened_on": "2026-11-20",
        "summary": "The plan was discussed.",
    }


WORKLIST: dict[str, Specimen] = {
    "worklist_items": Specimen(),
    "worklist_snooze": Specimen(
        body=lambda place, row: {"item": _item(place), "until": "2026-12-07", "reason": "On site next week."},
        refs=("item",),
    ),
    "worklist_wake": Specimen(body=lambda place, row: {"item": _asleep(place)}, refs=("item",)),
    "worklist_nudge": Specimen(body=lambda place, row: {"item": _late(place)}),
    **reads("contact_log", entry),
    "contact_log_create": Specimen(body=_log_body, refs=("company",), status=201),
    "contact_log_settle": Specimen(row=entry, body=sent(settled_on="2026-11-21")),
}
