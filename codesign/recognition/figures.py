"""Figures about recognition: what a certificate says on a day, who may get one, what the public sees of awards."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from codesign.companies.models import CodeMembership
from codesign.companies.querysets import CodeMembershipQuerySet
from codesign.companies.register import PublicStatus, with_public_status
from codesign.criteria.models import PlanAction, PlanActionState
from codesign.criteria.rules import CRITERIA
from codesign.fees.models import CodeAgreement, Invoice, InvoiceState, Waiver
from codesign.recognition.models import Award, AwardKind, Certificate, RecognitionRule
from codesign.recognition.querysets import CertificateQuerySet
from codesign.recognition.rules import CertificateStatus
from codesign.reporting.lifecycle import ReportState
from codesign.reporting.models import Report
from codesign.standing.figures import missing_reports
from registry.kernel.sql import exists_of, latest_of


def with_status(certificates: CertificateQuerySet, *, on: date) -> CertificateQuerySet:
    """Add `status` on a day, as `rules.status_on` says it. One subquery."""
    good = with_public_status(CodeMembership.objects.all(), on=on).filter(public_status=PublicStatus.MEMBER)
    return certificates.annotate(
        status=Case(
            When(withdrawn_on__lte=on, then=Value(CertificateStatus.WITHDRAWN.value)),
            When(Q(valid_until__lt=on) | ~Q(exists_of(good, by="pk", of="membership_id")), then=_lapsed()),
            default=Value(CertificateStatus.VALID.value),
            output_field=CharField(),
        )
    )


def status_of(number: str, *, on: date) -> CertificateStatus | None:
    """What the certificate of a number says on a day; None when there is none. One query."""
    rows = with_status(Certificate.objects.filter(number=number, issued_on__lte=on), on=on)
    found = rows.values_list("status", flat=True).first()
    return None if found is None else CertificateStatus(found)


def due_for_certificate(*, year: int, on: date) -> CodeMembershipQuerySet:
    """Active members that may get the certificate of a year and have none: what `guards` says, for all at once."""
    lapsed = exists_of(missing_reports(on).filter(lapses_on__lte=on), by="membership")
    rule = RecognitionRule.objects.newest_on(on).values("asks_report")[:1]
    asks_report = Coalesce(Subquery(rule), Value(RecognitionRule().asks_report))
    rows: CodeMembershipQuerySet = CodeMembership.objects.filter(
        exists_of(Invoice.objects.filter(year=year, state=InvoiceState.PAID), by="membership")
        | exists_of(Waiver.objects.filter(year=year), by="membership"),
        exists_of(CodeAgreement.objects.signed(), by="membership"),
        ~exists_of(Certificate.objects.standing().filter(year=year), by="membership"),
        ~lapsed | Q(Exact(asks_report, Value(False))),
        state="active",
        member_since__year__lte=year,
    )
    return rows


def due_for_award(*, year: int) -> CodeMembershipQuerySet:
    """Active members that may be Top Member of a year and are not: what `guards` says, for all at once."""
    actions = PlanAction.objects.filter(membership=OuterRef("pk")).order_by()
    planned = actions.values("membership").annotate(n=Count("criterion_number", distinct=True)).values("n")
    published = Report.objects.filter(state=ReportState.PUBLISHED, reporting_year__year=year)
    rows: CodeMembershipQuerySet = CodeMembership.objects.filter(
        exists_of(published, by="company", of="company_id"),
        ~exists_of(Award.objects.standing().filter(year=year), by="membership"),
        ~Exists(actions.exclude(state=PlanActionState.VERIFIED)),
        state="active",
        member_since__year__lte=year,
    )
    return rows.alias(criteria_planned=Subquery(planned)).filter(criteria_planned=len(CRITERIA))


def with_awards(memberships: CodeMembershipQuerySet, *, on: date) -> CodeMembershipQuerySet:
    """Add `top_member_year`, the newest year for which a member is Top Member on `on`; None for none. One subquery."""
    awards = Award.objects.public_on(on).filter(kind=AwardKind.TOP_MEMBER)
    return memberships.annotate(top_member_year=latest_of(awards, "year", by="membership", order=("-year",)))


def awarded(memberships: QuerySet, *, years: list[int], on: date) -> QuerySet:
    """Those of `memberships` that are Top Member of any of `years` on `on`."""
    return memberships.filter(exists_of(Award.objects.public_on(on).filter(year__in=years), by="membership"))


def _lapsed() -> Value:
    return Value(CertificateStatus.LAPSED.value)
