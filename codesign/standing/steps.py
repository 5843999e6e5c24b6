"""The way from a draft to a member, step by step: what is done, what is missing, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from codesign.companies.lifecycle import CLOSED, MEMBER, MembershipState, Move
from codesign.companies.models import CodeMembership, Site, VoluntourismDeclaration
from codesign.fees.figures import first_settled_on
from codesign.fees.models import CodeAgreement
from codesign.standing.endorsing import endorsements, has_representative
from codesign.standing.guards import Case, missing_criteria, residential_care_lacks, revenue_band_lacks
from codesign.standing.models import Side
from members.people.models import Contact, ContactRole
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import Fault

_S = MembershipState
_BEFORE_PLAN = frozenset({_S.DRAFT, _S.SUBMITTED, _S.CHANGES_REQUESTED})
_BEFORE_APPROVAL = _BEFORE_PLAN | {_S.PLAN_SUBMITTED}


class StepCode(TextChoices):
    """The steps, in their order."""

    REVENUE_BAND = "revenue_band"
    VOLUNTOURISM = "voluntourism"
    SITES = "sites"
    CONTACT = "contact"
    APPLICATION = "application"
    PLAN = "plan"
    PLAN_SUBMITTED = "plan_submitted"
    APPROVAL = "approval"
    FEE = "fee"
    AGREEMENT = "agreement"


class StepState(TextChoices):
    """How far a step is. `later`: it comes after one that is not done."""

    DONE = "done"
    TODO = "todo"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: whose turn it is, what is missing, and the call that does it (method and path below the API)."""

    code: StepCode
    state: StepState
    turn: str
    missing: tuple[Fault, ...] = ()
    call: str = ""
    is_required: bool = True


def steps(membership: CodeMembership, *, on: date) -> list[Step]:
    """Every step of an application, resumable at any: nothing for one that was closed. A dozen queries."""
    if membership.state in CLOSED | {_S.RECORDED}:
        return []
    case = Case(move=Move.SUBMIT, membership=membership, actor=SYSTEM, on=on)
    return [*_about_the_company(case), *_application(case), *_joining(case)]


def _about_the_company(case: Case) -> list[Step]:
    company, key = case.membership.company, case.membership.company_id
    declared = VoluntourismDeclaration.objects.current().filter(company=company, year=case.on.year).exists()
    # It blocks a new membership; a member lists measures instead, and the declaration holds them.
    blocked = residential_care_lacks(case) if case.membership.state in _BEFORE_APPROVAL else []
    undeclared = [] if declared else [Fault("", "not_declared", f"Say what is offered in {case.on.year}.")]
    has_site = Site.objects.open_on(case.on).filter(company=company).exists()
    contacts = Contact.objects.live(case.on).filter(organisation=key, role=ContactRole.REPORTING_OFFICER)
    no_contact = Fault("", "no_contact", "Name an address that notices reach: a contact as reporting officer.")
    return [
        _step(StepCode.REVENUE_BAND, revenue_band_lacks(case), f"PATCH companies/{key}/"),
        _step(
            StepCode.VOLUNTOURISM,
            [*blocked, *undeclared],
            "POST voluntourism-declarations/",
            is_required=bool(blocked),
        ),
        _step(
            StepCode.SITES,
            [] if has_site else [Fault("", "no_site", "Name the places where people work.")],
            "POST sites/",
            is_required=False,
        ),
        _step(
            StepCode.CONTACT,
            [] if contacts.exists() else [no_contact],
            "POST contacts/",
            # Whoever applies becomes an editor, who keeps contacts, by handing in.
            state=StepState.LATER if case.membership.state == _S.DRAFT else None,
            is_required=False,
        ),
    ]


def _application(case: Case) -> list[Step]:
    membership, path = case.membership, f"POST code-memberships/{case.membership.pk}"
    state = membership.state
    draft = [Fault("", "not_submitted", "Hand in the application.")] if state == _S.DRAFT else []
    unplanned = missing_criteria(case) if state in _BEFORE_PLAN else []
    unsubmitted = [Fault("", "plan_not_submitted", "Hand in the plan.")] if state in _BEFORE_PLAN else []
    unsubmitted = _asked_to_change(membership) if state == _S.CHANGES_REQUESTED else unsubmitted
    return [
        _step(StepCode.APPLICATION, draft, f"{path}/submit/"),
        _step(StepCode.PLAN, unplanned, "POST plan-actions/draft/"),
        _step(
            StepCode.PLAN_SUBMITTED,
            unsubmitted,
            f"{path}/submit-plan/",
            state=StepState.LATER if unsubmitted and (draft or unplanned) else None,
        ),
        _approval(case, f"{path}/approve/"),
    ]


def _asked_to_change(membership: CodeMembership) -> list[Fault]:
    """What the reviewer wrote when the plan was given back."""
    newest = membership.decisions.order_by("-version").values_list("text", flat=True).first()
    return [Fault("", "changes_requested", newest or "Change the plan and hand it in again.")]


def _approval(case: Case, call: str) -> Step:
    if case.membership.state not in _BEFORE_APPROVAL:
        return _step(StepCode.APPROVAL, [], call, turn="secretariat")
    approving = Case(move=Move.APPROVE, membership=case.membership, actor=SYSTEM, on=case.on)
    given = {row.side for row in endorsements(approving)}
    asked = [Side.REPRESENTATIVE, Side.SECRETARIAT] if has_representative(approving) else [Side.SECRETARIAT]
    waiting = [side for side in asked if side not in given or len(asked) == 1]
    faults = [Fault("", f"awaits_{side.value}", f"Waits for the yes of: {side.label}.") for side in waiting]
    state = None if case.membership.state == _S.PLAN_SUBMITTED else StepState.LATER
    return _step(StepCode.APPROVAL, faults, call, turn=waiting[0].value, state=state)


def _joining(case: Case) -> list[Step]:
    """Fee and agreement; nothing of a confirmed signatory, who was a member before the register kept either."""
    membership = case.membership
    if membership.state in MEMBER and membership.approved_on is None:
        return []
    later = StepState.LATER if membership.state in _BEFORE_APPROVAL else None
    unpaid = [] if first_settled_on(membership.pk) else [Fault("", "fee_unpaid", "The first fee is not paid.")]
    agreement = CodeAgreement.objects.filter(membership=membership).order_by("-sent_on", "-pk").first()
    days = {
        "company": agreement and agreement.company_signed_on,
        "representative": agreement and agreement.representative_signed_on,
    }
    unsigned = [
        Fault("", f"unsigned_by_{side}", f"The agreement is not signed by the {side}.")
        for side, day in days.items()
        if day is None
    ]
    call = f"POST code-agreements/{agreement.pk}/sign/" if agreement else ""
    turn = "company" if days["company"] is None else "representative"
    return [
        _step(StepCode.FEE, unpaid, "GET invoices/", state=later),
        _step(StepCode.AGREEMENT, unsigned, call, turn=turn, state=later),
    ]


def _step(
    code: StepCode,
    missing: list[Fault],
    call: str,
    *,
    turn: str = "company",
    state: StepState | None = None,
    is_required: bool = True,
) -> Step:
    found = StepState.DONE if not missing else state or StepState.TODO
    return Step(
        code=code, state=found, turn=turn, missing=tuple(missing), call=call if missing else "", is_required=is_required
    )
