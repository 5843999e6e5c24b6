"""Standing and timeline of a company: seen by the company, its representative and the secretariat."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, SignatoryClaim
from codesign.fees.models import Invoice, Payment
from codesign.recognition import actions as recognition
from codesign.standing.actions import pay_back, take_back
from registry.kernel.ids import new_id
from tests.api_client import ApiClient
from tests.factories.recognition import make_worthy
from tests.factories.standing import make_membership, make_notice
from tests.factories.standing import officer as make_officer
from tests.factories.training import make_completion, make_requirement, make_staff, make_workplace

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db: None) -> CodeMembership:
    """A member since 6 June 2025 with a paid fee and no roster."""
    return make_membership(state="active")


def test_standing_with_its_explanation(secretariat: ApiClient, member: CodeMembership) -> None:
    invoice = Invoice.objects.get(membership=member)

    answer = secretariat.get(f"companies/{member.company_id}/standing/", explain="true")

    assert answer.json() == {
        "on": "2026-11-22",
        "standing": "training_unproven",
        "changes_on": "2027-04-01",
        "findings": [
            {
                "rule": "training_unproven",
                "facts": {},
                "since": None,
                "restored_by": "A roster of the staff in scope.",
                "changes_on": None,
                "rows": [],
            }
        ],
        "checks": [
            {
                "rule": "fee",
                "is_met": True,
                "facts": [
                    {
                        "invoice": invoice.number,
                        "year": 2025,
                        "due_on": str(invoice.due_on),
                        "settled_on": str(invoice.paid_on),
                    }
                ],
                "rows": [f"/api/v1/invoices/{invoice.pk}/"],
                "changes_on": None,
            },
            {
                "rule": "report",
                "is_met": True,
                "facts": [
                    {
                        "year": 2026,
                        "due_on": "2027-03-31",
                        "lapses_on": "2027-06-29",
                        "handed_in_on": None,
                        "answer_due_on": None,
                        "is_expected": True,
                    }
                ],
                "rows": [],
                "changes_on": "2027-04-01",
            },
            {
                "rule": "training",
                "is_met": False,
                "facts": [{"is_rostered": False, "numerator": 0, "denominator": 0, "target_share": "0.80"}],
                "rows": [],
                "changes_on": None,
            },
        ],
    }


def test_the_day_on_which_training_drops_is_told(secretariat: ApiClient, member: CodeMembership) -> None:
    make_requirement(validity_months=24)
    site = make_workplace(member.company)
    for completed_on in (date(2025, 3, 1), date(2025, 5, 1)):
        make_completion(make_staff(site, hired_on=date(2025, 1, 1)), on=completed_on)

    answer = secretariat.get(f"companies/{member.company_id}/standing/", explain="true").json()

    assert (answer["standing"], answer["changes_on"], answer["checks"][2]["changes_on"]) == (
        "good",
        "2027-03-02",
        "2027-03-02",
    )
    dropped = secretariat.get(f"companies/{member.company_id}/standing/", valid_on="2027-03-02").json()
    assert dropped["standing"] == "training_below_target"


def test_without_explain_the_findings_are_left_out(secretariat: ApiClient, member: CodeMembership) -> None:
    assert secretariat.get(f"companies/{member.company_id}/standing/").json()["findings"] is None


def test_before_membership_there_is_no_standing(secretariat: ApiClient, member: CodeMembership) -> None:
    answer = secretariat.get(f"companies/{member.company_id}/standing/", valid_on="2025-06-01", explain="true")

    assert answer.json() == {"on": "2025-06-01", "standing": None, "changes_on": None, "findings": [], "checks": []}


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
            ("2025-09-06", "notice", "warning"),
        ]
    )


def test_the_timeline_tells_recognition_claims_and_money_back(secretariat, client_for, member, at) -> None:
    officer = make_officer()
    issued = recognition.issue_certificate(membership_id=member.pk, year=2025, actor=officer, at=at)
    recognition.withdraw_certificate(certificate_id=issued.pk, reason_code="issued_in_error", actor=officer, at=at)
    make_worthy(member)
    recognition.give_award(membership_id=member.pk, year=2025, actor=officer, at=at)
    payment = Payment.objects.get(invoice__membership=member)
    taken = {"amount_eur": Decimal(75), "reason_code": "reduction_forgotten"}
    take_back(invoice_id=payment.invoice_id, **taken, actor=officer, at=at)
    gone = {"refunded_on": at.date(), "reference": "B1"}
    pay_back(payment_id=payment.pk, **taken, **gone, actor=officer, at=at)
    claim = SignatoryClaim.objects.create(
        name="Hôtel Fictif",
        search_key="hotel fictif",
        country_id="BE",
        signatory_role="director",
        claimed_by_id=new_id(),
        state="accepted",
        membership=member,
        created_at=at - timedelta(days=3),
        decided_at=at,
        decided_by="lcr",
    )

    def told(client: ApiClient) -> set[tuple[str, str, str]]:
        entries = client.get(f"companies/{member.company_id}/timeline/").json()
        return {(one["on"], one["kind"], one["what"]) for one in entries if one["on"] > "2025-12-31"}

    shown = {
        ("2026-11-22", "certificate", "issue"),
        ("2026-11-22", "certificate", "withdraw"),
        ("2026-11-22", "award", "issue"),
        ("2026-11-22", "credit_note", "issued"),
        ("2026-11-22", "refund", "refunded"),
    }
    claims = {("2026-11-19", "claim", "claimed"), ("2026-11-22", "claim", "accepted")}
    assert told(secretariat) == shown | claims
    # Who claimed is for staff and the claimant.
    assert told(client_for("company_viewer", organisation=member.company)) == shown
    assert claim.membership_id == member.pk


def test_the_timeline_ends_on_the_day_asked_about(secretariat: ApiClient, member: CodeMembership) -> None:
    entries = secretariat.get(f"companies/{member.company_id}/timeline/", valid_on="2025-06-04").json()

    assert [(entry["on"], entry["what"]) for entry in entries] == [
        ("2025-06-03", "submit"),
        ("2025-06-04", "submit_plan"),
    ]
