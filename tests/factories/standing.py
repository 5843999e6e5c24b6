"""Memberships in every state, walked there by the actions themselves; officers and notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from codesign.companies.actions import open_membership, record_signatory, register_company
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.criteria.models import PlanAction
from codesign.fees.models import CodeAgreement, FeeBand, Invoice
from codesign.notices.models import Notice, NoticeChannel, NoticeKind
from codesign.reporting.models import ReportingYear, ReportObligation
from codesign.standing import actions
from codesign.standing.actions import Word
from codesign.standing.endorsing import has_representative
from codesign.standing.guards import Case
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.ids import new_id
from tests.factories.reporting import make_questionnaire

START = datetime(2025, 6, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SAFEGUARDING = Word(reason_code="safeguarding")
# A ground that people judge: no row tells whether it holds.
BREACH = Word(reason_code="code_breach")
_S = MembershipState
_numbers = count(1)


def officer(
    role: Role = Role.SECRETARIAT,
    *,
    countries: set[str] | None = None,
    organisation_id: UUID | None = None,
    **more: Any,
) -> Scope:
    """Somebody who acts: a new person each time, unless `user_id` says who."""
    own = frozenset({organisation_id} - {None})
    hat = Hat(role=role, organisation_id=organisation_id, organisation_ids=own, countries=frozenset(countries or ()))
    return Scope(**{"user_id": new_id(), "label": role.value, "hats": (hat,), "day": START.date(), **more})


def editor_of(company_id: UUID) -> Scope:
    """A person of the company."""
    return officer(Role.COMPANY_EDITOR, organisation_id=company_id)


def make_fee_bands() -> None:
    """The public fee table, once."""
    bands = (("to_500k", 0, 500_000, 50), ("to_2_5m", 500_000, 2_500_000, 300), ("to_50m", 2_500_000, 50_000_000, 800))
    for code, lower, upper, fee in (*bands, ("above_50m", 50_000_000, None, 2000)):
        values = {"revenue_from_eur": lower, "revenue_to_eur": upper, "annual_fee_eur": fee}
        FeeBand.objects.get_or_create(code=code, valid_from=None, defaults=values)


def make_company(*, at: datetime = START, **overrides: Any) -> Company:
    """A fictional hotel of Belgium with a confirmed revenue band."""
    make_fee_bands()
    defaults = {
        "name": f"Hôtel Fictif {next(_numbers)} (DEMO)",
        "country_id": "BE",
        "category": "hotel",
        "revenue_band": "to_2_5m",
        "is_demo": True,
        # Other factories count their hotels, too: a like name is another company here.
        "is_another": True,
    }
    return register_company(**{**defaults, **overrides}, actor=SYSTEM, at=at)


def make_plan(membership: CodeMembership, *, numbers: Any = range(1, 7), at: datetime = START) -> None:
    """One action on each criterion."""
    PlanAction.objects.bulk_create(
        PlanAction(
            membership=membership,
            criterion_number=number,
            title=f"Step {number}",
            responsible_role="director",
            due_on=at.date() + 200 * DAY,
            created_at=at,
        )
        for number in numbers
    )


def make_notice(membership: CodeMembership, *, sent_on: date, **overrides: Any) -> Notice:
    """A warning by mail with the provider's receipt of the same day: it counts for every ground."""
    moment = datetime.combine(sent_on, START.timetz())
    defaults = {
        "membership": membership,
        "kind": NoticeKind.WARNING,
        "channel": NoticeChannel.EMAIL,
        "sent_at": moment,
        "delivered_at": moment,
        "created_at": moment,
    }
    return Notice.objects.create(**{**defaults, **overrides})


def owe_report(membership: CodeMembership, year: int) -> ReportObligation:
    """A report owed for a year: due on 31 March after it, lapsed 90 days later."""
    due_on, at = date(year + 1, 3, 31), datetime(year + 1, 1, 1, tzinfo=UTC)
    row = {"questionnaire": make_questionnaire(), "opens_on": at.date(), "due_on": due_on, "created_at": at}
    reporting_year, _ = ReportingYear.objects.get_or_create(year=year, defaults=row)
    return ReportObligation.objects.create(
        membership=membership,
        company=membership.company,
        reporting_year=reporting_year,
        due_on=due_on,
        lapses_on=due_on + 90 * DAY,
        created_at=at,
    )


def make_membership(
    *, state: str = "active", company: Company | None = None, at: datetime = START, **company_values: Any
) -> CodeMembership:
    """A membership in `state`, taken there move by move from `at` on, about a day between moves."""
    if state == _S.RECORDED:
        return _recorded(at)
    company = company or make_company(at=at, **company_values)
    membership = open_membership(company_id=company.pk, actor=editor_of(company.pk), at=at)
    for step in _PATHS[_S(state)]:
        at += DAY
        at = step(membership, at) or at
        membership.refresh_from_db()
    assert membership.state == state
    return membership


def approve(membership: CodeMembership, at: datetime) -> None:
    """Both sides say yes: the representative where there is one, else a second officer of the secretariat."""
    case = Case(move="approve", membership=membership, actor=SYSTEM, on=at.date())
    country = membership.company.organisation.country_id
    second = officer(Role.LCR, countries={country}) if has_representative(case) else officer()
    for person in (officer(), second):
        actions.approve(membership_id=membership.pk, actor=person, at=at)


def pay(membership: CodeMembership, at: datetime, **overrides: Any) -> None:
    """The first invoice, in full."""
    invoice = Invoice.objects.get(membership=membership)
    values = {"amount_eur": Decimal(invoice.amount_eur), "paid_on": at.date(), "reference": f"R{next(_numbers)}"}
    actions.record_payment(invoice_id=invoice.pk, **{**values, **overrides}, actor=officer(), at=at)


def sign(membership: CodeMembership, at: datetime, *, sides: Any = ("company", "representative")) -> None:
    """Signatures under the agreement."""
    agreement = CodeAgreement.objects.get(membership=membership)
    for side in sides:
        actions.sign_agreement(
            agreement_id=agreement.pk, side=side, role="director", signed_on=at.date(), actor=officer(), at=at
        )


def _recorded(at: datetime) -> CodeMembership:
    membership = record_signatory(
        name=f"Hôtel Fictif {next(_numbers)} (DEMO)",
        country_id="BE",
        category="hotel",
        since="2014",
        source="https://source.example/",
        confidence="sourced",
        actor=SYSTEM,
        at=at,
    )
    assert membership is not None
    return membership


def _plain(action: Callable[..., Any], **more: Any) -> Callable[[CodeMembership, datetime], None]:
    def step(membership: CodeMembership, at: datetime) -> None:
        action(membership_id=membership.pk, actor=officer(), at=at, **more)

    return step


def _plan(membership: CodeMembership, at: datetime) -> None:
    make_plan(membership, at=at)
    actions.submit_plan(membership_id=membership.pk, actor=editor_of(membership.company_id), at=at)


def _join(membership: CodeMembership, at: datetime) -> None:
    pay(membership, at)
    sign(membership, at)


def _suspend(membership: CodeMembership, at: datetime) -> None:
    for person in (officer(), officer()):
        actions.suspend(membership_id=membership.pk, word=SAFEGUARDING, actor=person, at=at)


def _terminate(membership: CodeMembership, at: datetime) -> datetime:
    for days in (1, 31):
        make_notice(membership, sent_on=at.date() + days * DAY)
    at += 61 * DAY
    actions.terminate(membership_id=membership.pk, word=BREACH, actor=officer(), at=at)
    return at


def _expire(membership: CodeMembership, at: datetime) -> datetime:
    at += 366 * DAY
    actions.expire(membership_id=membership.pk, actor=officer(), at=at)
    return at


def _merge(membership: CodeMembership, at: datetime) -> None:
    actions.merge(membership_id=membership.pk, into_id=make_company().pk, actor=officer(), at=at)


_SUBMITTED = (_plain(actions.submit),)
_PLANNED = (*_SUBMITTED, _plan)
_APPROVED = (*_PLANNED, approve)
_ACTIVE = (*_APPROVED, _join)
_SUSPENDED = (*_ACTIVE, _suspend)
_PATHS: dict[MembershipState, tuple[Callable[[CodeMembership, datetime], datetime | None], ...]] = {
    _S.DRAFT: (),
    _S.SUBMITTED: _SUBMITTED,
    _S.PLAN_SUBMITTED: _PLANNED,
    _S.CHANGES_REQUESTED: (*_PLANNED, _plain(actions.request_changes)),
    _S.APPROVED: _APPROVED,
    _S.ACTIVE: _ACTIVE,
    _S.SUSPENDED: _SUSPENDED,
    _S.REJECTED: (*_PLANNED, _plain(actions.reject)),
    _S.WITHDRAWN: (*_SUBMITTED, _plain(actions.withdraw)),
    _S.EXPIRED: (*_APPROVED, _expire),
    _S.TERMINATED: (*_SUSPENDED, _terminate),
    _S.RESIGNED: (*_ACTIVE, _plain(actions.resign)),
    _S.DISSOLVED: (*_ACTIVE, _plain(actions.dissolve)),
    _S.MERGED_INTO: (*_ACTIVE, _merge),
}
