"""A table is sent: its rows are labelled, nothing is written."""

from __future__ import annotations

import pytest
from django.test import Client

from members.imports.models import Import, ImportRow
from members.organisations.models import Organisation
from registry.kernel.audit.models import AuditEvent
from tests.api_client import BASE
from tests.factories.access import make_grant
from tests.factories.imports import csv_of, xlsx_of
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
HEADER = ("name", "kind", "country", "confidence")
NEW = ("Réseau Neuf (DEMO)", "ngo", "BE", "sourced_inferred")


def test_a_file_is_labelled_row_by_row(send, rows_of):
    known = make_organisation(name="Maison Fictive (DEMO)")

    answer = send("organisations", csv_of(HEADER, NEW, (known.name, "federation", "BE", ""), ("", "ngo", "BE", "")))

    shown = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{BASE}imports/{shown['id']}/")
    assert {name: shown[name] for name in ("kind", "state", "file_name", "row_count", "columns", "unread")} == {
        "kind": "organisations",
        "state": "planned",
        "file_name": "table.csv",
        "row_count": 3,
        "columns": list(HEADER),
        "unread": [],
    }
    assert {label: count for label, count in shown["counts"].items() if count} == {
        "create": 1,
        "update": 1,
        "error": 1,
        "uncertain": 1,
    }
    new, changed, bad = rows_of(answer)
    assert (new["number"], new["label"], new["is_uncertain"], new["target"]) == (2, "create", True, None)
    assert new["cells"] == dict(zip(HEADER, NEW, strict=True))
    assert (changed["label"], changed["changes"]) == ("update", {"kind": ["ngo", "federation"]})
    assert changed["target"] == f"{BASE}organisations/{known.pk}/"
    assert (bad["label"], bad["errors"]) == (
        "error",
        [{"column": "name", "code": "required", "message": "This column needs a value."}],
    )
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("content", [csv_of(HEADER, NEW), xlsx_of(HEADER, NEW)], ids=["csv", "xlsx"])
def test_the_same_rows_have_the_same_sum_in_any_format(send, secretariat, content: bytes):
    by_json = secretariat.post("imports/", {"kind": "organisations", "rows": [dict(zip(HEADER, NEW, strict=True))]})

    answer = send("organisations", content)

    assert (answer.json()["counts"]["create"], answer.json()["sha256"]) == (1, by_json.json()["sha256"])


def test_values_of_json_are_read_as_cells(secretariat, rows_of):
    rows = [{"name": "Réseau Neuf", "kind": "ngo", "is_listed": False, "languages": ["fr", "nl"], "website": None}]

    answer = secretariat.post("imports/", {"kind": "organisations", "rows": rows})

    (row,) = rows_of(answer)
    assert row["changes"] == {
        "name": [None, "Réseau Neuf"],
        "kind": [None, "ngo"],
        "is_listed": [None, False],
        "languages": [None, ["fr", "nl"]],
    }


def test_candidates_are_named_where_a_row_is_in_doubt(send, rows_of):
    known = make_organisation(name="Maison Fictive (DEMO)")

    (row,) = rows_of(send("organisations", csv_of(HEADER[:3], ("Maison Fictiv (DEMO)", "ngo", "BE"))))

    assert (row["label"], [error["code"] for error in row["errors"]]) == ("conflict", ["likely_known"])
    assert [(each["id"], each["display"], each["reasons"]) for each in row["candidates"]] == [
        (str(known.pk), known.name, ["similar_name", "same_country"])
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "organisations"}, "file_or_rows"),
        ({"kind": "boats", "rows": [{"name": "a"}]}, "invalid_choice"),
        ({"kind": "organisations", "rows": [{"name": "a"}], "colour": "red"}, "unknown_field"),
        ({"kind": "organisations", "rows": [{"name": {"en": "a"}}]}, "invalid"),
        ({"kind": "organisations", "rows": [{"name": "x" * 10_001}]}, "cell_too_long"),
        ({"kind": "organisations", "file": "name,kind"}, "invalid"),
        ({"kind": "organisations", "rows": [{"name": "a", "kind": "ngo", "Name": "b"}]}, "duplicate_header"),
        ({"kind": "organisations", "rows": [{"name": "a", "kind": "ngo", " ": "b"}]}, "empty_header"),
        ({"kind": "organisations", "rows": [{f"c{n}": "a" for n in range(201)}]}, "too_many_columns"),
        ({"kind": "organisations", "rows": []}, "empty_file"),
        ({"kind": "organisations", "rows": [{"name": "a", "colour": "red"}]}, "unknown_header"),
        ({"kind": "organisations", "rows": [{"name": "a"}]}, "missing_header"),
        ({"kind": "organisations", "rows": [{"name": "a", "kind": "ngo"}] * 1001}, "max_length"),
    ],
)
def test_a_body_that_is_no_table_is_refused(secretariat, body, code: str):
    answer = secretariat.post("imports/", body)

    assert answer.status_code == 400
    assert code in {answer.json()["code"], *(error["code"] for error in answer.json()["errors"])}
    assert (Import.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_every_fault_of_a_header_is_told(send):
    answer = send("mandates", csv_of(("organisation", "colour", "size"), ("a", "b", "c")))

    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/columns/1", "unknown_header"),
        ("/columns/2", "unknown_header"),
        ("/columns", "missing_header"),
    ]


def test_a_dry_run_keeps_nothing_at_all(send):
    answer = send("organisations", csv_of(HEADER, NEW), query="?dry_run=true")

    assert (answer.status_code, answer.json()["counts"]["create"]) == (201, 1)
    assert (Import.objects.count(), ImportRow.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_a_retry_gets_the_first_answer(send):
    # The very bytes again: the boundary of a form differs from client to client.
    sent = {"query": "", "Idempotency-Key": "table-of-today"}

    first, second = (send("organisations", csv_of(HEADER, NEW), **sent) for _ in range(2))

    assert (first.json()["id"], second.json()["id"]) == (first.json()["id"], first.json()["id"])
    assert Import.objects.count() == 1


def test_a_logged_in_officer_sends_a_form_with_the_token_of_the_page(db):
    user = make_grant().user
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.cookies["csrftoken"] = "x" * 32
    from django.core.files.uploadedfile import SimpleUploadedFile

    def post(**headers: str):
        form = {"kind": "organisations", "file": SimpleUploadedFile("table.csv", csv_of(HEADER, NEW))}
        return client.post(f"{BASE}imports/", form, headers=headers)

    assert (post().status_code, post(**{"X-CSRFToken": "x" * 32}).status_code) == (403, 201)


@pytest.mark.parametrize("role", ["public", "lcr", "member_group", "stop_partner", "auditor", "evaluator"])
def test_it_is_the_secretariats_work(client_for, send, role: str):
    answer = send("organisations", csv_of(HEADER, NEW), client=client_for(role))

    assert (answer.status_code, Import.objects.count()) == (401 if role == "public" else 403, 0)
