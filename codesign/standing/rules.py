"""From facts and a day to a standing, with the reasons. Pure functions; source: domain rules B1 to B3.

A standing is never stored. `figures.with_standing` says the same in SQL; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

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
    """

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
    """Coverage on the day. `is_rostered`: whether the company names any staff at all."""

    is_rostered: bool
    trained: int
    staff: int
    target_share: Decimal


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wanting: the rule, its facts, since when, what would restore, when it gets worse."""

    rule: Standing
    facts: dict[str, Any]
    since: date | None
    restored_by: str
    changes_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The standing on a day, with every finding (gravest first) and the next day on which it turns by itself."""

    standing: Standing
    findings: tuple[Finding, ...] = ()
    changes_on: date | None = None


def verdict(*, fees: Iterable[FeeFact], reports: Iterable[ReportFact], training: TrainingFact, on: date) -> Verdict:
    """What the facts of a member say on the day `on`."""
    fees, reports = tuple(fees), tuple(reports)
    found = [_fee(fact, on) for fact in fees] + [_report(fact, on) for fact in reports] + [_training(training)]
    findings = sorted(
        (finding for finding in found if finding is not None),
        key=lambda finding: (GRAVITY[finding.rule], finding.since or on),
    )
    turns = [fact.due_on + _DAY for fact in fees if not fact.is_settled(on)]
    turns += [day for fact in reports for day in _turns(fact, on)]
    return Verdict(
        standing=findings[0].rule if findings else Standing.GOOD,
        findings=tuple(findings),
        changes_on=min((day for day in turns if day > on), default=None),
    )


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
    )


def _training(training: TrainingFact) -> Finding | None:
    if not training.is_rostered:
        return Finding(
            rule=Standing.TRAINING_UNPROVEN, facts={}, since=None, restored_by="A roster of the staff in scope."
        )
    needed = training.target_share * training.staff
    if training.trained >= needed:
        return None
    more = int(needed.to_integral_value(rounding=ROUND_CEILING)) - training.trained
    return Finding(
        rule=Standing.TRAINING_BELOW_TARGET,
        facts={
            "numerator": training.trained,
            "denominator": training.staff,
            "target_share": training.target_share,
        },
        since=None,
        restored_by=f"Valid training for {more} more of the staff in scope.",
    )
