"""POST /payments/import/: a bank's statement, tried first, then written; the same one twice changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.fees.models import Invoice, Payment
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient
from tests.factories.companies import make_company, make_membership
from tests.factories.fees import make_invoice
from tests.factories.standing import START, sign
from tests.factories.standing import make_membership as walk

pytestmark = pytest.mark.django_db
LABELS = ["matched", "part_payment", "overpaid", "ambiguous", "unknown", "already_there", "refused"]


def line(message: str, amount: str = "300.00", **more: str) -> dict[str, str]:
    return {"date": "2026-11-20", "amount": amount, "message": message, **more}


def send(client: ApiClient, *rows: dict[str, str], trial: bool = False, **more: Any) -> Any:
    return client.post(f"payments/import/{'?dry_run=true' if trial else ''}", {"rows": list(rows), **more})


def labels(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["label"] for row in answer.json()["lines"]]


@pytest.fixture
def numbers() -> list[str]:
    return [make_invoice().number for _ in range(4)]


def test_every_label_and_what_is_written(lcr_be: ApiClient, numbers: list[str]) -> None:
    abroad = make_invoice(membership=make_membership(state="approved", company=make_company(country="NL"))).number
    send(lcr_be, line(numbers[3], "10.00", reference="B0"))
    rows = [
        line(numbers[0]),
        line(numbers[1], "100.00", reference="B1"),
        line(numbers[1], "200.00", reference="B2"),
        line(numbers[2], "300.01"),
        line(f"{numbers[2]} {numbers[3]}"),
        line(abroad),
        line("a gift"),
        line(numbers[3], "10.00", reference="B0"),
        line(numbers[2], "-300"),
        line(numbers[2], "5.00", date="2026-11-23"),
    ]

    tried = send(lcr_be, *rows, leave_out_ambiguous=True, trial=True)
    payments = Payment.objects.count()
    written = send(lcr_be, *rows, leave_out_ambiguous=True)
    again = send(lcr_be, *rows, leave_out_ambiguous=True)

    expected = [LABELS[place] for place in (0, 1, 0, 2, 3, 4, 4, 5, 6, 6)]
    assert labels(tried) == labels(written) == expected
    assert payments == 1
    assert [row["errors"][0]["code"] for row in written.json()["lines"] if row["errors"]] == [
        "overpaid", "two_invoices", "no_invoice", "no_invoice", "not_incoming", "in_future",
    ]  # fmt: skip
    assert written.json()["counts"] == {**dict.fromkeys(LABELS, 1), "matched": 2, "unknown": 2, "refused": 2}
    assert [bool(row["payment_id"]) for row in written.json()["lines"]].count(True) == Payment.objects.count() - 1 == 3
    assert labels(again) == [*["already_there"] * 3, *expected[3:]]
    assert Payment.objects.count() == 4
    states = Invoice.objects.filter(number__in=numbers).order_by("number").values_list("state", flat=True)
    assert list(states) == ["paid", "paid", "open", "part_paid"]


def test_what_may_pay_two_invoices_is_refused_and_nothing_is_written(lcr_be: ApiClient, numbers: list[str]) -> None:
    membership = make_membership()
    for year in (2025, 2026):
        make_invoice(membership=membership, year=year)
    rows = [line(numbers[0]), line(f"{numbers[0]}+{numbers[1]}"), line(f"fee of {membership.number}")]
    events = AuditEvent.objects.count()

    tried, sent = send(lcr_be, *rows, trial=True), send(lcr_be, *rows)

    assert (labels(tried), tried.json()["is_blocked"]) == (["matched", "ambiguous", "ambiguous"], True)
    assert (sent.status_code, sent.json()["code"]) == (409, "ambiguous_payment")
    assert [fault["pointer"] for fault in sent.json()["errors"]] == ["/rows/3", "/rows/4"]
    assert (Payment.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_a_trial_tells_of_every_line_what_it_would_become(lcr_be: ApiClient, numbers: list[str]) -> None:
    """Also where an unclear line stops the statement: what else is wrong is known before."""
    rows = [line(f"{numbers[0]} {numbers[1]}"), line(numbers[2], date="2026-11-23"), line(numbers[3])]
    events = AuditEvent.objects.count()

    tried = send(lcr_be, *rows, trial=True)

    assert (labels(tried), tried.json()["is_blocked"]) == (["ambiguous", "refused", "matched"], True)
    assert [row["errors"][0]["code"] for row in tried.json()["lines"] if row["errors"]] == ["two_invoices", "in_future"]
    assert (Payment.objects.count(), AuditEvent.objects.count()) == (0, events)


@pytest.mark.parametrize("trial", [True, False])
def test_a_line_that_stands_there_twice_pays_once(lcr_be: ApiClient, numbers: list[str], trial: bool) -> None:
    twice = line(numbers[0], "100.00", reference="0002")
    other = line(numbers[1], "100.00", reference="0002")  # what payers write is the same for many

    answer = send(lcr_be, twice, twice, line(numbers[0], "200.00", reference="0003"), other, trial=trial)

    assert labels(answer) == ["part_payment", "already_there", "matched", "part_payment"]
    assert answer.json()["lines"][1]["invoice"] == numbers[0]
    assert Payment.objects.count() == (0 if trial else 3)


def test_the_printed_reference_and_the_member_number_serve_as_well(lcr_be: ApiClient) -> None:
    invoice, membership = make_invoice(), make_membership()
    make_invoice(membership=membership)
    printed = lcr_be.get(f"invoices/{invoice.pk}/").json()["payment_reference"]

    answer = send(lcr_be, line(f"+++{printed}+++"), line(f"cotisation {membership.number}"))

    assert labels(answer) == ["matched", "matched"]


def test_a_file_of_the_bank_makes_a_member(lcr_be: ApiClient) -> None:
    membership = walk(state="approved")
    sign(membership, START.replace(day=9))
    number = Invoice.objects.get().number
    text = f"Datum;Bedrag;Mededeling;Naam\r\n10/06/2025;300,00;{number};Somebody\r\n"
    file = SimpleUploadedFile("bank.csv", text.encode(), "text/csv")

    answer = lcr_be.http.post("/api/v1/payments/import/", {"file": file})

    membership.refresh_from_db()
    assert labels(answer) == ["matched"]
    assert (membership.state, str(membership.member_since)) == ("active", "2025-06-10")
    assert not any("Somebody" in str(event.changes) for event in AuditEvent.objects.all())


def test_nobody_enters_money_for_the_own_organisation(client_for: Any) -> None:
    membership = walk(state="approved")
    company = membership.company
    both = client_for("lcr", country="BE")
    from tests.factories.access import make_grant

    make_grant(user=both.user, role="company_editor", organisation=company.organisation)

    answer = send(both, line(Invoice.objects.get().number))

    assert labels(answer) == ["refused"]
    assert answer.json()["lines"][0]["errors"][0]["code"] == "own_organisation"
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("company_editor", 403), ("auditor", 403)])
def test_others_send_no_statement(client_for: Any, role: str, status: int) -> None:
    assert send(client_for(role), line("x")).status_code == status


def test_a_statement_has_a_bounded_length_and_the_right_columns(secretariat: ApiClient) -> None:
    assert send(secretariat, *[line(str(n)) for n in range(1001)]).status_code == 400
    answer = send(secretariat, {"amount": "1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "missing_column")
