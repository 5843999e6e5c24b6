"""The main road over HTTP: from a draft to a member, by either order of payment and signature."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Decision
from codesign.criteria.models import PlanAction
from tests.api_client import ApiClient
from tests.factories.standing import make_company, make_plan

AT = "2026-11-22T10:00:00Z"


def move(client: ApiClient, membership: str, name: str, body: Any = None) -> Any:
    """Read the tag, then take the move."""
    tag = client.get(f"code-memberships/{membership}/")["ETag"]
    return client.post(f"code-memberships/{membership}/{name}/", body or {}, if_match=tag)


def pay(client: ApiClient, membership: str) -> Any:
    invoice = client.get("invoices/", membership=membership).json()["results"][0]
    body = {"invoice": invoice["id"], "amount_eur": invoice["amount_eur"], "paid_on": "2026-11-22", "reference": "B-1"}
    return client.post("payments/", body)


def sign(client: ApiClient, membership: str, side: str) -> Any:
    found = client.get("code-agreements/", membership=membership).json()["results"][0]
    path = f"code-agreements/{found['id']}/"
    body = {"side": side, "role": "director", "signed_on": "2026-11-22"}
    return client.post(f"{path}sign/", body, if_match=client.get(path)["ETag"])


@pytest.mark.parametrize("paid_first", [True, False])
@pytest.mark.parametrize("role", ["company_editor", "applicant"])
def test_a_company_becomes_a_member(
    client_for: Any, lcr_be: Any, secretariat: Any, at: Any, paid_first: bool, role: str
) -> None:
    company = make_company(at=at)
    own = client_for(role, organisation=company)

    opened = own.post("code-memberships/", {"company": str(company.pk)})
    key = opened.json()["id"]
    assert (opened.status_code, opened.json()["state"]) == (201, "draft")
    assert move(own, key, "submit").json()["state"] == "submitted"

    make_plan(CodeMembership.objects.get(pk=key), at=at)
    assert move(own, key, "submit-plan").json()["state"] == "plan_submitted"
    assert move(lcr_be, key, "approve").json()["state"] == "plan_submitted"
    approved = move(secretariat, key, "approve").json()
    assert (approved["state"], approved["approved_on"]) == ("approved", "2026-11-22")

    def signing() -> None:
        assert sign(own, key, "company").status_code == 200
        assert sign(lcr_be, key, "representative").status_code == 200

    def paying() -> None:
        assert pay(secretariat, key).status_code == 201

    first, second = (paying, signing) if paid_first else (signing, paying)
    first()
    assert own.get(f"code-memberships/{key}/").json()["state"] == "approved"
    second()

    member = own.get(f"code-memberships/{key}/").json()
    assert (member["state"], member["number"], member["member_since"]) == ("active", "TC-BE-00001", "2026-11-22")
    assert (member["fee_is_settled"], member["is_signed"]) == (True, True)
    moves = Decision.objects.filter(membership=key).order_by("version").values_list("move", flat=True)
    assert list(moves) == ["submit", "submit_plan", "approve", "activate"]
    assert [row["status"] for row in secretariat.get("members/").json()["results"]] == ["member"]


def test_a_plan_names_an_action_on_each_criterion(client_for: Any, at: Any) -> None:
    company = make_company(at=at)
    own = client_for("company_editor", organisation=company)
    key = own.post("code-memberships/", {"company": str(company.pk)}).json()["id"]
    move(own, key, "submit")
    make_plan(CodeMembership.objects.get(pk=key), numbers=(1, 2, 4, 5), at=at)

    answer = move(own, key, "submit-plan")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/criteria/3", "/criteria/6"]
    assert {error["code"] for error in answer.json()["errors"]} == {"criterion_without_action"}
    row = CodeMembership.objects.get(pk=key)
    assert (row.state, row.decisions.count(), PlanAction.objects.count()) == ("submitted", 1, 4)
