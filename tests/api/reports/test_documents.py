"""A report as a document: PDF, files, corrections, what is public, and what is taken away for good."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.reporting import actions, contents
from codesign.reporting.models import Contribution, Report, ReportFile, ReportSnapshot
from registry.kernel.audit.actor import SYSTEM
from tests.factories.reporting import OPENED_AT, make_complete_report, make_member, make_report, make_year

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n"


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
