"""The kinds of work, how much each weighs, and the order that this makes. Pure functions of plain values."""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices


class WorkKind(TextChoices):
    """What somebody has to do. The sentence is shown beside it."""

    REVIEW_DUE = "review_due", "A suspension without notice waits for its review."
    APPEAL_TO_DECIDE = "appeal_to_decide", "An appeal waits for a decision."
    PROPOSAL_TO_DECIDE = "proposal_to_decide", "A measure is proposed: decide for or against it."
    PLAN_TO_DECIDE = "plan_to_decide", "Application and plan wait for a yes or for changes."
    REPORT_TO_REVIEW = "report_to_review", "A report waits for its reviewer."
    SLICE_TO_REVIEW = "slice_to_review", "The part of a group's report on one country waits for its reader."
    AGREEMENT_TO_SIGN = "agreement_to_sign", "The agreement lacks the signature of the representative."
    CONTACT_GONE = "contact_gone", "Nobody can be written to about the report."
    FOLLOW_UP = "follow_up", "A next step was agreed upon for this day."
    REPORT_LATE = "report_late", "The yearly report is overdue."
    APPROVED_UNPAID = "approved_unpaid", "Approved, and the first fee is not paid."
    AGREEMENT_UNSIGNED = "agreement_unsigned", "The company has not signed the agreement."
    EVIDENCE_TO_VERIFY = "evidence_to_verify", "An action of the plan is done and waits to be verified."
    FEE_OVERDUE = "fee_overdue", "A fee is overdue."
    TRAINING_DROPPING = "training_dropping", "The share of trained staff is under the target, or will be in 30 days."
    CLAIM_TO_DECIDE = "claim_to_decide", "Somebody claims a signature of long ago: find out whom it means."
    CERTIFICATE_DUE = "certificate_due", "The certificate of the year may be issued."
    AWARD_DUE = "award_due", "All six criteria are met and reported on: Top Member of last year."
    PLAN_WANTED = "plan_wanted", "The application waits for the company's plan."


# What binds the register or somebody else comes before what chases: the first asks for a decision, the last for a call.
WEIGHTS: dict[WorkKind, int] = {
    WorkKind.REVIEW_DUE: 95,
    WorkKind.APPEAL_TO_DECIDE: 90,
    WorkKind.PROPOSAL_TO_DECIDE: 80,
    WorkKind.PLAN_TO_DECIDE: 75,
    WorkKind.REPORT_TO_REVIEW: 65,
    WorkKind.SLICE_TO_REVIEW: 65,
    WorkKind.AGREEMENT_TO_SIGN: 60,
    WorkKind.CONTACT_GONE: 60,
    WorkKind.FOLLOW_UP: 55,
    WorkKind.REPORT_LATE: 55,
    WorkKind.APPROVED_UNPAID: 50,
    WorkKind.AGREEMENT_UNSIGNED: 50,
    WorkKind.EVIDENCE_TO_VERIFY: 45,
    WorkKind.FEE_OVERDUE: 45,
    WorkKind.CLAIM_TO_DECIDE: 45,
    WorkKind.TRAINING_DROPPING: 40,
    WorkKind.CERTIFICATE_DUE: 35,
    WorkKind.AWARD_DUE: 35,
    WorkKind.PLAN_WANTED: 30,
}
# Waiting adds a point every three days, for three months; a term that has run out adds ten at once.
DAYS_A_POINT = 3
MOST_FOR_AGE = 30
FOR_OVERDUE = 10


def age_days(since: date | None, on: date) -> int | None:
    """Days that it has waited on `on`; None where no day is known on which it began."""
    return None if since is None else max((on - since).days, 0)


def weight(kind: WorkKind, *, since: date | None, due_on: date | None, on: date) -> int:
    """How much a piece of work presses on `on`, 30 to 135."""
    waited = min((age_days(since, on) or 0) // DAYS_A_POINT, MOST_FOR_AGE)
    return WEIGHTS[kind] + waited + (FOR_OVERDUE if due_on is not None and due_on < on else 0)
