"""Hostile and careless files: a roster that failed with a code or a row in error, never a 5xx; nothing is written."""

from __future__ import annotations

import resource
import subprocess

import pytest

from codesign.rosters.models import Roster, RosterRow
from codesign.training.models import StaffMember
from registry.kernel.files.limits import STREAMED
from tests.factories import rosters
from tests.factories.files import HOSTILE
from tests.factories.imports import xlsx_of

pytestmark = pytest.mark.django_db
GOOD = ["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"]
# A stream has room for more rows, and tells a table by its columns before it reads on.
OTHERWISE = {"a million rows": "unknown_column", "surplus cells": "unknown_column", "open quotes": "unknown_column"}
HEADER_FIRST = {"NUL", "two encodings", "lone surrogate", "cell of 10 MB"}


@pytest.mark.parametrize(("name", "make", "code"), [(name, *how) for name, how in HOSTILE.items()], ids=list(HOSTILE))
def test_a_file_that_is_no_table_fails_with_its_reason(send, editor, name: str, make, code: str):
    sent = send(make())
    assert sent.status_code == 202

    rosters.work()

    failed = editor.get(sent["Location"]).json()
    expected = {OTHERWISE.get(name, code)} | ({"unknown_column"} if name in HEADER_FIRST else set())
    assert (failed["state"], failed["failure"]["code"] in expected) == ("failed", True), failed["failure"]
    assert (RosterRow.objects.count(), StaffMember.objects.count()) == (0, 0)
    assert editor.get("rosters/").status_code == 200


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"reference,site\nE1,a\0b\n", "nul_character"),
        (rosters.csv_of(GOOD) + "E2,é".encode("latin-1"), "encoding"),
        (rosters.csv_of(GOOD) + b"E2,\xed\xa0\x80\n", "encoding"),
        (rosters.csv_of(GOOD, [*GOOD, "surplus"]), "surplus_cells"),
        (b"reference,site\n" + b"x" * 11_000_000 + b"\n", "cell_too_long"),
        (b'reference,site\n"E1,a\n', "malformed_csv"),
        (b"reference,Employee\nE1,E2\n", "duplicate_header"),
        (b"site,role\na,sales\n", "missing_column"),
        (b"reference,name\nE1,Invented Person\n", "unknown_column"),
        (b'{"reference":"E1","reference":"E2"}\n', "duplicate_header"),
        (b'{"reference":"E1","name":"Invented"}\n', "unknown_column"),
        (b'{"reference":["E1"]}\n', "malformed_json"),
        (b'{"reference":"\\ud800"}\n', "malformed_json"),
        (b'{"reference":"E1"}\n[1]\n', "malformed_json"),
        (b'{"reference":"E1\\u0000"}\n', "nul_character"),
        (b'{"reference":' + b"[" * 100_000 + b"\n", "malformed_json"),
        (xlsx_of(["reference", "site"], ["E1", "a"], sheets=2), "several_sheets"),
    ],
)
def test_a_table_that_breaks_off_fails_as_a_whole(send, editor, content: bytes, code: str):
    sent = send(content)

    rosters.work()

    failed = editor.get(sent["Location"]).json()
    assert (failed["state"], failed["failure"]["code"]) == ("failed", code)
    assert "Invented" not in str(failed)
    assert (RosterRow.objects.count(), StaffMember.objects.count()) == (0, 0)


def test_a_sheet_that_begins_elsewhere_shifts_no_column(send, editor, site):
    from io import BytesIO

    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for place, name in enumerate(rosters.HEADER):
        sheet.write(0, place, name)
        sheet.write(3, place, GOOD[place])
    sheet.write(5, 1, "Hotel Fictif Royal")
    book.close()
    sent = send(file.getvalue(), name="staff.xlsx")

    rosters.work()

    assert rosters.faults(Roster.objects.get()) == [(6, "reference", "required")]
    assert rosters.labels(Roster.objects.get()) == {"E1": "create"}
    assert editor.get(sent["Location"]).json()["row_count"] == 2


def test_a_file_above_the_limit_is_not_read(editor):
    body = b"--b\r\n"
    answer = editor.http.generic(
        "POST",
        "/api/v1/rosters/",
        body,
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(STREAMED.bytes + 100_000),
    )

    assert (answer.status_code, answer.json()["code"], Roster.objects.count()) == (413, "body_too_large", 0)


def test_the_reader_is_stopped_where_it_takes_too_much(send, editor, monkeypatch):
    """The web process and the worker live on; the limits of the child are its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    sent = send(HOSTILE["far cell without address"][0]())

    rosters.work()

    assert editor.get(sent["Location"]).json()["failure"]["code"] == "too_heavy"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 8
    assert subprocess.run(["true"], check=True).returncode == 0
