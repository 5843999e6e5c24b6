"""Specimens of a group's report: returns of sites, their links, slices, totals and submissions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from codesign.reporting import actions
from codesign.reporting.models import Report, ReportSlice, SiteReturn
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.companies import membership
from tests.contract.specimens.specimen import Row, Specimen, reads, sent
from tests.factories import companies, reporting

SECTION = {"section": "criterion-2"}
WHO = {"actor": SYSTEM, "at": AT}


def group(place: Place) -> Report:
    """A draft by site, of a company with one site that the caller holds."""
    company = membership(place, "active").company
    site = companies.make_site(company=company, country_id=place.country)
    place.hold(company.organisation, site_ids=(site.pk,))
    reporting.make_year(version=2)
    return actions.create(company_id=company.pk, year=2025, by_site=True, **WHO)


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
    "reports_open_returns": Specimen(row=group),
    "reports_provisional": Specimen(row=group),
    "reports_correct": Specimen(row=accepted, body=sent(reason="The count held another company's contracts.")),
    "reports_snapshot": Specimen(row=accepted, path={"number": "1"}),
    "reports_diff": Specimen(row=twice_submitted, query=lambda place, row: {"before": "1", "after": "2"}),
}
