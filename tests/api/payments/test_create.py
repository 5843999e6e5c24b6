"""Recording money: once per reference, for those who may see the invoice."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.fees.models import Invoice, Payment, Waiver
from tests.api_client import ApiClient
from tests.factories.standing import START, make_membership, sign

pytestmark = pytest.mark.django_db


def body(**overrides: Any) -> dict[str, Any]:
    invoice = Invoice.objects.get()
    return {
        "invoice": str(invoice.pk),
        "amount_eur": "300.00",
        "paid_on": "2025-06-10",
        "reference": "2025-06-10/17",
        **overrides,
    }


def test_the_payment_that_settles_makes_a_signed_company_a_member(lcr_be: ApiClient) -> None:
    membership = make_membership(state="approved")
    sign(membership, START.replace(day=9))

    answer = lcr_be.post("payments/", body())

    membership.refresh_from_db()
    assert (answer.status_code, answer.json()["amount_eur"]) == (201, "300.00")
    assert answer.json()["membership"]["id"] == str(membership.pk)
    assert lcr_be.get(answer["Location"]).json() == answer.json()
    assert (membership.state, str(membership.member_since)) == ("active", "2025-06-10")


def test_a_repeated_request_pays_once(lcr_be: ApiClient) -> None:
    make_membership(state="approved")

    first, second = (lcr_be.post("payments/", body(amount_eur="100.00"), key="k1") for _ in range(2))
    third = lcr_be.post("payments/", body(amount_eur="100.00"))

    assert (first.json(), first.status_code) == (second.json(), 201)
    assert (third.status_code, third.json()["code"], Payment.objects.count()) == (409, "payment_repeated", 1)


@pytest.mark.parametrize("role", ["company_editor", "company_viewer", "auditor"])
def test_the_company_does_not_record_its_own_money(client_for: Any, role: str) -> None:
    membership = make_membership(state="approved")

    client = client_for(role) if role == "auditor" else client_for(role, organisation=membership.company)

    assert (client.post("payments/", body()).status_code, Payment.objects.count()) == (403, 0)


def test_a_foreign_invoice_is_unknown(lcr_nl: ApiClient) -> None:
    make_membership(state="approved")

    answer = lcr_nl.post("payments/", body())

    assert (answer.status_code, Payment.objects.count()) == (400, 0)
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_reference"]


def test_a_waiver_is_the_secretariats(secretariat: ApiClient, lcr_be: ApiClient) -> None:
    membership = make_membership(state="approved")
    sent = {"membership": str(membership.pk), "year": 2025, "reason": "pilot_country"}

    assert (lcr_be.post("waivers/", sent).status_code, Waiver.objects.count()) == (403, 0)
    answer = secretariat.post("waivers/", sent)

    assert (answer.status_code, answer.json()["granted_on"]) == (201, "2026-11-22")
    assert [row["year"] for row in lcr_be.get("waivers/").json()["results"]] == [2025]
