"""What each kind of rule looks at: its subjects, and the conditions under which a reminder applies.

The conditions are written once, by name: the planner filters by all of them, the sender re-checks
them, the explainer shows each with its value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate

from codesign.companies.models import MembershipState
from codesign.notices.models import NoticeKind
from codesign.reminders.models import ReminderKind
from codesign.reporting.models import ReportObligation

COLUMNS = ("subject_id", "anchor_on", "organisation_id", "membership_id", "representative_id", "zone")
Conditions = Callable[[datetime], dict[str, Q]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of subject. `columns` maps the planner's columns to paths; `conditions(at)` names what must hold."""

    subject_type: str
    rows: QuerySet
    columns: dict[str, str]
    conditions: Conditions
    notice_before: NoticeKind
    notice_after: NoticeKind

    def subjects(self, *, at: datetime, narrow: Q | None = None) -> QuerySet:
        """Values of the planner's columns for every subject (of `narrow`) to which the rule applies at `at`."""
        applicable = self.rows.filter(narrow or Q(), *self.conditions(at).values())
        return applicable.values_list(*(F(self.columns[name]) for name in COLUMNS))

    def verdicts(self, subject_id: UUID, *, at: datetime) -> dict[str, bool]:
        """Each condition with its value for one subject, in order; empty when there is no such subject. One query."""
        wrapped = {
            code: ExpressionWrapper(condition, output_field=BooleanField())
            for code, condition in self.conditions(at).items()
        }
        return self.rows.filter(pk=subject_id).values(**wrapped).first() or {}

    def notice_kind(self, step: int) -> NoticeKind:
        """What a notice of this step says: something falls due, or is overdue."""
        return self.notice_before if step <= 0 else self.notice_after


def _report_conditions(at: datetime) -> dict[str, Q]:
    # A release date cuts twice: nothing before it comes, and nothing anchored before it is ever mailed.
    released = Q(membership__reminders_muted_until=None) | Q(
        membership__reminders_muted_until__lte=at, due_on__gt=TruncDate("membership__reminders_muted_until")
    )
    return {
        "owed": Q(fulfilled_at=None, fulfilled_on=None),  # set together; the day has the index
        "active_member": Q(membership__state=MembershipState.ACTIVE),
        "released": released,
    }


SOURCES: dict[str, Source] = {
    ReminderKind.REPORT_DUE: Source(
        subject_type="report_obligation",
        rows=ReportObligation.objects.order_by(),
        columns={
            "subject_id": "pk",
            "anchor_on": "due_on",
            "organisation_id": "company_id",
            "membership_id": "membership_id",
            "representative_id": "membership__representative_id",
            "zone": "company__organisation__zone",
        },
        conditions=_report_conditions,
        notice_before=NoticeKind.REPORT_DUE,
        notice_after=NoticeKind.REPORT_OVERDUE,
    )
}
