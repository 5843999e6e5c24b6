"""What stands against a certificate or an award: one small function per condition. All reasons are told at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership
from codesign.criteria.models import PlanAction, PlanActionState
from codesign.criteria.rules import CRITERIA
from codesign.fees.models import CodeAgreement, Invoice, InvoiceState, Waiver
from codesign.recognition.models import Award, Certificate, RecognitionRule
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report
from codesign.standing.figures import missing_reports
from registry.kernel.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Case:
    """Recognition of a membership for a year, considered on a day."""

    membership: CodeMembership
    year: int
    on: date


def certificate_lacks(case: Case) -> list[Fault]:
    """Everything against a certificate of the year."""
    found = [*_not_member(case), *_fee(case), *_agreement(case), *_lapsed_report(case)]
    if Certificate.objects.standing().filter(membership=case.membership, year=case.year).exists():
        found.append(Fault("/year", "certificate_exists", f"There is a certificate for {case.year}."))
    return found


def award_lacks(case: Case) -> list[Fault]:
    """Everything against the award of Top Member of the year; the pointer names the criterion."""
    found = _not_member(case)
    found += [
        Fault(f"/criteria/{row['number']}", "criterion_not_met", f"Criterion {row['number']} is not met by the plan.")
        for row in criteria_of(case.membership)
        if not row["actions"] or row["verified"] < row["actions"]
    ]
    if published_report(case) is None:
        found.append(Fault("/year", "report_unpublished", f"The report on {case.year} is not published."))
    if Award.objects.standing().filter(membership=case.membership, year=case.year).exists():
        found.append(Fault("/year", "award_exists", f"It was awarded for {case.year}."))
    return found


def criteria_of(membership: CodeMembership) -> list[dict[str, int]]:
    """For each criterion how many actions the plan names, and how many of them are verified. One query."""
    rows = PlanAction.objects.filter(membership=membership).order_by("pk").values_list("criterion_number", "state")
    states: dict[int, list[str]] = {number: [] for number in CRITERIA}
    for number, state in rows:
        states[number].append(state)
    return [
        {"number": number, "actions": len(each), "verified": each.count(PlanActionState.VERIFIED)}
        for number, each in states.items()
    ]


def published_report(case: Case) -> Report | None:
    """The company's published report on the year. One query."""
    reports = Report.objects.filter(company=case.membership.company_id, state=ReportState.PUBLISHED)
    return reports.filter(reporting_year__year=case.year).order_by("pk").first()


def _not_member(case: Case) -> list[Fault]:
    """A member now, and in the year."""
    since = case.membership.member_since
    if case.membership.state != MembershipState.ACTIVE or since is None:
        return [Fault("", "not_a_member", "The company is no member in good standing with the register now.")]
    if not since.year <= case.year <= case.on.year:
        return [Fault("/year", "out_of_range", f"A member since {since} is recognised from {since.year} to today.")]
    return []


def _fee(case: Case) -> list[Fault]:
    """The year's fee paid in full, or let off."""
    paid = Invoice.objects.filter(membership=case.membership, year=case.year, state=InvoiceState.PAID)
    if paid.exists() or Waiver.objects.filter(membership=case.membership, year=case.year).exists():
        return []
    return [Fault("", "fee_unsettled", f"The fee of {case.year} is neither paid nor let off.")]


def _agreement(case: Case) -> list[Fault]:
    if CodeAgreement.objects.filter(membership=case.membership).signed().exists():
        return []
    return [Fault("", "agreement_unsigned", "No agreement has both signatures.")]


def _lapsed_report(case: Case) -> list[Fault]:
    if not RecognitionRule.objects.in_force(case.on).asks_report:
        return []
    if missing_reports(case.on).filter(membership=case.membership, lapses_on__lte=case.on).exists():
        return [Fault("", "report_lapsed", "A yearly report is more than 90 days overdue.")]
    return []
