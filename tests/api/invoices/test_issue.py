"""Invoices by hand and by the year, credit notes, and what is printed."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.fees.models import CreditNote, FeeTerms, Invoice
from tests.api_client import ApiClient
from tests.factories.companies import make_company, make_membership
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db


def test_a_representative_issues_and_the_secretariat_takes_back(lcr_be: ApiClient, secretariat: ApiClient) -> None:
    load_fee_table()
    membership = make_membership()

    issued = lcr_be.post("invoices/", {"membership": str(membership.pk), "year": 2027})
    twice = lcr_be.post("invoices/", {"membership": str(membership.pk), "year": 2027})
    url = f"invoices/{issued.json()['id']}/"
    refused = lcr_be.post(f"{url}credit/", {"amount_eur": "75", "reason": "reduction_forgotten"})
    credited = secretariat.post(f"{url}credit/", {"amount_eur": "75", "reason": "reduction_forgotten"})

    assert (issued.status_code, issued.json()["open_eur"], issued.json()["credited_eur"]) == (201, "300.00", None)
    assert (twice.status_code, twice.json()["code"], refused.status_code) == (409, "invoice_exists", 403)
    row = credited.json()
    assert (row["open_eur"], row["credited_eur"], row["state"]) == ("225.00", "75.00", "open")
    assert [note["number"] for note in row["credit_notes"]] == ["CN-2026-00001"]
    assert [note["reason"] for note in lcr_be.get("credit-notes/").json()["results"]] == ["reduction_forgotten"]


def test_the_year_is_raised_once_and_says_who_waits(secretariat: ApiClient, lcr_be: ApiClient) -> None:
    load_fee_table()
    make_membership()
    waits = make_membership(company=make_company(revenue_band_confirmed_on="2024-01-01"))
    make_membership(company=make_company(revenue_band_confirmed_on=None, country="NL"))
    year = secretariat.post("fee-years/", {"year": 2027, "invoices_on": "2026-11-01"}).json()

    runs = [secretariat.post(f"fee-years/{year['id']}/raise/").json() for _ in range(2)]

    assert runs == [{"raised": 1, "waiting": 2}, {"raised": 0, "waiting": 2}]
    waiting = lcr_be.get(f"fee-years/{year['id']}/waiting/").json()
    assert [(row["membership"]["id"], row["revenue_band_confirmed_on"]) for row in waiting] == [
        (str(waits.pk), "2024-01-01")
    ]
    assert secretariat.post("fee-years/", {"year": 2027}).json()["code"] == "year_open"


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de", "es"])
def test_an_invoice_is_printed_in_each_language(client_for: Any, language: str) -> None:
    FeeTerms.objects.create(
        effective_from="2026-01-01", payee="Fictif Network", iban="BE68 5390 0754 7034", bic="FICTBEBB"
    )
    invoice = make_invoice(reduction_code="pata")
    viewer = client_for("company_viewer", organisation=invoice.membership.company)

    first = viewer.get(f"invoices/{invoice.pk}/pdf/", headers={"Accept-Language": language})
    second = viewer.get(f"invoices/{invoice.pk}/pdf/", language=language)

    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first["Content-Disposition"] == f'inline; filename="{invoice.number}.pdf"'
    assert first.content == second.content
    assert first.content.startswith(b"%PDF")


@pytest.mark.parametrize("state", ["waived", "cancelled", "paid"])
def test_a_settled_invoice_and_a_credit_note_are_printed(
    lcr_be: ApiClient, lcr_nl: ApiClient, at: Any, state: str
) -> None:
    invoice = make_invoice(state=state, paid_on="2026-11-20" if state == "paid" else None)
    note = CreditNote.objects.create(
        number="CN-2026-00001",
        invoice=invoice,
        amount_eur="10",
        reason_code="error",
        issued_on="2026-11-20",
        created_at=at,
    )

    for url in (f"invoices/{invoice.pk}/pdf/", f"credit-notes/{note.pk}/pdf/"):
        assert lcr_be.get(url).content.startswith(b"%PDF")
        assert (lcr_nl.get(url).status_code, lcr_be.get(url, language="it").status_code) == (404, 400)
    assert Invoice.objects.get().version == 1
