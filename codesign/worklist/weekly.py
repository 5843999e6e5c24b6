"""What one representative's list shows of the kinds that the weekly mail counts, for many of them at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from codesign.companies.models import CodeMembership
from codesign.companies.querysets import THE_CODE
from codesign.reporting.models import Report
from codesign.standing.figures import missing_reports, unsettled_invoices
from codesign.standing.models import Side
from codesign.worklist.kinds import WorkKind
from codesign.worklist.models import Snooze
from codesign.worklist.sources import CHASED, PLANLESS, put_off, to_review, undecided

_SIDE = Side.REPRESENTATIVE


def _rows(representative: Any, on: date) -> dict[WorkKind, QuerySet]:
    accompanied = CodeMembership.objects.filter(scheme=THE_CODE, representative=representative)
    chased = {"membership__representative": representative, "membership__state__in": CHASED}
    return {
        WorkKind.PLAN_TO_DECIDE: undecided(accompanied),
        WorkKind.PLAN_WANTED: accompanied.filter(state__in=PLANLESS),
        WorkKind.REPORT_TO_REVIEW: to_review(Report.objects.filter(membership__representative=representative)),
        WorkKind.REPORT_LATE: missing_reports(on).filter(**chased),
        WorkKind.FEE_OVERDUE: unsettled_invoices(on).filter(**chased),
    }


def work_of(representative: Any, *, on: date) -> dict[WorkKind, QuerySet]:
    """Work of each kind at a representative that is not put off on `on`.

    `representative`: an id, or the OuterRef of one.
    """
    return {kind: rows.filter(~put_off(kind, side=_SIDE, on=on)) for kind, rows in _rows(representative, on).items()}


def snoozes_of(representative: Any, *, on: date) -> QuerySet[Snooze]:
    """What that representative put off of the same work on `on`, what comes back first in front."""
    asked = Q()
    for kind, rows in _rows(representative, on).items():
        asked |= Q(Exists(rows.filter(pk=OuterRef("subject_id"))), kind=kind)
    return Snooze.objects.asleep_on(on).filter(asked, side=_SIDE).order_by("until", "pk")
