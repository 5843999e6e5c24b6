"""Hostile and careless files: a 4xx with a code or a labelled row, never a 5xx, and nothing written."""

from __future__ import annotations

import pytest

from members.imports.models import Import, ImportRow
from members.organisations.models import Organisation
from registry.kernel.files import limits
from tests.api_client import BASE
from tests.factories.files import HOSTILE
from tests.factories.imports import csv_of

pytestmark = pytest.mark.django_db
BOUNDARY = "frontier"


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_is_no_table_is_refused_as_a_whole(send, secretariat, make, code: str):
    answer = send("organisations", make())

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/file", code)]
    assert (Import.objects.count(), ImportRow.objects.count(), Organisation.objects.count()) == (0, 0, 0)
    assert secretariat.get("imports/").json()["results"] == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("=1+1", "formula"),
        ("=cmd|' /C calc'!A0", "formula"),
        ("a\x07b", "control_character"),
        ("x" * 201, "too_long"),
        ("\u202e", "no_name"),
        ("...", "no_name"),
    ],
)
def test_a_cell_that_means_harm_is_a_row_in_error(send, rows_of, cell: str, code: str):
    answer = send("organisations", csv_of(("name", "kind"), (cell, "ngo")))

    (row,) = rows_of(answer)
    assert (answer.status_code, row["label"], [error["code"] for error in row["errors"]]) == (201, "error", [code])


def test_cells_that_only_look_like_formulas_are_text_and_leave_harmless(send, rows_of, secretariat):
    answer = send("organisations", csv_of(("name", "kind"), ("'=1+1 (DEMO)", "ngo"), ("@fictif (DEMO)", "ngo")))
    assert [row["label"] for row in rows_of(answer)] == ["create", "create"]

    secretariat.post(f"imports/{answer.json()['id']}/confirm/")

    export = b"".join(secretariat.get("organisations/export/", fields="name").streaming_content)
    assert export.decode().splitlines() == ["name", "'=1+1 (DEMO)", "'@fictif (DEMO)"]


@pytest.mark.parametrize(
    "told",
    "02/12/2014 2.12.2014 2014/12/02 20141202 2014-12-2 14-12-02 2014-W49-2 2014-02-30 41975 0000-01-01".split(),
)
def test_a_date_in_another_notation_is_a_row_in_error(send, rows_of, told: str):
    table = csv_of(("organisation", "region", "since"), ("Réseau Fictif", "europe", told))

    (row,) = rows_of(send("network-memberships", table))

    assert (row["label"], [(error["column"], error["code"]) for error in row["errors"]]) == (
        "error",
        [("since", "invalid_date")],
    )


def test_a_file_above_the_limit_is_too_large(send):
    answer = send("organisations", b"x" * (limits.MAX_BYTES + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_a_form_far_above_the_limit_is_not_read(send):
    answer = send("organisations", b"x" * (limits.MAX_BYTES + 100_000))

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def _part(name: str, value: bytes, *, extra: str = "", charset: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n{charset}\r\n'
    return head.encode("utf-8", "surrogateescape") + value + b"\r\n"


KIND = _part("kind", b"organisations")
FILE = _part("file", b"name,kind\nA,ngo\n", extra='; filename="t.csv"')


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (KIND, "file_or_rows"),
        (FILE, "required"),
        (KIND + KIND + FILE, "duplicate_part"),
        (KIND + FILE + FILE, "duplicate_part"),
        (KIND + FILE + _part("colour", b"red"), "unknown_field"),
        (KIND + FILE + _part("note", b"a\0b"), "nul_character"),
        (_part("kind", b"\xff\xfe") + FILE, "invalid_choice"),
        (KIND + _part("file", b"name,kind\n"), "invalid"),
        (KIND + FILE.replace(b'filename="', b"filename*=bogus''%ff; x=\""), "file_or_rows"),
        (KIND + FILE.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1), "malformed_form"),
        (KIND + FILE.replace(b"t.csv", b"t" * 300 + b".csv"), "max_length"),
        (b"", "required"),
    ],
)
def test_a_form_is_read_as_strictly_as_json(secretariat, parts: bytes, code: str):
    body = parts + f"--{BOUNDARY}--\r\n".encode()

    answer = secretariat.http.generic(
        "POST", f"{BASE}imports/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )

    assert (answer.status_code, Import.objects.count()) == (400, 0), answer.content
    assert code in {answer.json()["code"], *(error["code"] for error in answer.json()["errors"])}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=" + "x" * 300, 400),
        ("multipart/form-data; boundary=é", 400),
        ("multipart/form-data; boundary=frontier; charset=bogus", 400),
        ("multipart/mixed; boundary=frontier", 415),
        ("text/csv", 415),
    ],
)
def test_a_form_that_is_none_is_refused(secretariat, content_type: str, status: int):
    answer = secretariat.http.generic("POST", f"{BASE}imports/", b"name,kind\n", content_type=content_type)

    assert (answer.status_code, Import.objects.count()) == (status, 0), answer.content


def test_no_other_operation_takes_a_form(secretariat):
    answer = secretariat.http.post(f"{BASE}organisations/", {"name": "Réseau Fictif", "kind": "ngo"})

    assert (answer.status_code, Organisation.objects.count()) == (415, 0)
