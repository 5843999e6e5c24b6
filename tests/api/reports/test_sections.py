"""GET and PATCH /reports/{id}/sections/{code}/."""

from __future__ import annotations

import json

import pytest

from codesign.reporting import contents
from codesign.reporting.models import Answer, Report
from registry.kernel.audit.models import AuditEvent
from registry.kernel.idempotency.models import StoredAnswer
from tests.factories.reporting import make_complete_report, make_report, section_versions

pytestmark = pytest.mark.django_db


def place(report: Report, section: str = "criterion-2") -> str:
    return f"reports/{report.pk}/sections/{section}/"


def test_a_section_shows_its_questions_in_the_callers_language(client_for):
    report = make_report(answers={"criterion-2": {"staff_total": 120}})
    company = client_for("company_viewer", organisation=report.company_id)

    response = company.get(place(report), headers={"Accept-Language": "nl"})

    body = response.json()
    assert (body["code"], body["criterion_number"], body["title"]) == ("criterion-2", 2, "Opleiding van het personeel")
    assert (body["version"], [question["value"] for question in body["questions"]]) == (2, [120, None])
    assert body["questions"][0]["text"] == "Hoeveel mensen werkten er op 31 december voor u?"
    assert response["ETag"].startswith('"2-')


def test_two_people_at_once_never_lose_text(client_for):
    report = make_report()
    one = client_for("company_editor", organisation=report.company_id)
    other = client_for("company_editor", organisation=report.company_id)
    read_by_both = one.get(place(report))["ETag"]
    elsewhere = other.get(place(report, "criterion-3"))["ETag"]

    first = one.patch(place(report), {"answers": {"staff_total": 120}}, if_match=read_by_both)
    second = other.patch(place(report), {"answers": {"staff_total": 99}}, if_match=read_by_both)
    parallel = other.patch(place(report, "criterion-3"), {"answers": {"contracts_total": 4}}, if_match=elsewhere)
    after_reading = other.patch(place(report), {"answers": {"staff_trained": 9}}, if_match=first["ETag"])

    assert [r.status_code for r in (first, second, parallel, after_reading)] == [200, 412, 200, 200]
    details = second.json()["details"]
    assert details["answers"] == {"staff_total": 120, "staff_trained": None}
    assert (details["version"], details["yours"]) == (2, {"staff_total": 99})
    assert details["changed_by"].startswith("company_editor (Hotel Fictif")
    assert contents.values_of(report.pk) == {"staff_total": 120, "staff_trained": 9, "contracts_total": 4}


def test_a_section_is_not_changed_without_its_tag(secretariat):
    report = make_report()

    response = secretariat.patch(place(report), {"answers": {"staff_total": 1}})

    assert (response.status_code, response.json()["code"]) == (428, "precondition_required")
    assert Answer.objects.count() == 0


def test_every_answer_keeps_who_and_when(client_for, at):
    report = make_report()
    company = client_for("company_editor", organisation=report.company_id)

    company.patch(place(report), {"answers": {"staff_total": 3}}, if_match=company.get(place(report))["ETag"])

    answer = Answer.objects.get()
    assert (answer.answered_by_id, answer.answered_at, answer.number) == (company.user.pk, at, 3)


def test_all_faults_come_at_once_and_nothing_is_kept(secretariat):
    report = make_report()
    body = {"answers": {"staff_total": "many", "staff_trained": 1.5, "policy_date": "2024-05-01"}}

    response = secretariat.patch(place(report), body, if_match=secretariat.get(place(report))["ETag"])

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [
        ("/answers/staff_total", "wrong_type"),
        ("/answers/staff_trained", "too_precise"),
        ("/answers/policy_date", "unknown_question"),
    ]
    assert (Answer.objects.count(), section_versions(report)["criterion-2"]) == (0, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("In May a guest was seen with a girl in room 203.", "looks_like_a_case"),
        ("Ask jan@hotel.example about the tours.", "looks_like_a_person"),
    ],
)
def test_text_about_people_is_refused_and_repeated_nowhere(secretariat, caplog, text, code):
    report = make_report()
    tag = secretariat.get(place(report, "criterion-1"))["ETag"]

    body = {"answers": {"voluntourism_measures": text}}
    response = secretariat.patch(place(report, "criterion-1"), body, if_match=tag, key="once")

    assert (response.status_code, [f["code"] for f in response.json()["errors"]]) == (400, [code])
    assert "/api/v1/reporting-channels/" in response.json()["errors"][0]["message"]
    kept = json.dumps(list(AuditEvent.objects.values("action", "changes")))
    stored = bytes(StoredAnswer.objects.get().body).decode()
    for place_of_text in (response.content.decode(), kept, stored, caplog.text):
        assert text not in place_of_text
    assert Answer.objects.count() == 0


def test_a_submitted_report_is_not_written_to(secretariat):
    report = make_complete_report()
    path = f"reports/{report.pk}/"
    secretariat.post(f"{path}submit/", if_match=secretariat.get(path)["ETag"])
    before = contents.values_of(report.pk)

    tag = secretariat.get(place(report))["ETag"]
    response = secretariat.patch(place(report), {"answers": {"staff_total": 1}}, if_match=tag)

    assert (response.status_code, response.json()["code"]) == (409, "report_not_editable")
    assert contents.values_of(report.pk) == before


@pytest.mark.parametrize("body", [{}, {"answers": {}}, {"answers": []}, {"answers": {"staff_total": 1}, "state": "x"}])
def test_a_malformed_body_is_refused(secretariat, body):
    report = make_report()

    response = secretariat.patch(place(report), body, if_match=secretariat.get(place(report))["ETag"])

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert Answer.objects.count() == 0


def test_foreign_absent_and_unknown_sections_look_the_same(client_for, secretariat, auditor, lcr_nl):
    report = make_report()
    tag = secretariat.get(place(report))["ETag"]
    stranger = client_for("company_editor", organisation=make_report(year=2025).company_id)

    for client, path in [(stranger, place(report)), (lcr_nl, place(report)), (secretariat, place(report, "ghost"))]:
        assert client.get(path).status_code == 404
        assert client.patch(path, {"answers": {"staff_total": 1}}, if_match=tag).status_code == 404
    assert auditor.get(place(report)).status_code == 403
    assert Answer.objects.count() == 0


def test_a_retried_answer_gets_the_first_answer_again(client_for):
    report = make_report()
    editor = client_for("company_editor", organisation=report.company_id)
    path = f"reports/{report.pk}/sections/criterion-5/"
    tag = editor.get(path)["ETag"]

    first, second = (
        editor.patch(path, {"answers": {"stakeholder_actions": 2}}, if_match=tag, key="section-5") for _ in range(2)
    )

    assert (first.status_code, second.status_code) == (200, 200)
    assert (second.content, second["Idempotent-Replay"]) == (first.content, "true")
    assert section_versions(report)["criterion-5"] == 2
