"""The way to membership, step by step: what is missing, whose turn it is, and where to go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from codesign.companies.models import CodeMembership, Company
from codesign.standing import actions
from codesign.standing.moves import moves
from codesign.standing.steps import steps
from members.scope import Role
from registry.kernel.errors import DomainError
from tests.factories.network import make_mandate
from tests.factories.people import make_contact
from tests.factories.standing import START, make_membership, officer, pay, sign

pytestmark = pytest.mark.django_db
AT = START + timedelta(days=3)
ON = AT.date()


def told(membership: CodeMembership) -> dict[str, tuple[str, str, list[str]]]:
    membership.refresh_from_db()
    return {
        step.code.value: (step.state.value, step.turn, [fault.code for fault in step.missing])
        for step in steps(membership, on=ON)
        if step.state != "done"
    }


def test_a_draft_is_told_everything_that_is_missing() -> None:
    draft = make_membership(state="draft")

    assert told(draft) == {
        "voluntourism": ("todo", "company", ["not_declared"]),
        "sites": ("todo", "company", ["no_site"]),
        "contact": ("later", "company", ["no_contact"]),
        "application": ("todo", "company", ["not_submitted"]),
        "plan": ("todo", "company", ["criterion_without_action"] * 6),
        "plan_submitted": ("later", "company", ["plan_not_submitted"]),
        "approval": ("later", "secretariat", ["awaits_secretariat"]),
        "fee": ("later", "company", ["fee_unpaid"]),
        "agreement": ("later", "company", ["unsigned_by_company", "unsigned_by_representative"]),
    }


def test_the_steps_grow_shorter_until_the_company_is_a_member() -> None:
    make_mandate(state="confirmed")
    membership = make_membership(state="plan_submitted")
    make_contact(organisation=membership.company.organisation, valid_from=ON)
    optional = {"voluntourism", "sites"}

    assert told(membership)["approval"] == ("todo", "representative", ["awaits_representative", "awaits_secretariat"])
    actions.approve(membership_id=membership.pk, actor=officer(Role.LCR, countries={"BE"}), at=AT)
    assert told(membership)["approval"] == ("todo", "secretariat", ["awaits_secretariat"])
    actions.approve(membership_id=membership.pk, actor=officer(), at=AT)
    assert set(told(membership)) == optional | {"fee", "agreement"}
    pay(membership, AT)
    sign(membership, AT, sides=("company",))
    assert told(membership)["agreement"] == ("todo", "representative", ["unsigned_by_representative"])
    sign(membership, AT, sides=("representative",))

    assert (set(told(membership)), membership.state) == (optional, "active")


def test_offers_of_residential_care_block_with_their_reason() -> None:
    draft = make_membership(state="draft")
    type(draft.company).objects.update(offers_residential_care=True)
    draft = CodeMembership.objects.select_related("company__organisation").get(pk=draft.pk)

    step = next(step for step in steps(draft, on=ON) if step.code == "voluntourism")

    assert (step.is_required, step.missing[0].code) == (True, "residential_care")


def test_a_closed_application_has_no_steps_left() -> None:
    assert steps(make_membership(state="withdrawn"), on=ON) == []


def test_a_national_code_stays_beside_the_code() -> None:
    from codesign.companies.actions import open_membership, record_in_scheme

    member = make_membership(state="active")
    actor = officer()
    said = {"scheme": "cr_national_code", "since": "2019", "source": "https://register.example/"}
    row = record_in_scheme(company_id=member.company_id, **said, actor=actor, at=START)

    assert (row.state, row.scheme) == ("recorded", "cr_national_code")
    assert list(CodeMembership.objects.members().of_companies()) == [member]
    row = CodeMembership.objects.select_related("company__organisation").get(pk=row.pk)
    confirm = next(offer for offer in moves(row, actor, on=ON) if offer.move == "confirm")
    assert [reason.code for reason in confirm.reasons] == ["another_scheme"]
    for call in (
        lambda: record_in_scheme(company_id=member.company_id, **said, actor=actor, at=START),
        lambda: open_membership(company_id=member.company_id, actor=actor, at=START),
    ):
        with pytest.raises(DomainError) as refusal:
            call()
        assert refusal.value.code == "membership_open"
    assert CodeMembership.objects.count() == 2


def test_a_confirmed_signatory_is_asked_for_no_first_fee_and_no_agreement() -> None:
    """It was a member before the register kept either; what the year asks for comes by invoice."""
    recorded = make_membership(state="recorded")
    for person in (officer(), officer()):
        actions.confirm_signatory(membership_id=recorded.pk, member_since=date(2014, 11, 19), actor=person, at=AT)

    shown = told(recorded)

    assert recorded.state == "active"
    assert {"fee", "agreement"}.isdisjoint(shown)
    assert "contact" in shown


@pytest.mark.parametrize(
    ("state", "codes"), [("submitted", ["residential_care", "not_declared"]), ("active", ["not_declared"])]
)
def test_residential_care_blocks_who_applies_and_not_who_is_a_member(state: str, codes: list[str]) -> None:
    membership = make_membership(state=state)
    Company.objects.filter(pk=membership.company_id).update(offers_residential_care=True)

    assert told(CodeMembership.objects.get(pk=membership.pk))["voluntourism"] == ("todo", "company", codes)
