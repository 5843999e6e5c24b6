"""Grounds of a measure, and which notices warn of each."""

from __future__ import annotations

from django.db.models import TextChoices

from codesign.notices.models import NoticeKind


class Ground(TextChoices):
    """Why a membership is suspended or terminated."""

    FEE_OVERDUE = "fee_overdue", "The fee was not paid"
    REPORT_OVERDUE = "report_overdue", "The yearly report did not come"
    REPORT_LAPSED = "report_lapsed", "The yearly report did not come for more than 90 days"
    TRAINING = "training", "Training is not shown or below its target"
    PLAN = "plan", "Agreed actions were not done"
    RESIDENTIAL_CARE = "residential_care", "Visits to residential care are on offer"
    CODE_BREACH = "code_breach", "The Code was breached otherwise"
    SAFEGUARDING = "safeguarding", "Safeguarding of children"


_K = NoticeKind

# A reminder before a due day warns of nothing: only what went out after it counts.
WARNS: dict[Ground, tuple[NoticeKind, ...]] = {
    Ground.FEE_OVERDUE: (_K.FEE_OVERDUE, _K.WARNING),
    Ground.REPORT_OVERDUE: (_K.REPORT_OVERDUE, _K.WARNING),
    Ground.REPORT_LAPSED: (_K.REPORT_OVERDUE, _K.WARNING),
    Ground.TRAINING: (_K.TRAINING, _K.WARNING),
    Ground.PLAN: (_K.WARNING,),
    Ground.RESIDENTIAL_CARE: (_K.WARNING,),
    Ground.CODE_BREACH: (_K.WARNING,),
    Ground.SAFEGUARDING: (_K.WARNING,),
}
