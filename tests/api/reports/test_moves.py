"""The life of a report over HTTP: draft, submitted, returned, submitted, accepted, published."""

from __future__ import annotations

import pytest

from codesign.reporting.models import Report, ReportMove, ReportObligation, ReportSnapshot
from registry.kernel.audit.models import AuditEvent
from tests.factories.reporting import ANSWERS, make_complete_report, make_member, make_report, make_year

pytestmark = pytest.mark.django_db


def tag(client, path: str) -> str:
    return client.get(path)["ETag"]


def state() -> tuple[str, int, int, int]:
    report = Report.objects.get()
    return report.state, report.version, ReportMove.objects.count(), ReportSnapshot.objects.count()


def test_a_report_goes_from_draft_to_published(client_for, lcr_be):
    member = make_member()
    make_year(2025)
    company = client_for("company_editor", organisation=member.company_id)

    created = company.post("reports/", {"company": str(member.company_id), "year": 2025})
    assert (created.status_code, created.json()["state"]) == (201, "draft")
    path = f"reports/{created.json()['id']}/"
    assert created["Location"] == f"/api/v1/{path}"
    for section, answers in ANSWERS.items():
        place = f"{path}sections/{section}/"
        saved = company.patch(place, {"answers": answers}, if_match=tag(company, place))
        assert (saved.status_code, saved.json()["version"]) == (200, 2)
    assert company.get(f"{path}check/").json()["is_ready"] is True

    submitted = company.post(f"{path}submit/", if_match=tag(company, path))
    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    assert (submitted.json()["days_late"], submitted.json()["lateness"]) == (236, "late")
    assert submitted.json()["review_due_on"] == "2027-01-21"

    comments = {"staff_trained": "Does this include the seasonal staff?"}
    returned = lcr_be.post(f"{path}return/", {"comments": comments}, if_match=tag(lcr_be, path))
    assert (returned.status_code, returned.json()["state"]) == (200, "returned")
    assert returned.json()["answer_due_on"] == "2026-12-22"
    assert company.get(f"{path}moves/").json()["taken"][1]["comments"] == comments

    place = f"{path}sections/criterion-2/"
    company.patch(place, {"answers": {"staff_trained": 100}}, if_match=tag(company, place))
    assert company.post(f"{path}submit/", if_match=tag(company, path)).json()["state"] == "submitted"
    assert lcr_be.post(f"{path}accept/", if_match=tag(lcr_be, path)).json()["state"] == "accepted"
    assert lcr_be.post(f"{path}publish/", if_match=tag(lcr_be, path)).json()["state"] == "published"

    taken = [(row["move"], row["to_state"]) for row in lcr_be.get(f"{path}moves/").json()["taken"]]
    assert taken == [
        ("submit", "submitted"),
        ("return", "returned"),
        ("submit", "submitted"),
        ("accept", "accepted"),
        ("publish", "published"),
    ]
    assert list(ReportSnapshot.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    actions = AuditEvent.objects.filter(object_type="report").exclude(action="reports.answer").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "reports.create", "reports.submit", "reports.return", "reports.submit", "reports.accept", "reports.publish",
    ]  # fmt: skip


@pytest.mark.parametrize("move", ["submit", "return", "accept", "publish"])
def test_a_move_without_the_tag_is_refused(secretariat, move):
    report = make_complete_report()
    before = state()

    body = {"comments": {"staff_total": "?"}} if move == "return" else None
    response = secretariat.post(f"reports/{report.pk}/{move}/", body)

    assert (response.status_code, response.json()["code"]) == (428, "precondition_required")
    assert state() == before


def test_a_tag_from_before_the_last_answer_is_too_old_to_submit(secretariat):
    report = make_complete_report()
    old = tag(secretariat, f"reports/{report.pk}/")
    place = f"reports/{report.pk}/sections/criterion-2/"
    secretariat.patch(place, {"answers": {"staff_trained": 97}}, if_match=tag(secretariat, place))
    before = state()

    response = secretariat.post(f"reports/{report.pk}/submit/", if_match=old)

    assert (response.status_code, response.json()["details"]) == (412, {"version": before[1]})
    assert state() == before


def test_an_incomplete_report_names_everything_that_is_missing(client_for):
    report = make_report()
    company = client_for("company_editor", organisation=report.company_id)
    before = state()

    response = company.post(f"reports/{report.pk}/submit/", if_match=tag(company, f"reports/{report.pk}/"))

    assert (response.status_code, response.json()["code"]) == (409, "report_incomplete")
    assert {fault["code"] for fault in response.json()["errors"]} == {"missing"}
    assert len(response.json()["errors"]) == 11
    assert state() == before
    assert ReportObligation.objects.filter(fulfilled_at=None).count() == 1


@pytest.mark.parametrize("move", ["accept", "publish", "return"])
def test_a_draft_can_only_be_submitted(secretariat, move):
    report = make_complete_report()
    before = state()

    body = {"comments": {"staff_total": "?"}} if move == "return" else None
    response = secretariat.post(
        f"reports/{report.pk}/{move}/", body, if_match=tag(secretariat, f"reports/{report.pk}/")
    )

    assert (response.status_code, response.json()["code"]) == (409, "move_not_allowed")
    assert state() == before


def test_the_company_does_not_review_itself(client_for):
    report = make_complete_report()
    company = client_for("company_editor", organisation=report.company_id)
    company.post(f"reports/{report.pk}/submit/", if_match=tag(company, f"reports/{report.pk}/"))
    before = state()

    response = company.post(f"reports/{report.pk}/accept/", if_match=tag(company, f"reports/{report.pk}/"))

    assert response.status_code == 403
    assert state() == before


def test_moves_say_what_this_caller_may_do_now_and_why_not(client_for, lcr_be):
    report = make_complete_report()
    company = client_for("company_editor", organisation=report.company_id)

    def possible(client) -> dict:
        rows = client.get(f"reports/{report.pk}/moves/").json()["next"]
        return {row["move"]: row["code"] for row in rows}

    assert possible(company) == {
        "provisional": None,
        "submit": None,
        "return": "right_missing",
        "accept": "right_missing",
        "publish": "right_missing",
        "correct": "move_not_allowed",
    }
    assert possible(lcr_be) == {
        "provisional": "right_missing",
        "submit": "right_missing",
        "return": "move_not_allowed",
        "accept": "move_not_allowed",
        "publish": "move_not_allowed",
        "correct": "right_missing",
    }


def test_a_dry_run_submits_nothing(secretariat):
    report = make_complete_report()
    before = state()

    path = f"reports/{report.pk}/"
    response = secretariat.post(f"{path}submit/?dry_run=true", if_match=tag(secretariat, path))

    assert (response.status_code, response.json()["state"]) == (200, "submitted")
    assert state() == before


def test_the_same_key_submits_once(secretariat):
    report = make_complete_report()
    path = f"reports/{report.pk}/"
    old = tag(secretariat, path)

    first = secretariat.post(f"{path}submit/", if_match=old, key="submit-1")
    again = secretariat.post(f"{path}submit/", if_match=old, key="submit-1")

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert state()[2:] == (1, 1)
