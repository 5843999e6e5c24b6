"""Issue and withdraw certificates and awards: each a decision by a person who does not belong to the member."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change, legal_day
from codesign.companies.actions.memberships import organisation_of
from codesign.companies.models import CodeMembership, Site
from codesign.recognition.figures import due_for_certificate
from codesign.recognition.guards import Case, award_lacks, certificate_lacks, criteria_of, published_report
from codesign.recognition.models import (
    Award,
    AwardKind,
    Certificate,
    RecognitionDecision,
    RecognitionMove,
    RecognitionRule,
)
from codesign.recognition.rules import new_number, valid_until
from codesign.standing.belonging import belongs
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, Invalid, NotFound, Refused, Stale

SITES_NAMED = 40
AT_ONCE = 200


class NotDue(Refused):
    """Something that recognition rests on is missing; the faults name everything."""

    default_code = "not_due"


@transaction.atomic
def issue_certificate(*, membership_id: UUID, year: int | None = None, actor: Actor, at: datetime) -> Certificate:
    """Issue the certificate of a year, this one when none is named. Raises NotFound, Forbidden, NotDue."""
    case = _opened(membership_id, year, actor=actor, at=at)
    _refuse(certificate_lacks(case))
    return _issue(case, actor=actor, at=at)


@transaction.atomic
def issue_due(*, year: int | None = None, actor: Scope, at: datetime) -> list[Certificate]:
    """Issue every certificate that is due in the caller's countries; at most 200, call again for the rest.

    The caller's own organisations are left for somebody else.
    """
    on = legal_day(at, "")
    asked = year or on.year
    due = due_for_certificate(year=asked, on=on).filter(pk__in=CodeMembership.objects.visible_to(actor).values("pk"))
    keys = list(due.order_by("number", "pk").values_list("pk", flat=True)[:AT_ONCE])
    issued = []
    for key in keys:  # each is a decision of its own
        case = _case(key, asked, actor=actor, at=at)
        if not belongs(actor, case.membership.company_id, on=case.on) and not certificate_lacks(case):
            issued.append(_issue(case, actor=actor, at=at))
    return issued


@transaction.atomic
def withdraw_certificate(
    *,
    certificate_id: UUID,
    reason_code: str,
    text: str = "",
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Certificate:
    """Withdraw a certificate from today on; another may be issued for the year. Raises Forbidden, Stale, Refused."""
    certificate = (
        Certificate.objects.locked().select_related("membership__company__organisation").get(pk=certificate_id)
    )
    _withdraw(certificate, "certificates", expected_version, actor=actor, at=at)
    _decide(certificate, RecognitionMove.WITHDRAW, actor=actor, at=at, reason_code=reason_code, text=text)
    return certificate


@transaction.atomic
def give_award(*, membership_id: UUID, year: int, actor: Actor, at: datetime) -> Award:
    """Make a member Top Member of a year: all six criteria met, and its report published.

    Raises NotFound, Forbidden, NotDue with a fault for each criterion that is not met.
    """
    case = _opened(membership_id, year, actor=actor, at=at)
    _refuse(award_lacks(case))
    report = published_report(case)
    assert report is not None
    award = Award.objects.create(
        membership=case.membership,
        kind=AwardKind.TOP_MEMBER,
        year=year,
        criteria=criteria_of(case.membership),
        report_id=report.pk,
        given_on=case.on,
        created_at=at,
    )
    record("awards.create", award, actor=actor, at=at, changes={"year": [None, year]})
    _decide(award, RecognitionMove.ISSUE, actor=actor, at=at, facts={"report": str(report.pk)})
    return award


@transaction.atomic
def withdraw_award(
    *,
    award_id: UUID,
    reason_code: str,
    text: str = "",
    was_in_error: bool = False,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Award:
    """Withdraw an award from today on; `was_in_error`: for all days, as if it had never been given."""
    award = Award.objects.locked().select_related("membership__company__organisation").get(pk=award_id)
    _withdraw(award, "awards", expected_version, actor=actor, at=at, was_in_error=was_in_error)
    _decide(award, RecognitionMove.WITHDRAW, actor=actor, at=at, reason_code=reason_code, text=text)
    return award


@transaction.atomic
def publish_rule(
    *,
    effective_from: date,
    months_after: int,
    asks_report: bool,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> RecognitionRule:
    """What recognition asks for from a day on; certificates that are out stay as they are.

    Raises Invalid: `in_the_past`, `out_of_order`.
    """
    if effective_from < at.date():
        raise Invalid.at("/effective_from", "in_the_past", "A rule changes from today on at the earliest.")
    newest = RecognitionRule.objects.select_for_update().order_by("-effective_from").first()
    if newest is not None and effective_from <= newest.effective_from:
        sentence = f"The newest rule holds from {newest.effective_from}."
        raise Invalid.at("/effective_from", "out_of_order", sentence)
    row = RecognitionRule.objects.create(
        effective_from=effective_from, months_after=months_after, asks_report=asks_report, source=source
    )
    changes: dict[str, list[Any]] = {"months_after": [None, months_after], "asks_report": [None, asks_report]}
    record("recognition-rules.create", row, actor=actor, at=at, changes=changes)
    return row


def _opened(membership_id: UUID, year: int | None, *, actor: Actor, at: datetime) -> Case:
    """The case, its membership locked so that of two decisions at once one is second. Raises NotFound, Forbidden."""
    case = _case(membership_id, year, actor=actor, at=at)
    _refuse_own(case.membership, actor, at)
    return case


def _case(membership_id: UUID, year: int | None, *, actor: Actor, at: datetime) -> Case:
    rows = CodeMembership.objects.locked().select_related("company__organisation")
    if isinstance(actor, Scope):
        rows = rows.filter(pk__in=CodeMembership.objects.visible_to(actor).values("pk"))
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound("There is no such membership.")
    on = legal_day(at, membership.company.organisation.zone)
    return Case(membership=membership, year=year or on.year, on=on)


def _refuse_own(membership: CodeMembership, actor: Actor, at: datetime) -> None:
    if belongs(actor, membership.company_id, on=legal_day(at, membership.company.organisation.zone)):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")


def _refuse(lacks: list[Fault]) -> None:
    if lacks:
        raise NotDue(" ".join(lack.message for lack in lacks), faults=tuple(lacks))


def _issue(case: Case, *, actor: Actor, at: datetime) -> Certificate:
    months = RecognitionRule.objects.in_force(case.on).months_after
    certificate = Certificate.objects.create(
        number=new_number(),
        membership=case.membership,
        year=case.year,
        scope=_scope(case),
        issued_on=case.on,
        valid_until=valid_until(case.year, months_after=months),
        created_at=at,
    )
    record("certificates.create", certificate, actor=actor, at=at, changes={"year": [None, case.year]})
    _decide(certificate, RecognitionMove.ISSUE, actor=actor, at=at)
    return certificate


def _scope(case: Case) -> dict[str, Any]:
    """Whom and what the certificate covers on the day of its issue."""
    membership = case.membership
    company = membership.company
    sites = Site.objects.filter(company=company).open_on(case.on).order_by("search_key", "pk")
    names = list(sites.values_list("name", flat=True)[: SITES_NAMED + 1])
    return {
        "name": company.organisation.name,
        "country": company.organisation.country_id,
        "category": company.category,
        "member_number": membership.number,
        "member_since": str(membership.member_since),
        "site_count": sites.count() if len(names) > SITES_NAMED else len(names),
        "sites": names[:SITES_NAMED],
    }


def _withdraw(
    row: Certificate | Award, resource: str, expected_version: int | None, *, actor: Actor, at: datetime, **fields: Any
) -> None:
    """Set the day, once. Raises Forbidden, Stale, Refused `withdrawn_already`."""
    _refuse_own(row.membership, actor, at)
    if expected_version not in {None, row.version}:
        raise Stale("The row has changed since you read it.")
    if row.withdrawn_on is not None:
        raise Refused("It was withdrawn before.", code="withdrawn_already")
    day = legal_day(at, row.membership.company.organisation.zone)
    change(row, action=f"{resource}.withdraw", actor=actor, at=at, withdrawn_on=day, **fields)


def _decide(
    row: Certificate | Award,
    move: RecognitionMove,
    *,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    text: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Append the decision."""
    RecognitionDecision.objects.create(
        certificate=row if isinstance(row, Certificate) else None,
        award=row if isinstance(row, Award) else None,
        move=move,
        effective_on=legal_day(at, row.membership.company.organisation.zone),
        reason_code=reason_code,
        text=text,
        facts=facts or {},
        decided_at=at,
        actor_id=actor.user_id,
        actor_label=actor.label,
        actor_organisation_id=organisation_of(actor),
    )
