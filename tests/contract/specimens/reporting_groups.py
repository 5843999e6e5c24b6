"""Specimens of a group's report: returns of sites, their links, slices, totals and submissions."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

from codesign.companies.models import CodeMembership
from codesign.reporting import actions
from codesign.reporting.models import Contribution, Report, ReportFile, ReportObligation, ReportSlice, SiteReturn
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.companies import membership
from tests.contract.specimens.reporting import extension
from tests.contract.specimens.specimen import Row, Specimen, reads, sent
from tests.factories import companies, reporting
from tests.factories.documents import make_document
from tests.factories.people import make_contact

SECTION = {"section": "criterion-2"}
WHO = {"actor": SYSTEM, "at": AT}


def group(place: Place) -> Report:
    """A draft by site, of a company with one site that the caller holds."""
    company = membership(place, "active").company
    site = companies.make_site(company=company, country_id=place.country)
    place.hold(company.organisation, site_ids=(site.pk,))
    reporting.make_year(version=2)
    return actions.create(company_id=company.pk, year=2025, by_site=True, **WHO)


def grown(place: Place) -> Report:
    """The same, with a site that has come since."""
    report = group(place)
    companies.make_site(company=report.company, country_id=place.country)
    return report


def site_return(*, submitted: bool = False) -> Row:
    """Makes the return of one site, handed to the group or not."""

    def make(place: Place) -> Any:
        row = SiteReturn.objects.get(report=group(place))
        if submitted:
            actions.submit_return(return_id=row.pk, expected_version=None, **WHO)
        # Handed in: a representative sees what waits for its country.
        return row

    return make


def submitted(place: Place) -> Report:
    """The same report, handed in."""
    report = group(place)
    for section, answers in reporting.GROUP_ANSWERS.items():
        actions.answer_section(report_id=report.pk, section=section, answers=answers, expected_version=None, **WHO)
    row = SiteReturn.objects.get(report=report)
    actions.submit_return(return_id=row.pk, expected_version=None, **WHO)
    return actions.submit(report_id=report.pk, expected_version=None, **WHO)


def report_slice(place: Place) -> Any:
    """The slice of the one country."""
    return ReportSlice.objects.get(report=submitted(place))


def linked(place: Place) -> Any:
    """A return with a link whose id is known."""
    row = site_return()(place)
    now = datetime.now(tz=UTC)
    made = actions.make_link(return_id=row.pk, holder="front office", days=30, now=now, **WHO)
    type(made.link).objects.filter(pk=made.link.pk).update(id=LINK)
    return row


def accepted(place: Place) -> Any:
    """A report that was accepted."""
    row = reporting.make_complete_report(membership=membership(place, "active"))
    row = actions.submit(report_id=row.pk, expected_version=None, **WHO)
    Report.objects.filter(pk=row.pk).update(state="accepted", accepted_at=AT)
    return row


def twice_submitted(place: Place) -> Any:
    """A report with two submissions."""
    row = accepted(place)
    actions.correct(report_id=row.pk, reason="A slip.", expected_version=None, **WHO)
    return actions.submit(report_id=row.pk, expected_version=None, **WHO)


def with_file(place: Place) -> Any:
    """A draft with a file whose id is known."""
    report = group(place)
    ReportFile.objects.create(id=LINK, report=report, document=make_document(), added_at=AT)
    return report


def published(place: Place) -> Any:
    """A published report that shows one answer."""
    row = accepted(place)
    CodeMembership.objects.filter(company=row.company_id).update(member_since=date(2020, 6, 1))
    Report.objects.filter(pk=row.pk).update(published_number=1, published_at=AT, public_codes=["has_policy"])
    return row


def contribution(place: Place) -> Any:
    """What an accepted report adds to one indicator."""
    report = accepted(place)
    return Contribution.objects.create(
        report=report,
        reporting_year=report.reporting_year,
        country_id=place.country,
        category="hotel",
        criterion_number=2,
        indicator_code="staff_total",
        value=12,
        sites_in_scope=1,
        sites_answering=1,
    )


def edition(place: Place) -> Any:
    """The indicators of a year, published."""
    contribution(place)
    return actions.publish_indicators(year=2025, reason="Another one.", **WHO)


def _year_of_an_edition(place: Place, row: Any) -> dict[str, Any]:
    edition(place)
    return {"year": "2025"}


def _publishing(place: Place, row: Any) -> dict[str, Any]:
    contribution(place)
    return {"year": 2025}


def draft(place: Place) -> Any:
    """A version that nobody uses yet."""
    return actions.load_questionnaire(content={**reporting.first_questionnaire(), "version": 7}, **WHO)


def _against(place: Place, row: Any) -> dict[str, Any]:
    return {"against": str(row.pk)}


def owed(place: Place) -> Any:
    """What a company owes."""
    return ReportObligation.objects.get(company=owing(place).company_id)


def _nudged(place: Place, row: Any) -> dict[str, Any]:
    """What a company owes that can be written to."""
    obligation = owed(place)
    make_contact(organisation_id=obligation.company_id, role="reporting_officer")
    return {"obligation": str(obligation.pk)}


def owing(place: Place) -> Any:
    """A member who owes the report of 2025."""
    row = membership(place, "active")
    given = {"due_on": date(2026, 3, 31), "lapses_on": date(2026, 6, 29), "created_at": AT}
    ReportObligation.objects.get_or_create(
        membership=row, company=row.company, reporting_year=reporting.make_year(), defaults=given
    )
    return row


PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"
LINK = "01900000-0000-7000-8000-00000000f00d"

REPORTING_GROUPS: dict[str, Specimen] = {
    **reads("site_returns", site_return()),
    "site_returns_section": Specimen(row=site_return(), path=SECTION),
    "site_returns_answer": Specimen(row=site_return(), body=sent(answers={"staff_total": 12}), path=SECTION),
    "site_returns_submit": Specimen(row=site_return()),
    "site_returns_reopen": Specimen(
        row=site_return(submitted=True), body=sent(comments={"staff_total": "All of them?"})
    ),
    "site_returns_links": Specimen(row=linked),
    "site_returns_make_link": Specimen(row=site_return(), body=sent(holder="front office", days=30), status=201),
    "site_returns_revoke_link": Specimen(row=linked, path={"link": LINK}),
    **reads("report_slices", report_slice),
    "report_slices_content": Specimen(row=report_slice),
    "report_slices_hand_back": Specimen(row=report_slice, body=sent(comments={"staff_total": "With seasonal?"})),
    "report_slices_accept": Specimen(row=report_slice),
    "reports_totals": Specimen(row=group),
    "reports_prefill": Specimen(row=group),
    "reports_open_returns": Specimen(row=grown),
    "reports_provisional": Specimen(row=group),
    "reports_correct": Specimen(row=accepted, body=sent(reason="The count held another company's contracts.")),
    "reports_snapshot": Specimen(row=accepted, path={"number": "1"}),
    "reports_pdf": Specimen(row=group),
    "reports_publicity": Specimen(row=group, body=sent(questions=["has_policy"])),
    "reports_add_file": Specimen(
        row=group, body=sent(name="policy.pdf", content=base64.b64encode(PDF).decode()), status=201
    ),
    "reports_file": Specimen(row=with_file, path={"file": LINK}),
    "reports_redact": Specimen(row=group, body=sent(question="stakeholder_text", reason="names_a_person")),
    "extensions_redact": Specimen(row=extension, body=sent(reason="names_a_person")),
    "questionnaires_create": Specimen(body=lambda place, row: reporting.first_questionnaire(2), status=201),
    "questionnaires_publish": Specimen(row=draft, is_shared=True),
    "questionnaires_preview": Specimen(row=lambda place: reporting.make_questionnaire(), is_shared=True),
    "questionnaires_diff": Specimen(row=lambda place: reporting.make_questionnaire(), query=_against, is_shared=True),
    **reads("published_reports", published, is_shared=True),
    "published_reports_answers": Specimen(row=published, is_shared=True),
    **reads("report_obligations", owed),
    "report_obligations_nudge": Specimen(body=_nudged),
    "report_obligations_export": Specimen(row=owed, query=lambda place, row: {"format": "jsonl"}),
    **reads("indicators", edition, is_shared=True),
    "indicators_table": Specimen(query=_year_of_an_edition),
    "indicators_redact": Specimen(row=edition, body=sent(reason="names_a_person")),
    "indicators_create": Specimen(body=_publishing, status=201),
    "contributions_list": Specimen(row=contribution),
    "reports_diff": Specimen(row=twice_submitted, query=lambda place, row: {"before": "1", "after": "2"}),
}
