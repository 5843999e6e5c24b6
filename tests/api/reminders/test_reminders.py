"""Reminders over HTTP: rules, occurrences, cancelling, forecast and explanation."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache

from codesign.reminders import actions
from codesign.reminders.models import Occurrence
from codesign.reporting.models import ReportObligation
from members.people.models import ContactRole
from registry.kernel.outbox.models import OutboxMessage
from tests.api_client import ApiClient
from tests.factories.reminders import make_body, make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db
# The fixed clock of the suite stands on Sunday 22 November 2026.
DUE_ON = date(2026, 12, 20)
PLANNED_AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def owed(lcr_be: ApiClient) -> ReportObligation:
    """A report due on 20 December 2026, with an officer of the company."""
    make_rule()
    obligation = make_obligation(due_on=DUE_ON, representative=lcr_be.organisation)
    make_contact(organisation=obligation.company.organisation, email="officer@zee.example")
    make_contact(organisation=lcr_be.organisation, role=ContactRole.LCR_OFFICER, email="lcr@office.example")
    return obligation


@pytest.fixture
def waiting(owed: ReportObligation) -> Occurrence:
    """Its −30, planned and not sent."""
    ReportObligation.objects.update(due_on=date(2026, 12, 21))
    actions.plan(at=PLANNED_AT)
    assert Occurrence.objects.count() == 0  # −30 is Saturday 21 November: it waits until Monday
    ReportObligation.objects.update(due_on=DUE_ON)
    actions.plan(at=PLANNED_AT)
    return Occurrence.objects.get()


def test_rules_show_their_steps(secretariat: ApiClient) -> None:
    make_rule()

    dutch = {"Accept-Language": "nl"}
    answer = secretariat.get("reminder-rules/", headers=dutch)

    (rule,) = answer.json()["results"]
    assert (rule["code"], rule["version"], rule["kind"], rule["binding"]) == (
        "report-due",
        1,
        "report_due",
        "obligation",
    )
    assert rule["name"] == "Jaarverslag in te dienen"
    assert [step["offset_days"] for step in rule["steps"]] == [-30, -7, 1, 30, 30, 60, 60, 60]
    assert secretariat.get(f"reminder-rules/{rule['id']}/", headers=dutch).json() == rule


def test_occurrence_row(secretariat: ApiClient, waiting: Occurrence) -> None:
    answer = secretariat.get("reminders/occurrences/", state="due", rule="report-due", subject=str(waiting.subject_id))

    company = waiting.organisation
    assert answer.json()["results"] == [
        {
            "id": str(waiting.pk),
            "rule_code": "report-due",
            "rule_version": 1,
            "subject_type": "report_obligation",
            "subject_id": str(waiting.subject_id),
            "company": {"id": str(company.pk), "url": f"/api/v1/companies/{company.pk}/", "display": company.name},
            "anchor_on": "2026-12-20",
            "step": -30,
            "contact_role": "reporting_officer",
            "recipient_email": "officer@zee.example",
            "channel": "email",
            "state": "due",
            "reason": "",
            "due_at": "2026-11-20T08:00:00Z",
            "planned_at": "2026-11-21T10:00:00Z",
            "settled_at": None,
        }
    ]


@pytest.mark.parametrize("filters", [{"state": "dead"}, {"rule": "other"}, {"due_after": "2026-11-21"}])
def test_filters_leave_out(secretariat: ApiClient, waiting: Occurrence, filters: dict[str, str]) -> None:
    assert secretariat.get("reminders/occurrences/", **filters).json()["results"] == []


def test_company_sees_its_own_addresses_and_no_others(client_for: Any, waiting: Occurrence) -> None:
    Occurrence.objects.create(
        **{
            **Occurrence.objects.values(*_copied()).get(pk=waiting.pk),
            "contact_role": ContactRole.LCR_OFFICER,
            "contact": make_contact(organisation=make_body(kind="ngo"), role=ContactRole.LCR_OFFICER),
        }
    )
    editor = client_for("company_editor", organisation=waiting.organisation)

    rows = editor.get("reminders/occurrences/").json()["results"]

    assert {(row["contact_role"], row["recipient_email"]) for row in rows} == {
        ("reporting_officer", "officer@zee.example"),
        ("lcr_officer", None),
    }


def _copied() -> list[str]:
    return [field.attname for field in Occurrence._meta.fields if field.name not in {"id", "contact_role", "contact"}]


@pytest.mark.parametrize("role", ["company_editor", "lcr_nl"])
def test_foreign_occurrences_are_not_there(client_for: Any, lcr_nl: ApiClient, waiting: Occurrence, role: str) -> None:
    client = lcr_nl if role == "lcr_nl" else client_for("company_editor")

    assert client.get("reminders/occurrences/").json()["results"] == []
    assert client.get(f"reminders/occurrences/{waiting.pk}/").status_code == 404
    explained = client.get("reminders/explain/", rule="report-due", subject=str(waiting.subject_id))
    assert (explained.status_code, explained.json()["code"]) == (404, "not_found")
    assert client.get("reminders/forecast/").json() == {"results": [], "groups": None, "is_complete": True}


def test_lcr_cancels_what_waits(lcr_be: ApiClient, waiting: Occurrence) -> None:
    tag = lcr_be.get(f"reminders/occurrences/{waiting.pk}/")["ETag"]

    answer = lcr_be.post(f"reminders/occurrences/{waiting.pk}/cancel/", if_match=tag)

    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "cancelled", "by_person")
    again = lcr_be.post(f"reminders/occurrences/{waiting.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


def test_company_does_not_cancel(client_for: Any, waiting: Occurrence) -> None:
    editor = client_for("company_editor", organisation=waiting.organisation)

    assert editor.post(f"reminders/occurrences/{waiting.pk}/cancel/").status_code == 403

    waiting.refresh_from_db()
    assert (waiting.state, OutboxMessage.objects.get().state) == ("due", "pending")


def test_stale_tag_cancels_nothing(lcr_be: ApiClient, waiting: Occurrence) -> None:
    tag = lcr_be.get(f"reminders/occurrences/{waiting.pk}/")["ETag"]
    Occurrence.objects.update(version=2)

    answer = lcr_be.post(f"reminders/occurrences/{waiting.pk}/cancel/", if_match=tag)

    assert answer.status_code == 412
    waiting.refresh_from_db()
    assert waiting.state == "due"


def test_forecast_lists_what_would_leave(lcr_be: ApiClient, owed: ReportObligation) -> None:
    answer = lcr_be.get("reminders/forecast/", **{"from": "2026-11-23", "to": "2027-02-28"})

    rows = answer.json()["results"]
    assert [(row["step"], row["contact_role"], row["state"], row["due_at"]) for row in rows] == [
        (-7, "reporting_officer", "planned", "2026-12-14T08:00:00Z"),
        (1, "reporting_officer", "planned", "2026-12-21T08:00:00Z"),
        (30, "lcr_officer", "planned", "2027-01-19T08:00:00Z"),
        (30, "reporting_officer", "planned", "2027-01-19T08:00:00Z"),
        (60, "lcr_officer", "planned", "2027-02-18T08:00:00Z"),
        (60, "reporting_officer", "planned", "2027-02-18T08:00:00Z"),
    ]
    assert {row["rule_code"] for row in rows} == {"report-due"}
    assert Occurrence.objects.count() == 0


@pytest.mark.parametrize("params", [{"from": "2027-01-02", "to": "2027-01-01"}, {"to": "2199-01-01"}, {"to": "soon"}])
def test_period_that_makes_no_sense_is_refused(lcr_be: ApiClient, params: dict[str, str]) -> None:
    answer = lcr_be.get("reminders/forecast/", **params)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "?to")


def test_explanation_of_what_will_be_sent(lcr_be: ApiClient, waiting: Occurrence) -> None:
    answer = lcr_be.get("reminders/explain/", rule="report-due", subject=str(waiting.subject_id)).json()
    before = lcr_be.get(
        "reminders/explain/", rule="report-due", subject=str(waiting.subject_id), at="2026-01-02T00:00:00Z"
    ).json()

    assert (answer["as_of_now"], before["as_of_now"]) == ([], ["hold", "opt_out", "stopped"])

    membership = f"/api/v1/code-memberships/{waiting.membership_id}/"
    assert (answer["verdict"], answer["rule_version"]) == ("will_send", 1)
    assert answer["clauses"] == [
        {"code": "owed", "holds": True, "value": None, "record": f"/api/v1/companies/{waiting.organisation_id}/"},
        {"code": "active_member", "holds": True, "value": "active", "record": membership},
        {"code": "released", "holds": True, "value": None, "record": membership},
    ]
    assert (answer["stopped"], answer["blocked_by"], answer["changes_on"]) == ([], None, "2026-11-22T10:00:00Z")
    assert [(row["step"], row["state"]) for row in answer["past"]] == [(-30, "due")]
    assert [row["step"] for row in answer["coming"]] == [-7, 1, 30, 30, 60, 60, 60]


def test_explanation_of_what_was_fulfilled(lcr_be: ApiClient, waiting: Occurrence) -> None:
    Occurrence.objects.update(state="handed_over")
    ReportObligation.objects.update(fulfilled_at=PLANNED_AT)

    answer = lcr_be.get("reminders/explain/", rule="report-due", subject=str(waiting.subject_id)).json()

    assert (answer["verdict"], answer["coming"]) == ("sent", [])
    assert (answer["clauses"][0]["code"], answer["clauses"][0]["holds"]) == ("owed", False)
    assert answer["blocked_by"]["id"] == str(waiting.pk)


def test_unknown_rule_is_not_found(lcr_be: ApiClient, waiting: Occurrence) -> None:
    assert lcr_be.get("reminders/explain/", rule="other", subject=str(waiting.subject_id)).status_code == 404


def test_request_succeeds_while_the_broker_is_down(
    at: datetime, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from codesign import tasks
    from registry.kernel.outbox import actions as outbox

    calls: list[int] = []

    def refuse(*_: Any, **__: Any) -> None:
        calls.append(1)
        raise ConnectionRefusedError

    cache.clear()
    monkeypatch.setattr(tasks, "_quiet_until", 0.0)
    monkeypatch.setattr(tasks.deliver_outbox, "apply_async", refuse)
    for number in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            outbox.put(key=f"a{number}", topic="test", payload={}, at=at)

    # Asked once; then nobody waits for a broker that does not answer.
    assert (OutboxMessage.objects.filter(state="pending").count(), len(calls)) == (3, 1)
