"""Tables are read in a process of their own, and what is no table is refused with a code."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest

from registry.kernel.errors import TooLarge
from registry.kernel.files import limits, tables
from registry.kernel.files.tables import FileRefused, Table
from registry.kernel.files.workbooks import shown_as
from tests.factories.files import HOSTILE
from tests.factories.imports import xlsx_of

ROOT = Path(__file__).parents[3]
TWO_ROWS = Table(["name", "kind"], [["Réseau Fictif", "ngo"], ["B", ""]], [2, 4])


@pytest.mark.parametrize(
    "content",
    [
        "name,kind\nRéseau Fictif,ngo\n\nB\n".encode(),
        "\ufeffName ;KIND\r\nRéseau Fictif;ngo\r\n;\r\nB;\r\n".encode(),
        "name\tkind\n Réseau Fictif \tngo\n\t\nB\t\n".encode(),
        xlsx_of(["name", "kind", ""], ["Réseau Fictif", "ngo"], [], ["B"]),
    ],
    ids=["commas", "semicolons with a mark in front", "tabs", "workbook"],
)
def test_every_kind_of_table_is_read_alike(content: bytes):
    assert tables.read(content) == TWO_ROWS


def test_a_cell_may_hold_the_separator_quotes_and_lines():
    assert tables.read(b'name,note\n"A, B","say ""hi""\nthere"\n').rows == [["A, B", 'say "hi"\nthere']]


def test_values_of_a_workbook_are_text_as_the_register_writes_it():
    row = [2017.0, 0.5, True, 12345678901, "2017-01-01"]

    assert tables.read(xlsx_of(["a", "b", "c", "d", "e"], row)).rows == [
        ["2017", "0.5", "true", "12345678901", "2017-01-01"]
    ]


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=list(HOSTILE))
def test_what_is_no_table_is_refused_with_its_reason(make, code: str):
    with pytest.raises(FileRefused) as refused:
        tables.read(make())

    assert (refused.value.code, [fault.pointer for fault in refused.value.faults]) == (code, ["/file"])
    assert len(refused.value.detail) < 200


def test_a_larger_file_is_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)

    with pytest.raises(TooLarge) as refused:
        tables.read(b"x" * (limits.MAX_BYTES + 1))

    assert refused.value.code == "file_too_large"


def test_as_many_rows_and_columns_as_may_be_are_read():
    header = ",".join(f"c{n}" for n in range(limits.MAX_COLUMNS))
    assert len(tables.read(f"{header}\n1\n".encode()).rows[0]) == limits.MAX_COLUMNS
    assert len(tables.read(b"a\n" + b"1\n" * limits.MAX_ROWS).rows) == limits.MAX_ROWS


@pytest.mark.parametrize(
    "harm",
    ["bytearray(1 << 30)", "while True: pass", "open('written', 'wb', buffering=0).write(b'x')"],
    ids=["memory", "time", "disk"],
)
def test_the_reader_has_no_more_than_it_needs(tmp_path, harm: str):
    harmful = tmp_path / "reader.py"
    start = f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); os.chdir({str(tmp_path)!r})"
    bounds = "from registry.kernel.files import limits, reader; limits.CPU_SECONDS = 1; reader.limit()"
    harmful.write_text("\n".join((start, bounds, harm, "print('{}')")))

    assert tables._asked(b"a\n1\n", reader=harmful)["code"] == "too_heavy"
    assert not (tmp_path / "written").exists() or (tmp_path / "written").read_bytes() == b""


def test_days_of_a_workbook_are_iso():
    assert [shown_as(value) for value in (date(2017, 3, 1), datetime(2017, 3, 1), datetime(2017, 3, 1, 9, 30))] == [
        "2017-03-01",
        "2017-03-01",
        "2017-03-01T09:30:00",
    ]
