"""A report as a document: PDF, files, corrections, what is public, and what is taken away for good."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from codesign.reporting import actions, contents
from codesign.reporting.models import Answer, Contribution, Report, ReportFile, ReportSnapshot
from members.people.models import ErasureLedger
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.documents import storage
from registry.kernel.idempotency.models import StoredAnswer
from tests.factories.reporting import OPENED_AT, make_complete_report, make_member, make_report, make_year

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n"
SECRET = "Tuesday’s visit of the “Delta” office, line 4"


def tag(client, path: str) -> str:
    return client.get(path)["ETag"]


def save(client, report, section: str, **answers):
    path = f"reports/{report.pk}/sections/{section}/"
    return client.patch(path, {"answers": answers}, if_match=tag(client, path))


def moved(report: Report, *moves: str) -> None:
    from tests.domain.reporting.test_groups import SECRETARIAT

    for move in moves:
        getattr(actions, move)(report_id=report.pk, expected_version=None, actor=SECRETARIAT, at=OPENED_AT)


def test_the_report_is_printed_in_the_companys_language_and_the_same_bytes_each_time(client_for):
    report = make_complete_report()
    report.company.organisation.languages = ["nl", "fr"]
    report.company.organisation.save(update_fields=["languages"])
    company = client_for("company_viewer", organisation=report.company_id)
    draft = company.get(f"reports/{report.pk}/pdf/")
    moved(report, "submit")

    first, again = (company.get(f"reports/{report.pk}/pdf/") for _ in range(2))
    french = company.get(f"reports/{report.pk}/pdf/", language="fr")

    assert (first["Content-Type"], first.content[:5], first.content == again.content) == (
        "application/pdf",
        b"%PDF-",
        True,
    )
    assert len({draft.content, first.content, french.content}) == 3
    assert b"(nl)" in first.content
    assert company.get(f"reports/{report.pk}/pdf/", language="xx").status_code == 400


def test_a_provisional_submission_is_read_and_no_deadline_counts_it(client_for, lcr_be):
    report = make_report(answers={"criterion-2": {"staff_total": 5}})
    company = client_for("company_editor", organisation=report.company_id)
    path = f"reports/{report.pk}/"

    shown = company.post(f"{path}provisional/", if_match=tag(company, path))

    assert (shown.status_code, shown.json()["state"], shown.json()["first_submitted_at"]) == (200, "draft", None)
    snapshot = lcr_be.get(f"{path}snapshots/1/").json()
    assert (snapshot["kind"], lcr_be.get(path).json()["lateness"]) == ("provisional", "lapsed")
    assert save(company, report, "criterion-2", staff_trained=5).status_code == 200
    save(company, report, "criterion-2", staff_trained=6)
    refused = company.post(f"{path}provisional/", if_match=tag(company, path))
    assert [fault["code"] for fault in refused.json()["errors"]] == ["above_other_answer"]


def test_a_correction_is_a_new_version_with_its_reason_and_a_diff(client_for, lcr_be, anonymous):
    make_year(2025)
    report = make_complete_report(membership=make_member(member_since="2020-01-01"))
    company = client_for("company_editor", organisation=report.company_id)
    path = f"reports/{report.pk}/"
    company.put(f"{path}publicity/", {"questions": ["staff_trained"]}, if_match=tag(company, path))
    moved(report, "submit", "accept", "publish")
    public = f"published-reports/{report.pk}/answers/"
    assert [row["value"] for row in anonymous.get(public).json()] == [96]

    refused = company.post(f"{path}correct/", {"reason": "Ask jan@hotel.example"}, if_match=tag(company, path))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "looks_like_a_person")
    company.post(f"{path}correct/", {"reason": "The night shift was left out."}, if_match=tag(company, path))
    save(company, report, "criterion-2", staff_trained=110)
    moved(report, "submit")

    snapshots = ReportSnapshot.objects.order_by("number")
    assert [(row.number, row.kind, row.reason) for row in snapshots] == [
        (1, "final", ""),
        (2, "correction", "The night shift was left out."),
    ]
    for row in snapshots:
        assert row.sha256 == hashlib.sha256(contents.canonical(row.content)).hexdigest()
    diff = lcr_be.get(f"{path}diff/", before=1, after=2).json()
    assert (diff["reason"], diff["changes"]) == (
        "The night shift was left out.",
        [{"question": "staff_trained", "site": None, "before": 96, "after": 110}],
    )
    # What was published speaks until the correction is; the indicators count what was accepted.
    assert [row["value"] for row in anonymous.get(public).json()] == [96]
    assert Contribution.objects.get(indicator_code="staff_trained").value == 96
    moved(report, "accept", "publish")
    assert [row["value"] for row in anonymous.get(public).json()] == [110]
    assert Contribution.objects.get(indicator_code="staff_trained").value == 110


def test_what_is_public_is_chosen_within_the_rules(client_for, anonymous):
    make_year(2025, version=2)
    young, old = (make_complete_group(member_since=day) for day in ("2024-03-01", "2023-12-31"))
    for report in (young, old):
        company = client_for("company_editor", organisation=report.company_id)
        path = f"reports/{report.pk}/"
        wrong = {"questions": ["has_policy", "passed_on", "x"]}
        never = company.put(f"{path}publicity/", wrong, if_match=tag(company, path))
        assert [(fault["pointer"], fault["code"]) for fault in never.json()["errors"]] == [
            ("/questions/1", "never_public"),
            ("/questions/2", "unknown_question"),
        ]
        chosen = company.put(f"{path}publicity/", {"questions": ["has_policy"]}, if_match=tag(company, path))
        assert chosen.json()["public_codes"] == ["has_policy"]
        moved(report, "submit", "accept", "publish")

    found = {row["id"] for row in anonymous.get("published-reports/").json()["results"]}

    # 2025 is the first full year of whoever joined in 2024: private.
    assert found == {str(old.pk)}
    assert anonymous.get(f"published-reports/{young.pk}/answers/").status_code == 404
    answers = anonymous.get(f"published-reports/{old.pk}/answers/", headers={"Accept-Language": "nl"}).json()
    assert [(row["code"], row["value"], row["text"][:12]) for row in answers] == [("has_policy", True, "Hebt u een s")]
    old.company.is_profile_public = False
    old.company.save(update_fields=["is_profile_public"])
    assert anonymous.get("published-reports/").json()["results"] == []


def make_complete_group(**overrides) -> Report:
    """A report of the second questionnaire, complete, of a company without sites."""
    from tests.factories.reporting import GROUP_ANSWERS

    member = make_member(**overrides)
    report = actions.create(company_id=member.company_id, year=2025, actor=SYSTEM, at=OPENED_AT)
    more = {
        "criterion-2": {"staff_total": 9, "staff_trained": 8},
        "criterion-4": {"travellers_informed": 100, "material_languages": ["nl"]},
        "criterion-6": {"sites_in_scope": 1, "sites_answering": 1},
    }
    for section, answers in {**GROUP_ANSWERS, **more}.items():
        actions.answer_section(
            report_id=report.pk, section=section, answers=answers, expected_version=None, actor=SYSTEM, at=OPENED_AT
        )
    return report


def test_a_file_is_checked_kept_and_named_by_an_answer(client_for, lcr_be):
    make_year(2025, version=2)
    report, other = make_complete_group(), make_complete_group()
    company = client_for("company_editor", organisation=report.company_id)

    def send(name: str, content: bytes, kind: str):
        file = SimpleUploadedFile(name, content, content_type=kind)
        return company.http.post(f"/api/v1/reports/{report.pk}/files/", {"file": file})

    assert send("policy.exe", b"MZ\x90\x00", "application/pdf").status_code == 415
    assert (send("policy.pdf", b"", "application/pdf").status_code, ReportFile.objects.count()) == (400, 0)
    sent = send("policy.pdf", PDF, "application/pdf")
    assert (sent.status_code, sent.json()["media_type"]) == (201, "application/pdf")
    stranger = client_for("company_editor", organisation=other.company_id)
    foreign = save(stranger, other, "criterion-1", policy_file=sent.json()["id"])
    assert [fault["code"] for fault in foreign.json()["errors"]] == ["unknown_file"]
    assert save(company, report, "criterion-1", policy_file=sent.json()["id"]).status_code == 200
    assert b"".join(lcr_be.get(f"reports/{report.pk}/files/{sent.json()['id']}/").streaming_content) == PDF


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
    before = backup_of(Answer.objects.filter(value=SECRET))
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
    assert event.changes == {"question": [None, "stakeholder_text"], "reason": [None, "describes_a_case"]}
    assert ErasureLedger.objects.count() == 2
    for row in before:  # as a restored backup has them
        row.save()
    assert everywhere(SECRET) == ["codesign_answer"]
    assert [actions.redact_again(actor=SYSTEM, at=OPENED_AT) for _ in range(2)] == [2, 2]
    assert everywhere(SECRET) == []
    assert company.post(f"{path}redact/", {"question": "stakeholder_text", "reason": "x"}).status_code == 403


def backup_of(rows) -> list:
    return list(rows)


def everywhere(text: str) -> list[str]:
    """Tables with a row that holds the text, in whichever way it is written."""
    written = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                whole = " ".join(map(_as_text, row))
                if any(one in whole for one in written):
                    found.append(table)
                    break
    return found


def _as_text(cell) -> str:
    return bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else str(cell)


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


def test_the_reason_of_an_extension_is_redacted_and_its_days_stay(secretariat, auditor):
    year = make_year(2025)
    body = {"reporting_year": str(year.pk), "until": "2026-04-30", "reason": SECRET}
    row = secretariat.post("extensions/", body, key="kept").json()

    secretariat.post(f"extensions/{row['id']}/redact/", {"reason": "describes_a_case"})

    shown = secretariat.get(f"extensions/{row['id']}/").json()
    assert (shown["until"], shown["reason"], everywhere(SECRET)) == ("2026-04-30", "[erased]", [])
    assert StoredAnswer.objects.get(key="kept").body is None
