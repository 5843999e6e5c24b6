"""From facts and a day to a standing, with the reasons. Pure functions; source: domain rules B1 to B3.

A standing is never stored. `figures.with_standing` says the same in SQL; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from django.db.models import TextChoices


class Standing(TextChoices):
    """How a member stands, the gravest first; `good` when nothing is wanting."""

    REPORT_LAPSED = "report_lapsed", "A report is more than 90 days overdue"
    FEE_OVERDUE = "fee_overdue", "A fee is overdue"
    REPORT_OVERDUE = "report_overdue", "A report is overdue"
    TRAINING_UNPROVEN = "training_unproven", "No roster shows who is trained"
    TRAINING_BELOW_TARGET = "training_below_target", "Fewer staff are trained than the target asks"
    GOOD = "good", "Everything due is done"


_DAY = timedelta(days=1)
GRAVITY = {standing: rank for rank, standing in enumerate(Standing)}


@dataclass(frozen=True, kw_only=True)
class FeeFact:
    """An invoice of the membership; `settled_on` is the day of its last payment or of a waiver, None before."""

    id: UUID | None = None
    number: str
    year: int
    amount_eur: Decimal
    due_on: date
    settled_on: date | None

    def is_settled(self, on: date) -> bool:
        """Whether it was paid or let off by the end of `on`."""
        return self.settled_on is not None and self.settled_on <= on


@dataclass(frozen=True, kw_only=True)
class ReportFact:
    """A year that the member owes a report for. `due_on` and `lapses_on` hold the extensions.

    `handed_in_on` is the first submission, None before. `answer_due_on` is set while the report is returned.
    `is_expected`: of a year that has not opened yet; its days are those that the rule gives.
    """

    report_id: UUID | None = None
    is_expected: bool = False
    year: int
    due_on: date
    lapses_on: date
    handed_in_on: date | None
    answer_due_on: date | None = None

    def is_handed_in(self, on: date) -> bool:
        """Whether it was submitted once by the end of `on`."""
        return self.handed_in_on is not None and self.handed_in_on <= on


@dataclass(frozen=True, kw_only=True)
class TrainingFact:
    """Coverage on the day. `is_rostered`: whether the company names any staff at all.

    `turns_on`: next day on which the answer of this rule is another if nobody does anything; None: never, or not asked.
    """

    is_rostered: bool
    trained: int
    staff: int
    target_share: Decimal
    turns_on: date | None = None


Rows = tuple[tuple[str, UUID], ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wanting: the rule, its facts, since when, what would restore, when it gets worse.

    `rows`: the rows that it was found in, as (resource, id).
    """

    rule: Standing
    facts: dict[str, Any]
    since: date | None
    restored_by: str
    changes_on: date | None = None
    rows: Rows = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule as it was asked, met or not: every fact that it looked at, and when its answer turns by itself."""

    rule: str
    is_met: bool
    facts: tuple[dict[str, Any], ...]
    rows: Rows
    changes_on: date | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The standing on a day, with every finding (gravest first), every rule, and the next day on which it turns."""

    standing: Standing
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    changes_on: date | None = None


def verdict(*, fees: Iterable[FeeFact], reports: Iterable[ReportFact], training: TrainingFact, on: date) -> Verdict:
    """What the facts of a member say on the day `on`."""
    fees, reports = tuple(fees), tuple(reports)
    found = [_fee(fact, on) for fact in fees] + [_report(fact, on) for fact in reports] + [_training(training)]
    findings = sorted(
        (finding for finding in found if finding is not None),
        key=lambda finding: (GRAVITY[finding.rule], finding.since or on),
    )
    checks = (_fee_check(fees, on), _report_check(reports, on), _training_check(training))
    return Verdict(
        standing=findings[0].rule if findings else Standing.GOOD,
        findings=tuple(findings),
        checks=checks,
        changes_on=min((check.changes_on for check in checks if check.changes_on), default=None),
    )


def _fee_check(fees: tuple[FeeFact, ...], on: date) -> Check:
    return Check(
        rule="fee",
        is_met=not any(_fee(fact, on) for fact in fees),
        facts=tuple(
            {
                "invoice": fact.number,
                "year": fact.year,
                "due_on": fact.due_on,
                "settled_on": _known(fact.settled_on, on),
            }
            for fact in fees
        ),
        rows=tuple(("invoices", fact.id) for fact in fees if fact.id),
        changes_on=_next((fact.due_on + _DAY for fact in fees if not fact.is_settled(on)), on),
    )


def _report_check(reports: tuple[ReportFact, ...], on: date) -> Check:
    return Check(
        rule="report",
        is_met=not any(_report(fact, on) for fact in reports),
        facts=tuple(
            {
                "year": fact.year,
                "due_on": fact.due_on,
                "lapses_on": fact.lapses_on,
                "handed_in_on": _known(fact.handed_in_on, on),
                "answer_due_on": fact.answer_due_on,
                "is_expected": fact.is_expected,
            }
            for fact in reports
        ),
        rows=tuple(("reports", fact.report_id) for fact in reports if fact.report_id),
        changes_on=_next((day for fact in reports for day in _turns(fact, on)), on),
    )


def _training_check(training: TrainingFact) -> Check:
    facts = {
        "is_rostered": training.is_rostered,
        "numerator": training.trained,
        "denominator": training.staff,
        "target_share": training.target_share,
    }
    is_met = _training(training) is None
    return Check(rule="training", is_met=is_met, facts=(facts,), rows=(), changes_on=training.turns_on)


def _known(day: date | None, on: date) -> date | None:
    """A day that had come by `on`: what came later was not known then."""
    return day if day is not None and day <= on else None


def _next(days: Iterable[date], on: date) -> date | None:
    return min((day for day in days if day > on), default=None)


def _turns(report: ReportFact, on: date) -> list[date]:
    """Days on which a report that nobody touches changes its rule."""
    if not report.is_handed_in(on):
        return [report.due_on + _DAY, report.lapses_on]
    return [report.answer_due_on + _DAY] if report.answer_due_on else []


def _fee(fee: FeeFact, on: date) -> Finding | None:
    if fee.is_settled(on) or fee.due_on >= on:
        return None
    return Finding(
        rule=Standing.FEE_OVERDUE,
        facts={"invoice": fee.number, "year": fee.year, "due_on": fee.due_on, "amount_eur": fee.amount_eur},
        since=fee.due_on + _DAY,
        restored_by=f"Full payment of invoice {fee.number}, or a waiver for {fee.year}.",
        rows=(("invoices", fee.id),) if fee.id else (),
    )


def _report(report: ReportFact, on: date) -> Finding | None:
    if report.is_handed_in(on):
        return _returned(report, on)
    if report.due_on >= on:
        return None
    has_lapsed = on >= report.lapses_on
    return Finding(
        rule=Standing.REPORT_LAPSED if has_lapsed else Standing.REPORT_OVERDUE,
        facts={"year": report.year, "due_on": report.due_on, "lapses_on": report.lapses_on},
        since=report.lapses_on if has_lapsed else report.due_on + _DAY,
        restored_by=f"Submitting the report for {report.year}.",
        changes_on=None if has_lapsed else report.lapses_on,
        rows=(("reports", report.report_id),) if report.report_id else (),
    )


def _returned(report: ReportFact, on: date) -> Finding | None:
    """On time counts from the first submission; a return opens a term of its own."""
    if report.answer_due_on is None or report.answer_due_on >= on:
        return None
    return Finding(
        rule=Standing.REPORT_OVERDUE,
        facts={"year": report.year, "answer_due_on": report.answer_due_on},
        since=report.answer_due_on + _DAY,
        restored_by=f"Submitting the returned report for {report.year} again.",
        rows=(("reports", report.report_id),) if report.report_id else (),
    )


def _training(training: TrainingFact) -> Finding | None:
    if not training.is_rostered:
        return Finding(
            rule=Standing.TRAINING_UNPROVEN,
            facts={},
            since=None,
            restored_by="A roster of the staff in scope.",
            changes_on=training.turns_on,
        )
    needed = training.target_share * training.staff
    if training.trained >= needed:
        return None
    more = int(needed.to_integral_value(rounding=ROUND_CEILING)) - training.trained
    return Finding(
        rule=Standing.TRAINING_BELOW_TARGET,
        changes_on=training.turns_on,
        facts={
            "numerator": training.trained,
            "denominator": training.staff,
            "target_share": training.target_share,
        },
        since=None,
        restored_by=f"Valid training for {more} more of the staff in scope.",
    )
