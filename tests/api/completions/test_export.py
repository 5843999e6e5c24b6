"""Completions as a file: what the database writes is what the rows say, of one's own people alone."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO

import pytest

from registry.kernel.api import copies
from tests.factories import training

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None):
    """Two completions, one corrected; the course has a name that a spreadsheet would run. Another company has one."""
    training.load_default_requirements()
    person = training.make_staff(reference="E1")
    course = training.make_course(code="basics", names={"en": '=1+1, "basics"\nand more', "fr": "@bases"})
    training.make_completion(person, course=course, on=date(2026, 3, 1))
    training.make_completion(person, course=training.make_course(names={"en": "Plain"}), on=date(2026, 4, 1))
    training.make_completion(training.make_staff(), course=course, on=date(2026, 3, 1))
    return person.company


def rows_of(client, **params):
    """The file, as whoever opens it reads it."""
    response = client.get("completions/export/", **params)
    content = b"".join(response.streaming_content).decode()
    if params.get("format") == "jsonl":
        return [json.loads(line) for line in content.splitlines()]
    return list(csv.DictReader(StringIO(content, newline="")))


def test_a_file_has_the_columns_and_values_of_the_export_row_by_row(client_for, company):
    editor = client_for("company_editor", organisation=company.organisation)
    (first,) = [row for row in editor.get("completions/").json()["results"] if row["completed_on"] == "2026-03-01"]
    editor.post(f"completions/{first['id']}/correct/", {"reason": "wrong_day", "completed_on": "2026-03-02"})
    names = "id,staff_member,course,completed_on,source,recorded_at,superseded_at,superseded_reason,corrects"

    slow = rows_of(editor, fields=names)
    quick = rows_of(editor)

    assert sorted(quick, key=str) == sorted(slow, key=str)
    assert {row["course"] for row in quick} == {'\'=1+1, "basics"\nand more', "Plain"}
    assert len(quick) == 3


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_rows_that_come_ahead_are_neither_lost_nor_doubled(client_for, company, monkeypatch, ahead: int):
    monkeypatch.setattr(copies, "_AHEAD", ahead)
    editor = client_for("company_editor", organisation=company.organisation)

    for params in ({}, {"format": "jsonl"}):
        assert sorted(row["completed_on"] for row in rows_of(editor, **params)) == ["2026-03-01", "2026-04-01"]
    assert [row["completed_on"] for row in rows_of(editor, course="basics")] == ["2026-03-01"]


def test_lines_of_json_say_the_same_unguarded_and_in_the_readers_language(client_for, company):
    editor = client_for("company_editor", organisation=company.organisation)

    rows = rows_of(editor, format="jsonl", headers={"Accept-Language": "fr"})

    assert {row["course"] for row in rows} == {"@bases", "Plain"}
    assert {(row["staff_member"], row["superseded_at"], row["recorded_at"]) for row in rows} == {
        ("E1", None, "2026-11-22T10:00:00+00:00")
    }


def test_a_filter_holds_for_the_file_and_nobody_gets_another_companys(client_for, company):
    editor = client_for("company_editor", organisation=company.organisation)
    other = client_for("company_editor", organisation=training.make_hotel_company().organisation)

    assert [row["completed_on"] for row in rows_of(editor, course="basics")] == ["2026-03-01"]
    assert rows_of(other) == []
    assert client_for("lcr").get("completions/export/").status_code == 403
    assert editor.get("completions/export/", format="pdf").json()["errors"][0]["code"] == "unknown_format"
