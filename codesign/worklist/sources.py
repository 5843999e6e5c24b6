"""Where work comes from: one SELECT per kind, all with the same five columns, so that one statement asks for all.

Each reads the definition of its own capability; none is written twice. Columns: kind, subject, company, the day
since which it waits (None: unknown), the day by which it is due (None: none).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import ClaimState, CodeMembership, Company, Decision, SignatoryClaim
from codesign.companies.querysets import THE_CODE
from codesign.criteria.lifecycle import PlanActionState
from codesign.criteria.models import PlanAction
from codesign.fees.models import CodeAgreement, Invoice, Waiver
from codesign.recognition.figures import due_for_award, due_for_certificate
from codesign.reporting.lifecycle import ReportState, SliceState
from codesign.reporting.models import Report, ReportSlice
from codesign.standing.figures import below_target, missing_reports, unsettled_invoices
from codesign.standing.models import Appeal, Endorsement, Proposal, Review, Side
from codesign.training.figures import with_training_share
from codesign.training.models import StatusTile
from codesign.worklist.kinds import WorkKind
from codesign.worklist.models import ContactLogEntry, Snooze
from members.network.models import Mandate
from members.people.models import Contact, ContactRole
from members.scope import Role, Scope

COLUMNS = ("work_kind", "pk", "work_company", "work_since", "work_due_on")
# How far ahead a falling share and an agreed step are told.
AHEAD_DAYS = 30
STEP_AHEAD_DAYS = 7
Rows = Callable[[Scope, date], QuerySet]
_S = MembershipState
# Whose plan is waited for, and whom the lists chase.
PLANLESS = (_S.SUBMITTED, _S.CHANGES_REQUESTED)
CHASED = (_S.ACTIVE, _S.SUSPENDED)


def side_of(scope: Scope) -> Side:
    """Whose list the caller reads: the secretariat's when among their hats."""
    return Side.SECRETARIAT if scope.wears(Role.SECRETARIAT) else Side.REPRESENTATIVE


def _day(name: str | None) -> Any:
    """The column of a day; of an unknown one without a name."""
    return F(name) if name else Cast(Value(None), DateField())


def _work(rows: QuerySet, kind: WorkKind, *, company: str, since: Any = None, due_on: str | None = None) -> QuerySet:
    return rows.order_by().annotate(
        work_kind=Value(kind.value, CharField()),
        work_company=ExpressionWrapper(F(company), UUIDField()),
        work_since=since if hasattr(since, "resolve_expression") else _day(since),
        work_due_on=_day(due_on),
    )


def _memberships(scope: Scope, *states: MembershipState) -> QuerySet:
    return CodeMembership.objects.visible_to(scope).filter(scheme=THE_CODE, state__in=states)


def _on_members(scope: Scope, *states: MembershipState) -> Q:
    """What hangs on memberships in one of the states."""
    return Q(membership__in=_memberships(scope, *states))


def _newest(column: str) -> Subquery:
    newest = Decision.objects.filter(membership=OuterRef("pk")).order_by("-version")
    return Subquery(newest.values(column)[:1])


def with_version(plans: QuerySet) -> QuerySet:
    """Add `newest_version`: that of the newest decision, which a yes answers."""
    return plans.annotate(newest_version=Coalesce(_newest("version"), 0))


def _given(side: Side | None = None) -> QuerySet:
    given = Endorsement.objects.filter(
        membership=OuterRef("pk"), move=Move.APPROVE, after_version=OuterRef("newest_version")
    )
    return given if side is None else given.filter(side=side)


def undecided(plans: QuerySet) -> QuerySet:
    """Of these memberships, the plans that wait for the representative's yes."""
    return with_version(plans).filter(~Exists(_given(Side.REPRESENTATIVE)), state=_S.PLAN_SUBMITTED)


def _plans(scope: Scope, on: date) -> QuerySet:
    """Plans without the caller's own yes; for the secretariat those whose representative has said it, or has none."""
    rows = _memberships(scope, _S.PLAN_SUBMITTED)
    if side_of(scope) == Side.REPRESENTATIVE:
        rows = undecided(rows)
    else:
        given = _given()
        mandates = Mandate.objects.confirmed_on(on).filter(country=OuterRef("company__organisation__country"))
        served = Exists(mandates.exclude(organisation=OuterRef("company_id")))
        mine = given.filter(officer_id__in=[key for key in (scope.user_id or scope.token_id,) if key])
        rows = with_version(rows).filter(~Exists(mine), Exists(given.filter(side=Side.REPRESENTATIVE)) | ~served)
    return _work(rows, WorkKind.PLAN_TO_DECIDE, company="company_id", since=_newest("effective_on"))


def _plans_wanted(scope: Scope, on: date) -> QuerySet:
    rows = _memberships(scope, *PLANLESS)
    return _work(rows, WorkKind.PLAN_WANTED, company="company_id", since=_newest("effective_on"))


def _unpaid(scope: Scope, on: date) -> QuerySet:
    settled = Exists(Invoice.objects.settled().filter(membership=OuterRef("pk")))
    waived = Exists(Waiver.objects.filter(membership=OuterRef("pk")))
    rows = _memberships(scope, _S.APPROVED).filter(~settled, ~waived)
    return _work(rows, WorkKind.APPROVED_UNPAID, company="company_id", since="approved_on")


def _agreements(scope: Scope) -> QuerySet:
    """Sent and not signed by both: the first of who joins, and a later one of who is a member."""
    return CodeAgreement.objects.waiting().filter(_on_members(scope, _S.APPROVED, _S.ACTIVE, _S.SUSPENDED))


def _unsigned(scope: Scope, on: date) -> QuerySet:
    rows = _agreements(scope).filter(company_signed_on=None)
    return _work(rows, WorkKind.AGREEMENT_UNSIGNED, company="membership__company_id", since="sent_on")


def _to_sign(scope: Scope, on: date) -> QuerySet:
    rows = _agreements(scope).filter(representative_signed_on=None)
    return _work(rows, WorkKind.AGREEMENT_TO_SIGN, company="membership__company_id", since="sent_on")


def _evidence(scope: Scope, on: date) -> QuerySet:
    standing = _on_members(scope, _S.APPROVED, _S.ACTIVE, _S.SUSPENDED)
    rows = PlanAction.objects.filter(standing, state=PlanActionState.DONE)
    return _work(rows, WorkKind.EVIDENCE_TO_VERIFY, company="membership__company_id", since="done_on")


def _late_reports(scope: Scope, on: date) -> QuerySet:
    rows = missing_reports(on).filter(_on_members(scope, *CHASED))
    return _work(rows, WorkKind.REPORT_LATE, company="company_id", since="due_on", due_on="due_on")


def to_review(reports: QuerySet) -> QuerySet:
    """Reports handed in that are read as a whole."""
    return reports.filter(~Exists(ReportSlice.objects.filter(report=OuterRef("pk"))), state=ReportState.SUBMITTED)


def _reports(scope: Scope, on: date) -> QuerySet:
    rows = to_review(Report.objects.visible_to(scope))
    since = Cast(F("submitted_at"), DateField())
    return _work(rows, WorkKind.REPORT_TO_REVIEW, company="company_id", since=since, due_on="review_due_on")


def _slices(scope: Scope, on: date) -> QuerySet:
    rows = ReportSlice.objects.filter(state=SliceState.SUBMITTED)
    if side_of(scope) == Side.REPRESENTATIVE:
        led = Report.objects.visible_to(scope)
        rows = rows.filter(Q(country__in=scope.countries, passed_at=None) | Q(passed_at__isnull=False, report__in=led))
    else:
        rows = rows.filter(~Exists(Mandate.objects.confirmed_on(on).filter(country=OuterRef("country"))))
    since = Cast(F("submitted_at"), DateField())
    return _work(rows, WorkKind.SLICE_TO_REVIEW, company="report__company_id", since=since, due_on="passes_on")


def _fees(scope: Scope, on: date) -> QuerySet:
    rows = unsettled_invoices(on).filter(_on_members(scope, *CHASED))
    return _work(rows, WorkKind.FEE_OVERDUE, company="membership__company_id", since="due_on", due_on="due_on")


def _contacts(scope: Scope, on: date) -> QuerySet:
    live = Contact.objects.live(on).filter(role=ContactRole.REPORTING_OFFICER, organisation=OuterRef("company_id"))
    rows = _memberships(scope, _S.APPROVED, _S.ACTIVE, _S.SUSPENDED).filter(~Exists(live))
    return _work(rows, WorkKind.CONTACT_GONE, company="company_id")


def _training(scope: Scope, on: date) -> QuerySet:
    """Members with a roster whose share misses the target in 30 days, or does so now."""
    then = on + timedelta(days=AHEAD_DAYS)
    rows: QuerySet = Company.objects.filter(pk__in=_memberships(scope, _S.ACTIVE, _S.SUSPENDED).values("company"))
    rows = rows.filter(Exists(StatusTile.objects.on(on).filter(company=OuterRef("pk"))))
    rows = with_training_share(rows, on=then).filter(below_target(then))
    return _work(rows, WorkKind.TRAINING_DROPPING, company="organisation_id")


def _steps(scope: Scope, on: date) -> QuerySet:
    rows = ContactLogEntry.objects.visible_to(scope).open_steps(on + timedelta(days=STEP_AHEAD_DAYS))
    return _work(rows, WorkKind.FOLLOW_UP, company="company_id", since="happened_on", due_on="next_step_due_on")


def _proposals(scope: Scope, on: date) -> QuerySet:
    rows = Proposal.objects.visible_to(scope).open()
    since = Cast(F("proposed_at"), DateField())
    return _work(rows, WorkKind.PROPOSAL_TO_DECIDE, company="membership__company_id", since=since)


def _appeals(scope: Scope, on: date) -> QuerySet:
    rows = Appeal.objects.visible_to(scope).open()
    return _work(rows, WorkKind.APPEAL_TO_DECIDE, company="membership__company_id", since="lodged_on")


def _reviews(scope: Scope, on: date) -> QuerySet:
    rows = Review.objects.visible_to(scope).open()
    since = Cast(F("created_at"), DateField())
    return _work(rows, WorkKind.REVIEW_DUE, company="membership__company_id", since=since, due_on="due_on")


def _certificates(scope: Scope, on: date) -> QuerySet:
    rows = due_for_certificate(year=on.year, on=on).filter(pk__in=_memberships(scope, _S.ACTIVE).values("pk"))
    return _work(rows, WorkKind.CERTIFICATE_DUE, company="company_id")


def _awards(scope: Scope, on: date) -> QuerySet:
    rows = due_for_award(year=on.year - 1).filter(pk__in=_memberships(scope, _S.ACTIVE).values("pk"))
    return _work(rows, WorkKind.AWARD_DUE, company="company_id")


def _claims(scope: Scope, on: date) -> QuerySet:
    """Of the countries of the mandate, or all: a claim is of no company before it is accepted."""
    rows: QuerySet = SignatoryClaim.objects.filter(state=ClaimState.OPEN)
    if side_of(scope) == Side.REPRESENTATIVE:
        rows = rows.filter(country__in=scope.countries)
    since = Cast(F("created_at"), DateField())
    return _work(rows, WorkKind.CLAIM_TO_DECIDE, company="membership__company_id", since=since)


SOURCES: dict[WorkKind, Rows] = {
    WorkKind.PLAN_TO_DECIDE: _plans,
    WorkKind.PLAN_WANTED: _plans_wanted,
    WorkKind.APPROVED_UNPAID: _unpaid,
    WorkKind.AGREEMENT_UNSIGNED: _unsigned,
    WorkKind.AGREEMENT_TO_SIGN: _to_sign,
    WorkKind.EVIDENCE_TO_VERIFY: _evidence,
    WorkKind.REPORT_LATE: _late_reports,
    WorkKind.REPORT_TO_REVIEW: _reports,
    WorkKind.SLICE_TO_REVIEW: _slices,
    WorkKind.FEE_OVERDUE: _fees,
    WorkKind.CONTACT_GONE: _contacts,
    WorkKind.TRAINING_DROPPING: _training,
    WorkKind.FOLLOW_UP: _steps,
    WorkKind.CERTIFICATE_DUE: _certificates,
    WorkKind.CLAIM_TO_DECIDE: _claims,
    WorkKind.AWARD_DUE: _awards,
    WorkKind.PROPOSAL_TO_DECIDE: _proposals,
    WorkKind.APPEAL_TO_DECIDE: _appeals,
    WorkKind.REVIEW_DUE: _reviews,
}
# The secretariat alone decides these.
OF_SECRETARIAT = frozenset(
    {WorkKind.PROPOSAL_TO_DECIDE, WorkKind.APPEAL_TO_DECIDE, WorkKind.REVIEW_DUE, WorkKind.AWARD_DUE}
)
# Waits for the secretariat whoever represents the country.
WHEREVER = OF_SECRETARIAT | {WorkKind.PLAN_TO_DECIDE, WorkKind.SLICE_TO_REVIEW}


def rows_of(kind: WorkKind, scope: Scope, *, on: date, everywhere: bool = False, asleep: bool = False) -> QuerySet:
    """The work of one kind for the caller's side: awake, or only what was put off.

    The secretariat's is that of countries without a representative and what waits for the secretariat itself;
    `everywhere` adds the countries that a representative serves.
    """
    side = side_of(scope)
    rows = SOURCES[kind](scope, on)
    if side == Side.SECRETARIAT and not everywhere and kind not in WHEREVER:
        served = Mandate.objects.confirmed_on(on).values("country")
        rows = rows.exclude(in_countries(kind, served))
    return rows.filter(put_off(kind, side=side, on=on) if asleep else ~put_off(kind, side=side, on=on))


def put_off(kind: WorkKind, *, side: Side, on: date, subject: str = "pk") -> Exists:
    """Whether one side does not want to see the outer row, work of this kind, before a day after `on`."""
    return Exists(Snooze.objects.asleep_on(on).filter(side=side, kind=kind, subject_id=OuterRef(subject)))


def in_countries(kind: WorkKind, countries: Any) -> Q:
    """Whether work of a kind is of companies of these countries; a claim says its own."""
    if kind == WorkKind.CLAIM_TO_DECIDE:
        return Q(country__in=countries)
    return Q(work_company__in=Company.objects.filter(organisation__country__in=countries).values("pk"))


def kinds_of(scope: Scope) -> list[WorkKind]:
    """The kinds on the caller's list."""
    is_representative = side_of(scope) == Side.REPRESENTATIVE
    return [kind for kind in SOURCES if not (is_representative and kind in OF_SECRETARIAT)]
