"""What is taken away for good: from every row, file, stored reply and journal, and again after a restore."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from codesign.reporting import actions, contents
from codesign.reporting.models import (
    Answer,
    IndicatorCell,
    ReportFile,
    ReportMove,
    ReportSlice,
    ReportSnapshot,
    ReturnLink,
    SiteReturn,
)
from members.people.models import ErasureLedger
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.documents import storage
from registry.kernel.idempotency.models import StoredAnswer
from tests.api.reports.test_documents import PDF, make_complete_group, moved, save, tag
from tests.factories.reporting import GROUP_ANSWERS, OPENED_AT, answer_site, make_group, make_year, returns_of

SECRET = "Tuesday’s visit of the “Delta” office, line 4"
# One text for each place where people word something in a report.
WORDS = {
    "answer": "Quokka’s “answer” at the desk",
    "unsaved": "Quokka’s “second” answer, which came too late",
    "jump": "Wombat’s “figure” grew with the annex",
    "of_site": "Numbat’s “head count” grew too",
    "reopened": "Bilby’s “night shift” is missing",
    "returned": "Dunnart’s “rota” shows other figures",
    "correction": "Potoroo’s “annex” was left out",
    "file": "Kowari’s “policy”.pdf",
    "content": "Kowari in the file itself",
    "holder": "Quoll’s “front office” desk",
}


@pytest.mark.django_db
def test_redaction_reaches_every_copy_and_is_applied_again_after_a_restore(client_for, secretariat, lcr_be):
    make_year(2025, version=2)
    report = make_complete_group()
    company = client_for("company_editor", organisation=report.company_id)
    path, section = f"reports/{report.pk}/", f"reports/{report.pk}/sections/criterion-5/"
    body = {"answers": {"stakeholder_text": SECRET}}
    assert company.patch(section, body, if_match=tag(company, section), key="kept").status_code == 200
    moved(report, "submit")
    comments = {"stakeholder_text": SECRET}
    lcr_be.post(f"{path}return/", {"comments": comments}, if_match=tag(lcr_be, path), key="kept")
    moved(report, "submit")
    before = list(Answer.objects.filter(value=SECRET))
    first = ReportSnapshot.objects.first().sha256

    why = {"question": "stakeholder_text", "reason": "describes_a_case"}
    done = secretariat.post(f"{path}redact/", why, key="kept")

    assert done.status_code == 200
    assert everywhere(SECRET) == []
    shown = next(row for row in lcr_be.get(section).json()["questions"] if row["code"] == "stakeholder_text")
    assert (shown["value"], shown["is_redacted"]) == (None, True)
    snapshot = ReportSnapshot.objects.first()
    left = hashlib.sha256(contents.canonical(snapshot.content)).hexdigest()
    assert (snapshot.sha256, snapshot.redacted_sha256) == (first, left)
    event = AuditEvent.objects.get(action="reports.redact")
    assert event.changes == {
        "part": [None, "question"],
        "question": [None, "stakeholder_text"],
        "reason": [None, "describes_a_case"],
    }
    assert ErasureLedger.objects.count() == 2
    for row in before:  # as a restored backup has them
        row.save()
    assert everywhere(SECRET) == ["codesign_answer"]
    assert [actions.redact_again(actor=SYSTEM, at=OPENED_AT) for _ in range(2)] == [2, 2]
    assert everywhere(SECRET) == []
    assert company.post(f"{path}redact/", {"question": "stakeholder_text", "reason": "x"}).status_code == 403


@pytest.mark.django_db
def test_a_redacted_file_is_gone(client_for, secretariat):
    make_year(2025, version=2)
    report = make_complete_group()
    company = client_for("company_editor", organisation=report.company_id)
    file = SimpleUploadedFile("policy.pdf", PDF, content_type="application/pdf")
    key = company.http.post(f"/api/v1/reports/{report.pk}/files/", {"file": file}).json()["id"]
    save(company, report, "criterion-1", policy_file=key)
    document = ReportFile.objects.get().document
    assert Path(storage.path_of(document.pk)).exists()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda work, **options: work())
        secretariat.post(f"reports/{report.pk}/redact/", {"question": "policy_file", "reason": "names_a_person"})

    assert not Path(storage.path_of(document.pk)).exists()
    assert company.get(f"reports/{report.pk}/files/{key}/").status_code == 404


@pytest.mark.django_db
def test_the_reason_of_an_extension_is_redacted_and_its_days_stay(secretariat, auditor):
    year = make_year(2025)
    body = {"reporting_year": str(year.pk), "until": "2026-04-30", "reason": SECRET}
    row = secretariat.post("extensions/", body, key="kept").json()

    secretariat.post(f"extensions/{row['id']}/redact/", {"reason": "describes_a_case"})

    shown = secretariat.get(f"extensions/{row['id']}/").json()
    assert (shown["until"], shown["reason"], everywhere(SECRET)) == ("2026-04-30", "[erased]", [])
    assert StoredAnswer.objects.get(key="kept").body is None


@pytest.mark.django_db
def test_the_reason_of_an_edition_is_redacted_and_its_figures_stay(secretariat, auditor):
    make_year(2025, version=2)
    moved(make_complete_group(), "submit", "accept")
    secretariat.post("indicators/", {"year": 2025})
    row = secretariat.post("indicators/", {"year": 2025, "reason": SECRET}, key="kept").json()
    where = f"indicators/{row['id']}/redact/"
    assert auditor.post(where, {"reason": "describes_a_case"}).status_code == 403
    before = IndicatorCell.objects.filter(edition=row["id"]).count()

    shown = secretariat.post(where, {"reason": "describes_a_case"}).json()

    assert (shown["number"], shown["reason"], everywhere(SECRET)) == (2, "[erased]", [])
    assert IndicatorCell.objects.filter(edition=row["id"]).count() == before > 0
    assert StoredAnswer.objects.get(key="kept").body is None


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_report_stays_in_any_byte_once_it_is_redacted(client_for, secretariat, lcr_be, lcr_nl):
    report = worded_report(client_for, lcr_nl)
    path = f"reports/{report.pk}/"
    assert {name for name, text in WORDS.items() if not everywhere(text)} == set()
    parts = [
        {"question": "stakeholder_text"},
        {"question": "contracts_total"},
        {"question": "staff_total"},
        {"question": "staff_trained"},
        {"part": "corrections"},
        {"part": "files"},
        {"part": "holders"},
    ]

    answers = [secretariat.post(f"{path}redact/", {**part, "reason": "names_a_person"}) for part in parts]

    assert [answer.status_code for answer in answers] == [200] * 7
    assert {name: where for name, text in WORDS.items() if (where := everywhere(text))} == {}
    assert set(ReportMove.objects.exclude(reason="").values_list("reason", flat=True)) == {"[erased]"}
    diff = secretariat.get(f"{path}diff/", before=2, after=3).json()
    assert (diff["reason"], diff["changes"]) == (
        "[erased]",
        [{"question": "contracts_with_clause", "site": None, "before": 31, "after": 32}],
    )
    assert ReturnLink.objects.get().holder == "[erased]"
    # What was said elsewhere stays.
    assert contents.values_of(report.pk)["contracts_with_clause"] == 32


@pytest.mark.django_db(transaction=True)
def test_a_restore_brings_no_word_back(client_for, secretariat, lcr_nl):
    report = worded_report(client_for, lcr_nl)
    backup = [
        list(rows)
        for rows in (
            Answer.objects.all(),
            ReportMove.objects.all(),
            ReportSlice.objects.all(),
            SiteReturn.objects.all(),
            ReportSnapshot.objects.all(),
            ReturnLink.objects.all(),
        )
    ]
    for part in (
        {"question": "stakeholder_text"},
        {"question": "staff_trained"},
        {"part": "corrections"},
        {"part": "holders"},
    ):
        secretariat.post(f"reports/{report.pk}/redact/", {**part, "reason": "names_a_person"})
    for row in (row for rows in backup for row in rows):
        row.save()
    back = {name for name in ("answer", "reopened", "returned", "correction", "holder") if everywhere(WORDS[name])}
    assert back == {"answer", "reopened", "returned", "correction", "holder"}

    actions.redact_again(actor=SYSTEM, at=OPENED_AT)

    assert {name: where for name in back if (where := everywhere(WORDS[name]))} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/question", "required"),
        ({"question": "no_such"}, "/question", "unknown_question"),
        ({"part": "corrections", "question": "staff_total"}, "/question", "not_allowed"),
        ({"part": "everything"}, "/part", "invalid_choice"),
    ],
)
def test_a_redaction_says_what_it_takes_away(secretariat, body, pointer, code):
    make_year(2025, version=2)
    report = make_complete_group()

    response = secretariat.post(f"reports/{report.pk}/redact/", {**body, "reason": "names_a_person"})

    faults = [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]
    assert (response.status_code, faults) == (400, [(pointer, code)])
    assert (AuditEvent.objects.filter(action="reports.redact").count(), ErasureLedger.objects.count()) == (0, 0)


def worded_report(client_for: Callable[..., Any], lcr_nl: Any) -> Any:
    """A chain's report, corrected once, with a text in every place that takes one; every call with a key."""
    report = make_group("BE", "NL")
    company = client_for("company_editor", organisation=report.company_id)
    path, sites = f"reports/{report.pk}/", returns_of(report)
    for section, answers in GROUP_ANSWERS.items():
        save(company, report, section, **answers)

    def send(
        where: str, body: Any, key: str, *, by: Any = company, method: str = "patch", of: str = "", match: str = ""
    ) -> Any:
        answer = getattr(by, method)(where, body, if_match=match or tag(by, of or where), key=key)
        assert answer.status_code in {200, 412}, answer.content
        return answer

    text = f"{path}sections/criterion-5/"
    before = tag(company, text)
    send(text, {"answers": {"stakeholder_text": WORDS["answer"]}}, "answer")
    assert send(text, {"answers": {"stakeholder_text": WORDS["unsaved"]}}, "unsaved", match=before).status_code == 412
    send(
        f"{path}sections/criterion-3/",
        {"answers": {"contracts_total": 40}, "comments": {"contracts_total": WORDS["jump"]}},
        "jump",
    )
    of_site = f"site-returns/{sites['BE 0'].pk}/"
    body = {"answers": {"staff_total": 10, "staff_trained": 7}, "comments": {"staff_total": WORDS["of_site"]}}
    send(f"{of_site}sections/criterion-2/", body, "of_site")
    made = company.post(f"{of_site}links/", {"holder": WORDS["holder"], "days": 30})
    assert made.status_code == 201
    answer_site(sites["NL 0"], staff_total=10, staff_trained=7)
    send(f"{of_site}submit/", None, "handed in", method="post", of=of_site)
    again = {"comments": {"staff_trained": WORDS["reopened"]}}
    send(f"{of_site}reopen/", again, "reopened", method="post", of=of_site)
    file = SimpleUploadedFile(WORDS["file"], PDF + WORDS["content"].encode(), content_type="application/pdf")
    assert company.http.post(f"/api/v1/{path}files/", {"file": file}).status_code == 201
    send(f"{path}submit/", None, "first", method="post", of=path)
    part = f"report-slices/{report.slices.get(country='NL').pk}/"
    send(
        f"{part}return/",
        {"comments": {"staff_trained": WORDS["returned"]}},
        "returned",
        by=lcr_nl,
        method="post",
        of=part,
    )
    moved_slices(report, "submit")
    send(f"{path}correct/", {"reason": WORDS["correction"]}, "correction", method="post", of=path)
    save(company, report, "criterion-3", contracts_with_clause=32)
    send(f"{path}submit/", None, "corrected", method="post", of=path)
    report.refresh_from_db()
    return report


def moved_slices(report: Any, *moves: str) -> None:
    """Hand it in again, and let every slice be accepted."""
    from tests.domain.reporting.test_groups import SECRETARIAT

    moved(report, *moves)
    for row in report.slices.order_by("pk"):
        actions.accept_slice(slice_id=row.pk, expected_version=None, actor=SECRETARIAT, at=OPENED_AT)


def everywhere(text: str) -> list[str]:
    """Tables with a row that holds the text, and on SQLite the files of the database that hold its bytes."""
    found = [
        table for table in connection.introspection.table_names() if any(_holds(row, text) for row in _rows(table))
    ]
    return found + [path.name for path in _files() if any(one.encode() in path.read_bytes() for one in _written(text))]


def _written(text: str) -> set[str]:
    """In whichever way it is written."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}


def _rows(table: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        yield from cursor.fetchall()


def _holds(row: Any, text: str) -> bool:
    whole = " ".join(
        bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else str(cell) for cell in row
    )
    return any(one in whole for one in _written(text))


def _files() -> list[Path]:
    """The database with its journal, where it is a file, and all that is kept beside it."""
    kept = [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    if connection.vendor != "sqlite":
        return kept
    own = Path(connection.settings_dict["NAME"])
    return [*kept, *(path for path in own.parent.glob(f"{own.name}*") if path not in kept)]
