"""What can't be kept: a clear refusal that points at the place, and not one row of it written."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.reporting.models import Report
from registry.kernel.documents.models import Document
from tests.api_client import ApiClient
from tests.factories.documents import PDF
from tests.factories.reporting import answer_site, make_group, make_member, make_submitted_group, returns_of

pytestmark = pytest.mark.django_db
WRITTEN = (
    "codesign.Report codesign.Answer codesign.SectionVersion codesign.ReportMove codesign.ReportSnapshot "
    "codesign.ReportFile codesign.SiteReturn codesign.SiteAnswer codesign.SiteSectionVersion codesign.ReportSlice "
    "codesign.ReportObligation codesign.Contribution registry.Document registry.AuditEvent"
).split()


def everything() -> dict[str, list[Any]]:
    """Every row that an answer, a submission or a file could touch."""
    return {name: list(apps.get_model(name).objects.order_by("pk").values()) for name in WRITTEN}


@pytest.fixture
def report() -> Report:
    return make_group("BE", "NL")


@pytest.fixture
def company(client_for, report) -> ApiClient:
    return client_for("company_editor", organisation=report.company_id)


def tag(client: ApiClient, path: str) -> str:
    return client.get(path)["ETag"]


def faults(response: Any) -> list[tuple[str, str]]:
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


# Beside each wrong answer stands a good one, which is not kept either.
@pytest.mark.parametrize(
    ("section", "good", "wrong", "pointer", "code"),
    [
        ("criterion-5", {"given_amount": 1}, {"stakeholder_actions": "many"}, "", "wrong_type"),
        ("criterion-5", {"given_amount": 1}, {"stakeholder_actions": True}, "", "wrong_type"),
        ("criterion-5", {"given_amount": 1}, {"stakeholder_actions": -1}, "", "out_of_range"),
        ("criterion-5", {"given_amount": 1}, {"stakeholder_actions": 10**13}, "", "out_of_range"),
        ("criterion-5", {"given_amount": 1}, {"stakeholder_actions": 1.5}, "", "too_precise"),
        (
            "criterion-5",
            {"stakeholder_actions": 1},
            {"given_amount": {"value": 12, "unit": "USD"}},
            "/unit",
            "wrong_unit",
        ),
        ("criterion-5", {"stakeholder_actions": 1}, {"given_amount": {"value": 12}}, "", "wrong_type"),
        ("criterion-5", {"stakeholder_actions": 1}, {"given_amount": {"value": "x", "unit": "EUR"}}, "", "wrong_type"),
        ("criterion-5", {"stakeholder_actions": 1}, {"passed_to_police": 1}, "", "unknown_question"),
        ("criterion-5", {"stakeholder_actions": 1}, {"staff_total": 1}, "", "unknown_question"),
        ("criterion-5", {"stakeholder_actions": 1}, {"stakeholders": ["nobody"]}, "", "unknown_option"),
        ("criterion-5", {"stakeholder_actions": 1}, {"stakeholder_text": "x" * 4001}, "", "too_long"),
        ("criterion-3", {"contracts_total": 1}, {"spend_under_clause_share": 1.01}, "", "out_of_range"),
        ("criterion-3", {"contracts_total": 1}, {"spend_under_clause_share": -0.1}, "", "out_of_range"),
        ("criterion-3", {"contracts_total": 1}, {"spend_under_clause_share": 0.12345}, "", "too_precise"),
        ("criterion-1", {"has_policy": True}, {"policy_date": "1.5.2024"}, "", "wrong_format"),
        (
            "criterion-1",
            {"has_policy": True},
            {"policy_file": "0190a5d0-0000-7000-8000-000000000003"},
            "",
            "unknown_file",
        ),
        ("passed-on", {}, {"passed_on": {"press": 1}}, "", "unknown_option"),
        ("passed-on", {}, {"passed_on": {"police": {"value": 1, "unit": "reports"}}}, "", "wrong_type"),
        ("passed-on", {}, {"passed_on": {"police": 0.5}}, "", "too_precise"),
    ],
)
def test_an_answer_that_cannot_be_kept_keeps_nothing_beside_it(report, company, section, good, wrong, pointer, code):
    path, (asked,) = f"reports/{report.pk}/sections/{section}/", wrong
    standing, before = tag(company, path), everything()

    response = company.patch(path, {"answers": {**good, **wrong}}, if_match=standing)

    assert (response.status_code, faults(response)) == (400, [(f"/answers/{asked}{pointer}", code)])
    assert (everything(), tag(company, path)) == (before, standing)


@pytest.mark.parametrize(
    ("value", "pointer", "code"),
    [
        ({"value": 12, "unit": "full-time equivalents"}, "/unit", "wrong_unit"),
        ("12", "", "wrong_type"),
        (-1, "", "out_of_range"),
        (1.5, "", "too_precise"),
    ],
)
def test_one_wrong_cell_of_a_table_keeps_none_of_it(report, company, value, pointer, code):
    own, other = (str(row.site_id) for row in returns_of(report).values())
    path = f"reports/{report.pk}/sections/criterion-2/"
    standing, before = tag(company, path), everything()

    response = company.patch(path, {"answers": {"staff_total": {own: 3, other: value}}}, if_match=standing)

    assert (response.status_code, faults(response)) == (400, [(f"/answers/staff_total/{other}{pointer}", code)])
    assert everything() == before


def test_a_table_with_a_foreign_site_keeps_none_of_it(report, company):
    own = next(iter(returns_of(report).values()))
    foreign = next(iter(returns_of(make_group("BE", "NL")).values()))
    path = f"reports/{report.pk}/sections/criterion-2/"
    standing, before = tag(company, path), everything()
    table = {str(own.site_id): 3, str(foreign.site_id): 4, "nowhere": 5}

    response = company.patch(path, {"answers": {"staff_total": table, "material_items": 1}}, if_match=standing)

    assert (response.status_code, set(faults(response))) == (
        400,
        {
            (f"/answers/staff_total/{foreign.site_id}", "unknown_site"),
            ("/answers/staff_total/nowhere", "unknown_site"),
            ("/answers/material_items", "unknown_question"),
        },
    )
    assert everything() == before


def test_a_comment_comes_with_the_figure_that_it_explains(report, company):
    path = f"reports/{report.pk}/sections/criterion-3/"
    standing, before = tag(company, path), everything()
    comments = {"contracts_total": "A new hotel.", "contracts_with_clause": "No jump is looked for here.", "ghost": "x"}

    response = company.patch(path, {"answers": {"contracts_ended": 1}, "comments": comments}, if_match=standing)

    assert (response.status_code, set(faults(response))) == (
        400,
        {
            ("/comments/contracts_total", "without_answer"),
            ("/comments/contracts_with_clause", "unknown_question"),
            ("/comments/ghost", "unknown_question"),
        },
    )
    assert everything() == before


def test_a_unit_that_is_named_is_the_questions_own(report, company):
    path = f"reports/{report.pk}/sections/criterion-5/"
    own = str(returns_of(report)["BE 0"].site_id)
    figure = {"given_amount": {"value": 12.5, "unit": "EUR"}}

    shown = company.patch(path, {"answers": figure}, if_match=tag(company, path)).json()
    table = f"reports/{report.pk}/sections/criterion-2/"
    people = {"staff_total": {own: {"value": 3, "unit": "people"}}}
    kept = company.patch(table, {"answers": people}, if_match=tag(company, table))

    values = {question["code"]: question["value"] for question in shown["questions"]}
    assert (values["given_amount"], kept.status_code) == (12.5, 200)
    assert list(returns_of(report)["BE 0"].answers.values_list("value", "number")) == [(3, 3)]


def test_a_body_over_the_limit_is_not_read(report, company, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    path = f"reports/{report.pk}/sections/criterion-5/"
    standing, before = tag(company, path), everything()

    response = company.patch(path, {"answers": {"stakeholder_text": "x" * 2001}}, if_match=standing)

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("policy.exe", b"MZ\x90\x00", 415, "type_not_allowed"),
        ("policy.html", b"<html></html>", 415, "type_not_allowed"),
        ("policy.pdf", b"MZ\x90\x00", 415, "type_not_allowed"),
        ("policy.png", PDF, 415, "type_mismatch"),
        ("policy.pdf", b"", 400, "empty_file"),
    ],
)
def test_a_file_of_a_refused_type_is_kept_nowhere(report, company, settings, tmp_path, name, content, status, code):
    settings.DATA_DIR = tmp_path
    before = everything()

    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    by_form = company.http.post(f"/api/v1/reports/{report.pk}/files/", {"file": file})
    by_json = company.post(f"reports/{report.pk}/files/", {"name": name, "content": b64encode(content).decode() or "="})

    assert (by_form.status_code, by_form.json()["code"], faults(by_form)) == (status, code, [("/file", code)])
    expected = (status, code) if content else (400, "malformed_base64")
    assert (by_json.status_code, faults(by_json)) == (expected[0], [("/content", expected[1])])
    assert everything() == before
    assert (Document.objects.count(), [path for path in tmp_path.rglob("*") if path.is_file()]) == (0, [])


def test_a_submission_with_open_errors_names_each_and_moves_nothing(report, company):
    rows = returns_of(report)
    for name in rows:
        answer_site(rows[name], staff_total=10)
    # The company's system wrote what contradicts itself; the site itself has handed nothing in.
    answer_site(rows["NL 0"], staff_trained=11)
    path = f"reports/{report.pk}/"
    standing, before = tag(company, path), everything()

    response = company.post(f"{path}submit/", if_match=standing)

    assert (response.status_code, response.json()["code"]) == (409, "report_incomplete")
    assert set(faults(response)) == {
        ("/answers/has_policy", "missing"),
        ("/answers/offers_voluntourism", "missing"),
        ("/answers/contracts_total", "missing"),
        ("/answers/contracts_with_clause", "missing"),
        ("/answers/material_languages", "missing"),
        ("/answers/stakeholder_actions", "missing"),
        (f"/answers/staff_trained/{rows['NL 0'].site_id}", "above_other_answer"),
    }
    assert everything() == before


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_second_report_of_the_same_year_is_refused(client_for, state):
    report = make_submitted_group("BE", "NL") if state == "submitted" else make_group("BE", "NL")
    company, before = client_for("company_editor", organisation=report.company_id), everything()

    response = company.post("reports/", {"company": str(report.company_id), "year": 2025})

    assert (response.status_code, response.json()["code"]) == (409, "report_exists")
    assert response.json()["details"] == {"report": str(report.pk)}
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"year": 2025}, 400, "required"),
        ({"year": "2025x"}, 400, "invalid"),
        ({"year": 1899}, 400, "min_value"),
        ({"year": 2019}, 409, "year_not_open"),
    ],
)
def test_a_year_that_is_none_or_not_open_begins_nothing(client_for, body, status, code):
    make_group("BE", "NL")
    member = make_member()
    company, before = client_for("company_editor", organisation=member.company_id), everything()
    whole = body if code == "required" else {"company": str(member.company_id), **body}

    response = company.post("reports/", whole)

    found = response.json()["code"] if status == 409 else faults(response)[0][1]
    assert (response.status_code, found) == (status, code)
    assert everything() == before
