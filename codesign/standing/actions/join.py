"""From approved to active: the first fee and both signatures, in either order; and known signatories."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from codesign.companies.actions import enter, member_number
from codesign.companies.actions.memberships import representative_of
from codesign.companies.lifecycle import MembershipState, Move, target_of
from codesign.companies.models import CodeMembership
from codesign.fees import actions as fees
from codesign.fees.figures import first_settled_on
from codesign.fees.models import CodeAgreement, CreditNote, Invoice, Payment, Refund, SigningSide, Waiver
from codesign.standing.actions.deciding import NO_WORD, Word, day_of, opened, settle
from codesign.standing.belonging import belongs
from codesign.standing.endorsing import endorse, endorsements, fulfilled
from codesign.standing.models import ProcessRule
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound


@transaction.atomic
def record_payment(
    *, invoice_id: UUID, amount_eur: Decimal, paid_on: date, reference: str, actor: Actor, at: datetime
) -> Payment:
    """Record money received. The payment that settles the first invoice may make the company a member."""
    membership = _locked(Invoice.objects.filter(pk=invoice_id), actor)
    _refuse_own(membership, actor, at)
    payment = fees.record_payment(
        invoice_id=invoice_id, amount_eur=amount_eur, paid_on=paid_on, reference=reference, actor=actor, at=at
    )
    _activate_when_ready(membership, actor=actor, at=at)
    return payment


@transaction.atomic
def issue_fee(*, membership_id: UUID, year: int, actor: Actor, at: datetime) -> Invoice:
    """Ask a membership for the fee of a year by hand."""
    _refuse_own(_locked(CodeMembership.objects.filter(pk=membership_id), actor, path="pk"), actor, at)
    return fees.issue_invoice(membership_id=membership_id, year=year, actor=actor, at=at)


@transaction.atomic
def take_back(
    *,
    invoice_id: UUID,
    amount_eur: Decimal,
    reason_code: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> CreditNote:
    """Take back what an invoice asks for. A rest that is taken back settles it, and may make the company a member."""
    membership = _locked(Invoice.objects.filter(pk=invoice_id), actor)
    _refuse_own(membership, actor, at)
    note = fees.credit(
        invoice_id=invoice_id,
        amount_eur=amount_eur,
        reason_code=reason_code,
        expected_version=expected_version,
        actor=actor,
        at=at,
    )
    _activate_when_ready(membership, actor=actor, at=at)
    return note


@transaction.atomic
def pay_back(
    *,
    payment_id: UUID,
    amount_eur: Decimal,
    refunded_on: date,
    reference: str,
    reason_code: str,
    actor: Actor,
    at: datetime,
) -> Refund:
    """Enter money of a payment that was paid back, after a credit note."""
    invoices = Invoice.objects.filter(payments=payment_id)
    _refuse_own(_locked(invoices, actor), actor, at)
    return fees.refund(
        payment_id=payment_id,
        amount_eur=amount_eur,
        refunded_on=refunded_on,
        reference=reference,
        reason_code=reason_code,
        actor=actor,
        at=at,
    )


@transaction.atomic
def record_waiver(*, membership_id: UUID, year: int, reason_code: str, actor: Actor, at: datetime) -> Waiver:
    """Let a year's fee off; counts as its payment."""
    membership = _locked(CodeMembership.objects.filter(pk=membership_id), actor, path="pk")
    _refuse_own(membership, actor, at)
    waiver = fees.grant_waiver(
        membership_id=membership_id,
        year=year,
        reason_code=reason_code,
        actor=actor,
        at=at,
    )
    _activate_when_ready(membership, actor=actor, at=at)
    return waiver


@transaction.atomic
def sign_agreement(
    *,
    agreement_id: UUID,
    side: SigningSide,
    role: str,
    signed_on: date,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> CodeAgreement:
    """Put one side's signature under the agreement; `role` is the signatory's function, never a name.

    The company signs for itself, the representative (or the secretariat) for the network; the secretariat
    may enter a company's signature that came on paper.
    """
    membership = _locked(CodeAgreement.objects.filter(pk=agreement_id), actor)
    if side == SigningSide.REPRESENTATIVE:
        _refuse_own(membership, actor, at)
    _check_side(side, actor)
    agreement = fees.sign(
        agreement_id=agreement_id,
        side=side,
        signatory_role=role,
        signed_on=signed_on,
        expected_version=expected_version,
        actor=actor,
        at=at,
    )
    _activate_when_ready(membership, actor=actor, at=at)
    return agreement


@transaction.atomic
def renew_agreement(
    *, membership_id: UUID, text_version: str | None = None, actor: Actor, at: datetime
) -> CodeAgreement:
    """Send an agreement for signature; the text in force when none is named. The former ones are kept."""
    membership = _locked(CodeMembership.objects.filter(pk=membership_id), actor, path="pk")
    _refuse_own(membership, actor, at)
    version = text_version or ProcessRule.objects.in_force(day_of(membership, at)).agreement_text
    return fees.send_agreement(membership_id=membership_id, text_version=version, actor=actor, at=at)


@transaction.atomic
def confirm_signatory(
    *,
    membership_id: UUID,
    member_since: date,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
    word: Word = NO_WORD,
) -> CodeMembership:
    """Make a recorded signatory a member since the day of its signature, once both sides have found it true.

    The first yes is kept; the second one, which names the same day, confirms. Without a representative two officers
    of the secretariat do. Raises Invalid, AlreadyEndorsed.
    """
    case = opened(
        move=Move.CONFIRM,
        membership_id=membership_id,
        actor=actor,
        at=at,
        expected_version=expected_version,
        reason_code=member_since.isoformat(),
    )
    if member_since > case.on:
        raise Invalid.at("/member_since", "in_the_future", "A confirmed member has signed already.")
    endorse(case, at=at)
    if not fulfilled(case):
        return case.membership
    country_id = case.membership.company.organisation.country_id
    return settle(
        case,
        at=at,
        word=word,
        facts={"endorsements": [str(row.pk) for row in endorsements(case)]},
        member_since=member_since,
        number=member_number(country_id),
        representative_id=representative_of(country_id, case.on),
    )


def _locked(rows: QuerySet, actor: Actor, path: str = "membership") -> CodeMembership:
    """The membership that the row of `rows` hangs on, locked; NotFound when absent or not the caller's."""
    visible = CodeMembership.objects.visible_to(actor) if isinstance(actor, Scope) else CodeMembership.objects.all()
    memberships = CodeMembership.objects.locked().select_related("company__organisation")
    found = memberships.filter(pk__in=rows.values(path)).filter(pk__in=visible.values("pk")).first()
    if found is None:
        raise NotFound("There is no such row.")
    return found


def _refuse_own(membership: CodeMembership, actor: Actor, at: datetime) -> None:
    if belongs(actor, membership.company_id, on=day_of(membership, at)):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")


def _check_side(side: SigningSide, actor: Actor) -> None:
    """Each side signs for itself."""
    if not isinstance(actor, Scope) or actor.wears(Role.SECRETARIAT):
        return
    own = {SigningSide.COMPANY: COMPANY_ROLES | {Role.APPLICANT}, SigningSide.REPRESENTATIVE: {Role.LCR}}[side]
    if not actor.wears(*own):
        raise Forbidden("Each side signs for itself.", code="other_side")


def _activate_when_ready(membership: CodeMembership, *, actor: Actor, at: datetime) -> None:
    """Make an approved company a member once fee and signatures are there; the last of them is the day."""
    if membership.state != MembershipState.APPROVED:
        return
    settled_on, signed_on = first_settled_on(membership.pk), _signed_on(membership)
    if settled_on is None or signed_on is None:
        return
    since = max(settled_on, signed_on, membership.approved_on or settled_on)
    enter(
        membership,
        move=Move.ACTIVATE,
        to_state=target_of(Move.ACTIVATE, membership.state),
        actor=actor,
        at=at,
        effective_on=since,
        facts={"settled_on": str(settled_on), "signed_on": str(signed_on)},
        member_since=since,
        number=membership.number or member_number(membership.company.organisation.country_id),
    )


def _signed_on(membership: CodeMembership) -> date | None:
    """The day of the second signature; None before."""
    signed = CodeAgreement.objects.filter(membership=membership).signed().order_by("-sent_on", "-pk").first()
    days = (signed.company_signed_on, signed.representative_signed_on) if signed else ()
    return max((day for day in days if day), default=None)
