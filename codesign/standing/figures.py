"""Standing as columns of companies: the rules of `rules.verdict` in SQL, over the rows as they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import LessThan

from codesign.companies.models import CodeMembership
from codesign.companies.querysets import CompanyQuerySet, MembershipQuerySet
from codesign.fees.models import Invoice, Waiver
from codesign.reporting.models import ReportMove, ReportObligation
from codesign.standing.rules import Standing
from codesign.training.figures import DEFAULT_TARGET, misses_target, target_on, with_training_share
from codesign.training.models import StatusTile
from registry.kernel.sql import exists_of, points_at


def members_on(on: date) -> MembershipQuerySet:
    """Memberships that were in force on `on`, suspended ones too: the last day of one that ended is outside."""
    return CodeMembership.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), member_since__lte=on)


def _of_member(on: date) -> Exists:
    return points_at(members_on(on), "membership")


def unsettled_invoices(on: date) -> QuerySet[Invoice]:
    """Invoices overdue on `on`, of memberships in force then; a waiver of the year settles."""
    waived = Waiver.objects.filter(membership=OuterRef("membership"), year=OuterRef("year"), granted_on__lte=on)
    return Invoice.objects.overdue_on(on).filter(_of_member(on), ~Exists(waived), issued_on__lte=on)


def missing_reports(on: date) -> QuerySet[ReportObligation]:
    """Reports owed on `on` and not handed in, the due day over."""
    owed = ReportObligation.objects.owed(on).unsubmitted(on)
    return owed.filter(_of_member(on), due_on__lt=on)


def unanswered_returns(on: date) -> QuerySet[ReportObligation]:
    """Reports owed that were handed in, returned, and by `on` not handed in again within the term.

    What came of it later counts for later days alone: the newest move by `on` says what the report was then.
    """
    of_owed = {"report__company": OuterRef("company"), "report__reporting_year": OuterRef("reporting_year")}
    newest = ReportMove.objects.filter(**of_owed, moved_on__lte=on).order_by("-version")
    owed = ReportObligation.objects.owed(on).filter(_of_member(on), fulfilled_on__lte=on)
    return owed.alias(answer_due_on=Subquery(newest.values("answer_due_on")[:1])).filter(answer_due_on__lt=on)


def target_share(on: date) -> Decimal:
    """The share of trained staff that the rules ask for on `on`. One query."""
    target = target_on(on)
    return target.share if target else DEFAULT_TARGET


def below_target(on: date) -> LessThan:
    """Whether fewer are trained than the rules of `on` ask for: a condition after `with_training_share`."""
    return misses_target(F("training_valid"), F("training_denominator"), on=on)


def with_standing(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `standing` on `on`, the gravest finding; None for a company that was no member that day.

    One subquery for each rule, and one for the target. Source: domain rules B1.
    """
    return with_training_share(companies, on=on).annotate(
        standing=Case(
            When(~exists_of(members_on(on), by="company"), then=None),
            When(
                exists_of(missing_reports(on).filter(lapses_on__lte=on), by="company"), then=_is(Standing.REPORT_LAPSED)
            ),
            When(exists_of(unsettled_invoices(on), by="membership__company"), then=_is(Standing.FEE_OVERDUE)),
            When(
                exists_of(missing_reports(on), by="company") | exists_of(unanswered_returns(on), by="company"),
                then=_is(Standing.REPORT_OVERDUE),
            ),
            When(~exists_of(StatusTile.objects.on(on), by="company"), then=_is(Standing.TRAINING_UNPROVEN)),
            When(below_target(on), then=_is(Standing.TRAINING_BELOW_TARGET)),
            default=_is(Standing.GOOD),
            output_field=CharField(null=True),
        )
    )


def _is(standing: Standing) -> Value:
    return Value(standing.value)
