"""From facts and a day to a standing, with the reasons. Pure functions; source: domain rules B1 to B3.

A standing is never stored. `figures.with_standing` says the same in SQL; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
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


GRAVITY = {standing: rank for rank, standing in enumerate(Standing)}


@dataclass(frozen=True, kw_only=True)
class FeeFact:
    """An invoice that was out on the day; `settled` by payments in full or by a waiver of its year."""

    number: str
    year: int
    due_on: date
    amount_eur: Decimal
    paid_eur: Decimal
    is_waived: bool


@dataclass(frozen=True, kw_only=True)
class ReportFact:
    """A reporting year that the member owes; `due_on` and `lapses_on` with its extensions.

    `handed_in_on` is the first submission, None before it.
    """

    year: int
    due_on: date
    lapse_days: int
    handed_in_on: date | None


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
    facts: dict[str, Any] = field(default_factory=dict)


def verdict(*, fees: Iterable[FeeFact], reports: Iterable[ReportFact], training: TrainingFact, on: date) -> Verdict:
    """What the facts of a member say on the day `on`."""
    fees, reports = tuple(fees), tuple(reports)
    findings = [found for fact in fees if (found := _fee(fact, on)) is not None]
    findings += [found for fact in reports if (found := _report(fact, on)) is not None]
    if (found := _training(training)) is not None:
        findings.append(found)
    findings.sort(key=lambda finding: (GRAVITY[finding.rule], finding.since or on))
    turns = [fact.due_on + timedelta(days=1) for fact in fees if not _is_settled(fact)]
    turns += [day for fact in reports if not _is_handed_in(fact, on) for day in _turns_of(fact)]
    return Verdict(
        standing=findings[0].rule if findings else Standing.GOOD,
        findings=tuple(findings),
        changes_on=min((day for day in turns if day > on), default=None),
    )


def _is_settled(fee: FeeFact) -> bool:
    return fee.is_waived or fee.paid_eur >= fee.amount_eur


def _is_handed_in(report: ReportFact, on: date) -> bool:
    return report.handed_in_on is not None and report.handed_in_on <= on


def _turns_of(report: ReportFact) -> tuple[date, date]:
    """The first day on which an open report is overdue, and the first on which it has lapsed."""
    return report.due_on + timedelta(days=1), report.due_on + timedelta(days=report.lapse_days)


def _fee(fee: FeeFact, on: date) -> Finding | None:
    if _is_settled(fee) or fee.due_on >= on:
        return None
    return Finding(
        rule=Standing.FEE_OVERDUE,
        facts={
            "invoice": fee.number,
            "year": fee.year,
            "due_on": fee.due_on,
            "amount_eur": fee.amount_eur,
            "paid_eur": fee.paid_eur,
        },
        since=fee.due_on + timedelta(days=1),
        restored_by=f"A payment of {fee.amount_eur - fee.paid_eur} EUR on invoice {fee.number}, or a waiver.",
    )


def _report(report: ReportFact, on: date) -> Finding | None:
    if _is_handed_in(report, on) or report.due_on >= on:
        return None
    overdue_on, lapses_on = _turns_of(report)
    has_lapsed = on >= lapses_on
    return Finding(
        rule=Standing.REPORT_LAPSED if has_lapsed else Standing.REPORT_OVERDUE,
        facts={"year": report.year, "due_on": report.due_on},
        since=lapses_on if has_lapsed else overdue_on,
        restored_by=f"Submitting the report for {report.year}.",
        changes_on=None if has_lapsed else lapses_on,
    )


def _training(training: TrainingFact) -> Finding | None:
    if not training.is_rostered:
        return Finding(
            rule=Standing.TRAINING_UNPROVEN,
            facts={},
            since=None,
            restored_by="A roster of the staff in scope.",
        )
    share_is_reached = training.trained >= training.target_share * training.staff
    if share_is_reached:
        return None
    return Finding(
        rule=Standing.TRAINING_BELOW_TARGET,
        facts={
            "numerator": training.trained,
            "denominator": training.staff,
            "target_share": training.target_share,
        },
        since=None,
        restored_by=f"Valid training for {_missing(training)} more of the staff in scope.",
    )


def _missing(training: TrainingFact) -> int:
    """How many more trained people reach the target."""
    needed = training.target_share * training.staff
    return int(needed.to_integral_value(rounding="ROUND_CEILING")) - training.trained
