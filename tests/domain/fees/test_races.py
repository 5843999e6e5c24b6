"""Parallel callers on a real server: one wins, the others are told, no number is drawn twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from codesign.companies.actions import enter, open_membership
from codesign.companies.models import CodeMembership, Decision
from codesign.fees import actions
from codesign.fees.models import Invoice, Payment
from registry.kernel.errors import DomainError
from tests.factories.companies import make_company, make_membership, make_scope
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = make_scope()
CALLERS = 6


def together(call: Callable[[int], Any]) -> list[str]:
    """What each of several parallel callers got: `ok` or the code of the refusal."""

    def one(number: int) -> str:
        try:
            call(number)
            return "ok"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as pool:
        return sorted(pool.map(one, range(CALLERS)))


def test_an_invoice_is_paid_once(at):
    invoice = make_invoice()
    paid = {"amount_eur": Decimal("300"), "paid_on": date(2026, 11, 20), "actor": ACTOR, "at": at}

    answers = together(lambda n: actions.record_payment(invoice_id=invoice.pk, reference=f"A{n}", **paid))

    assert answers == ["ok"] + ["overpaid"] * (CALLERS - 1)
    assert (Payment.objects.count(), Invoice.objects.get().version) == (1, 2)


def test_numbers_follow_each_other(at):
    load_fee_table()
    memberships = [make_membership(state="approved") for _ in range(CALLERS)]

    answers = together(lambda n: actions.issue_invoice(membership_id=memberships[n].pk, year=2026, actor=ACTOR, at=at))

    assert answers == ["ok"] * CALLERS
    expected = [f"INV-2026-{number:05d}" for number in range(1, CALLERS + 1)]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == expected


def test_one_membership_is_opened(at):
    company = make_company()

    answers = together(lambda n: open_membership(company_id=company.pk, actor=ACTOR, at=at))

    assert answers == ["membership_open"] * (CALLERS - 1) + ["ok"]
    assert company.memberships.count() == 1


def test_one_move_wins(at):
    pk = make_membership().pk

    def move(number: int) -> None:
        kind, state = (("suspend", "suspended"), ("resign", "resigned"))[number % 2]
        membership = CodeMembership.objects.get(pk=pk)
        membership.version = 1  # all of them read the same page
        enter(membership, move=kind, to_state=state, actor=ACTOR, at=at, effective_on=at.date())

    answers = together(move)

    assert answers == ["ok"] + ["stale"] * (CALLERS - 1)
    assert (Decision.objects.count(), CodeMembership.objects.get(pk=pk).version) == (1, 2)
