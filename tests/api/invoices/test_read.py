"""Invoices, the fee table and the criteria, as they are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.fees.models import Payment
from tests.factories.companies import AT, make_company, make_membership
from tests.factories.criteria import load_wordings
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db


def test_an_invoice_shows_its_payments(client_for):
    invoice = make_invoice(state="part_paid")
    paid = {"paid_on": date(2026, 11, 5), "recorded_at": AT}
    for reference, amount in (("A1", "100.00"), ("A2", "50.50")):
        Payment.objects.create(invoice=invoice, amount_eur=Decimal(amount), reference=reference, **paid)
    viewer = client_for("company_viewer", organisation=invoice.membership.company)

    row = viewer.get(f"invoices/{invoice.pk}/").json()

    assert (row["number"], row["amount_eur"], row["paid_eur"], row["state"]) == (
        invoice.number,
        "300.00",
        "150.50",
        "part_paid",
    )
    assert [(part["reference"], part["amount_eur"]) for part in row["payments"]] == [("A1", "100.00"), ("A2", "50.50")]


def test_invoices_of_others_are_not_there(client_for, lcr_be, lcr_nl):
    invoice = make_invoice()
    stranger = client_for("company_editor", organisation=make_membership(company=make_company()).company)

    counts = [len(client.get("invoices/").json()["results"]) for client in (lcr_be, lcr_nl, stranger)]

    assert counts == [1, 0, 0]
    assert stranger.get(f"invoices/{invoice.pk}/").status_code == 404


def test_invoices_cost_the_same_for_one_and_many(lcr_be, django_assert_num_queries):
    make_invoice()
    with django_assert_num_queries(4):  # token with grants and mandates, rows, payments, credit notes
        lcr_be.get("invoices/", state="open")
    for _ in range(4):
        make_invoice()
    with django_assert_num_queries(4):
        lcr_be.get("invoices/", state="open")


def test_everybody_reads_the_fee_table(anonymous):
    load_fee_table()

    rows = anonymous.get("fee-bands/").json()["results"]

    assert [(row["code"], row["revenue_to_eur"], row["annual_fee_eur"]) for row in rows] == [
        ("to_500k", "500000.00", "50.00"),
        ("to_2_5m", "2500000.00", "300.00"),
        ("to_50m", "50000000.00", "800.00"),
        ("above_50m", None, "2000.00"),
    ]


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Yearly report"), ("fr", "Rapport annuel"), ("de-AT", "Jährlicher Bericht"), ("ja", "Yearly report")],
)
def test_criteria_come_in_the_readers_language(anonymous, language, name):
    load_wordings()

    rows = anonymous.get("criteria/", headers={"Accept-Language": language}).json()["results"]

    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[5]["name"] == name


def test_criteria_have_a_wording_from_a_day_on(anonymous):
    load_wordings()

    assert anonymous.get("criteria/", valid_on="2017-12-31").json()["results"] == []
