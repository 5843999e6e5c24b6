"""Specimens of reporting and figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from codesign.reporting import actions
from codesign.reporting.models import Extension, Report
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.companies import membership
from tests.contract.specimens.reminders import REMINDERS
from tests.contract.specimens.specimen import Row, Specimen, reads, sent
from tests.factories import reporting

SECTION = {"section": "criterion-2"}


def member(place: Place) -> Any:
    """A member since before the year that is reported on."""
    return membership(place, "active")


def report(state: str = "draft") -> Row:
    """Makes a complete report, moved to `state`."""

    def make(place: Place) -> Any:
        if state == "draft":
            return reporting.make_report(membership=member(place))
        row = reporting.make_complete_report(membership=member(place))
        row = actions.submit(report_id=row.pk, expected_version=None, actor=SYSTEM, at=AT)
        if state == "accepted":
            Report.objects.filter(pk=row.pk).update(state="accepted", accepted_at=AT)
        return row

    return make


def extension(place: Place) -> Any:
    """More time for one company."""
    return Extension.objects.create(
        reporting_year=reporting.make_year(),
        company=place.company(),
        until=date(2026, 4, 30),
        reason="Floods",
        granted_at=AT,
        granted_by_label="secretariat",
    )


def _report_body(place: Place, row: Any) -> dict[str, Any]:
    reporting.make_year()
    return {"company": str(member(place).company_id), "year": 2025}


def _year_body(place: Place, row: Any) -> dict[str, Any]:
    reporting.make_questionnaire()
    return {"year": 2024}


def _extension_body(place: Place, row: Any) -> dict[str, Any]:
    year, company = reporting.make_year().pk, place.company().pk
    return {"reporting_year": str(year), "company": str(company), "until": "2026-04-30", "reason": "Floods"}


REPORTING: dict[str, Specimen] = {
    **REMINDERS,
    **reads("reporting_years", lambda place: reporting.make_year(), is_shared=True),
    "reporting_years_create": Specimen(body=_year_body, status=201),
    **reads("questionnaires", lambda place: reporting.make_questionnaire(), is_shared=True),
    "questionnaires_json_schema": Specimen(row=lambda place: reporting.make_questionnaire(), is_shared=True),
    **reads("extensions", extension),
    "extensions_create": Specimen(body=_extension_body, refs=("company", "reporting_year"), status=201),
    "extensions_revoke": Specimen(row=extension),
    **reads("reports", report()),
    "reports_create": Specimen(body=_report_body, refs=("company",), status=201),
    "reports_section": Specimen(row=report(), path=SECTION),
    "reports_answer": Specimen(row=report(), body=sent(answers={"staff_total": 120}), path=SECTION),
    "reports_check": Specimen(row=report()),
    "reports_preview": Specimen(row=report()),
    "reports_moves": Specimen(row=report()),
    "reports_submit": Specimen(row=lambda place: reporting.make_complete_report(membership=member(place))),
    "reports_hand_back": Specimen(row=report("submitted"), body=sent(comments={"staff_trained": "With seasonal?"})),
    "reports_accept": Specimen(row=report("submitted")),
    "reports_publish": Specimen(row=report("accepted")),
    "figures_list": Specimen(),
    "figures_read": Specimen(
        path={"code": "code-members"}, query=lambda place, row: {"from": "2026-01-01", "to": "2026-11-01"}
    ),
}
