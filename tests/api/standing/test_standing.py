"""Standing and timeline of a company: seen by the company, its representative and the secretariat."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.companies.models import CodeMembership
from tests.api_client import ApiClient
from tests.factories.standing import make_membership, make_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db: None) -> CodeMembership:
    """A member since 6 June 2025 with a paid fee and no roster."""
    return make_membership(state="active")


def test_standing_with_its_explanation(secretariat: ApiClient, member: CodeMembership) -> None:
    answer = secretariat.get(f"companies/{member.company_id}/standing/", explain="true")

    assert answer.json() == {
        "on": "2026-11-22",
        "standing": "training_unproven",
        "changes_on": None,
        "findings": [
            {
                "rule": "training_unproven",
                "facts": {},
                "since": None,
                "restored_by": "A roster of the staff in scope.",
                "changes_on": None,
            }
        ],
    }


def test_without_explain_the_findings_are_left_out(secretariat: ApiClient, member: CodeMembership) -> None:
    assert secretariat.get(f"companies/{member.company_id}/standing/").json()["findings"] is None


def test_before_membership_there_is_no_standing(secretariat: ApiClient, member: CodeMembership) -> None:
    answer = secretariat.get(f"companies/{member.company_id}/standing/", valid_on="2025-06-01", explain="true")

    assert answer.json() == {"on": "2025-06-01", "standing": None, "changes_on": None, "findings": []}


def test_the_same_answer_has_the_same_tag(secretariat: ApiClient, member: CodeMembership) -> None:
    path = f"companies/{member.company_id}/standing/"
    tag = secretariat.get(path)["ETag"]

    assert secretariat.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_who_sees_a_standing(client_for: Any, lcr_be: ApiClient, lcr_nl: ApiClient, member: CodeMembership) -> None:
    own = client_for("company_viewer", organisation=member.company)
    clients = [own, lcr_be, lcr_nl, client_for("company_editor"), client_for("evaluator"), client_for("public")]

    for what in ("standing", "timeline"):
        path = f"companies/{member.company_id}/{what}/"
        assert [client.get(path).status_code for client in clients] == [200, 200, 404, 404, 403, 401]


def test_the_timeline_tells_everything_in_order(secretariat: ApiClient, member: CodeMembership) -> None:
    make_notice(member, sent_on=member.member_since.replace(month=9))

    entries = secretariat.get(f"companies/{member.company_id}/timeline/").json()

    told = [(entry["on"], entry["kind"], entry["what"]) for entry in entries]
    assert told == sorted(told, key=lambda entry: entry[0])
    assert sorted(told) == sorted(
        [
            ("2025-06-03", "decision", "submit"),
            ("2025-06-04", "decision", "submit_plan"),
            ("2025-06-05", "decision", "approve"),
            ("2025-06-05", "invoice", "paid"),
            ("2025-06-05", "agreement", "sent"),
            ("2025-06-06", "agreement", "company_signed"),
            ("2025-06-06", "agreement", "representative_signed"),
            ("2025-06-06", "payment", "paid"),
            ("2025-06-06", "decision", "activate"),
            ("2025-09-06", "notice", "report_overdue"),
        ]
    )


def test_the_timeline_ends_on_the_day_asked_about(secretariat: ApiClient, member: CodeMembership) -> None:
    entries = secretariat.get(f"companies/{member.company_id}/timeline/", valid_on="2025-06-04").json()

    assert [(entry["on"], entry["what"]) for entry in entries] == [
        ("2025-06-03", "submit"),
        ("2025-06-04", "submit_plan"),
    ]
