"""Moves over HTTP: what is offered is what is accepted, and what is refused leaves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from codesign.companies.lifecycle import TABLE, MembershipState, Move
from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import Invoice
from codesign.standing.models import Endorsement
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient
from tests.factories.standing import START, approve, make_company, make_membership

pytestmark = pytest.mark.django_db

PATHS = {move: move.value.replace("_", "-") for move in TABLE if move != Move.ACTIVATE} | {Move.MERGE: "merge-into"}
BODIES: dict[Move, dict[str, str]] = {
    Move.REQUEST_CHANGES: {"text": "Say more."},
    Move.SUSPEND: {"reason": "report_lapsed"},
    Move.TERMINATE: {"reason": "report_lapsed"},
    Move.CONFIRM: {"member_since": "2014-11-19"},
}


def snapshot() -> Any:
    tables = (Decision, Endorsement, Invoice, AuditEvent)
    return list(CodeMembership.objects.order_by("pk").values()), [table.objects.count() for table in tables]


def post(client: ApiClient, membership: CodeMembership, move: Move, **more: Any) -> Any:
    tag = client.get(f"code-memberships/{membership.pk}/").headers.get("ETag", '"1-0000000000000000"')
    body = {**BODIES.get(move, {}), **more}
    return client.post(f"code-memberships/{membership.pk}/{PATHS[move]}/", body, if_match=tag)


@pytest.mark.parametrize("state", sorted(MembershipState))
def test_the_offer_is_what_is_accepted(secretariat: ApiClient, state: str) -> None:
    """Whoever reads the offer knows beforehand what each move would answer."""
    membership = make_membership(state=state)
    path = f"code-memberships/{membership.pk}/"
    offers = {offer["move"]: offer for offer in secretariat.get(f"{path}moves/").json()}

    assert set(offers) == set(PATHS)
    for move, (sources, target) in TABLE.items():
        if move == Move.ACTIVATE:
            continue
        offer = offers[move]
        assert (offer["to_state"], offer["url"]) == (target, f"/api/v1/{path}{PATHS[move]}/")
        starts_here = "move_not_allowed" not in [reason["code"] for reason in offer["reasons"]]
        assert starts_here == (state in sources)
        assert offer["allowed"] == (offer["reasons"] == [])


@pytest.mark.parametrize("move", sorted(PATHS))
def test_a_move_from_a_wrong_state_is_refused_and_leaves_nothing(secretariat: ApiClient, move: Move) -> None:
    state = next(state for state in ("draft", "active", "rejected") if state not in TABLE[move][0])
    membership = make_membership(state=state)
    other = {"into": str(make_company().pk)} if move == Move.MERGE else {}
    before = snapshot()

    answer = post(secretariat, membership, move, **other)

    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")
    assert snapshot() == before


def test_a_move_needs_the_tag_of_what_was_read(secretariat: ApiClient) -> None:
    membership = make_membership(state="draft")
    path = f"code-memberships/{membership.pk}/submit/"
    before = snapshot()

    without = secretariat.post(path, {})
    old = secretariat.post(path, {}, if_match='"99-0000000000000000"')

    assert (without.status_code, old.status_code) == (428, 412)
    assert snapshot() == before


def test_a_dry_run_shows_the_result_and_changes_nothing(secretariat: ApiClient) -> None:
    membership = make_membership(state="draft")
    before = snapshot()
    tag = secretariat.get(f"code-memberships/{membership.pk}/")["ETag"]

    answer = secretariat.post(f"code-memberships/{membership.pk}/submit/?dry_run=true", {}, if_match=tag)

    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert snapshot() == before


def test_foreign_and_absent_look_the_same(lcr_nl: ApiClient, client_for: Any) -> None:
    membership = make_membership(state="plan_submitted")
    before = snapshot()

    for client in (lcr_nl, client_for("company_editor"), client_for("applicant", organisation=make_company())):
        assert client.get(f"code-memberships/{membership.pk}/").status_code == 404
        assert client.get(f"code-memberships/{membership.pk}/moves/").status_code == 404
    assert post(lcr_nl, membership, Move.APPROVE).status_code == 404

    assert snapshot()[0] == before[0]


@pytest.mark.parametrize("role", ["public", "evaluator", "member_group", "stop_partner", "site_editor"])
def test_others_see_no_membership(client_for: Any, role: str) -> None:
    make_membership(state="active")

    assert client_for(role).get("code-memberships/").status_code in {401, 403}


def test_a_viewer_reads_and_moves_nothing(client_for: Any) -> None:
    membership = make_membership(state="draft")
    viewer = client_for("company_viewer", organisation=membership.company)
    before = snapshot()

    answer = post(viewer, membership, Move.SUBMIT)

    assert (answer.status_code, answer.json()["code"]) == (403, "right_missing")
    assert snapshot() == before


def test_a_recorded_signatory_is_seen_by_staff_alone(
    secretariat: ApiClient, lcr_be: ApiClient, lcr_nl: ApiClient, client_for: Any
) -> None:
    membership = make_membership(state="recorded")
    own = client_for("company_editor", organisation=membership.company)

    seen = [len(client.get("code-memberships/").json()["results"]) for client in (secretariat, lcr_be, lcr_nl, own)]

    assert seen == [1, 1, 0, 0]


def test_the_representative_is_told_that_it_belongs_to_the_company(client_for: Any) -> None:
    """ECPAT Belgium as a company of its own: its officer decides on every other one."""
    company = make_company()
    own = client_for("lcr", country="BE", organisation=company.organisation)
    membership = make_membership(state="plan_submitted", company=company)
    before = snapshot()

    answer = post(own, membership, Move.APPROVE)
    offer = next(row for row in own.get(f"code-memberships/{membership.pk}/moves/").json() if row["move"] == "approve")

    assert (answer.status_code, answer.json()["code"]) == (403, "own_organisation")
    assert [reason["code"] for reason in offer["reasons"]] == ["own_organisation"]
    assert snapshot() == before


def test_the_offer_says_who_has_endorsed(lcr_be: ApiClient, secretariat: ApiClient, at: datetime) -> None:
    membership = make_membership(state="plan_submitted", at=at - timedelta(days=9))
    post(lcr_be, membership, Move.APPROVE)

    offers = {row["move"]: row for row in secretariat.get(f"code-memberships/{membership.pk}/moves/").json()}

    assert (offers["approve"]["allowed"], offers["approve"]["endorsed_by"]) == (True, ["representative"])


def test_a_refused_suspension_names_what_is_missing(secretariat: ApiClient) -> None:
    membership = make_membership(state="active")
    before = snapshot()

    answer = post(secretariat, membership, Move.SUSPEND)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_ripe")
    assert [error["code"] for error in answer.json()["errors"]] == ["ground_gone", "too_few_notices"]
    offers = secretariat.get(f"code-memberships/{membership.pk}/moves/", ground="report_lapsed").json()
    told = next(offer for offer in offers if offer["move"] == Move.SUSPEND)
    assert [reason["code"] for reason in told["reasons"]] == ["ground_gone", "too_few_notices"]
    assert snapshot() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/reason"), ({"reason": "bored"}, "/reason"), ({"reason": "plan", "effective_on": "x"}, "/effective_on")],
)
def test_a_measure_is_well_formed(secretariat: ApiClient, body: dict[str, str], pointer: str) -> None:
    membership = make_membership(state="active")
    tag = secretariat.get(f"code-memberships/{membership.pk}/")["ETag"]
    before = snapshot()

    answer = secretariat.post(f"code-memberships/{membership.pk}/suspend/", body, if_match=tag)

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (400, [pointer])
    assert snapshot() == before


def test_filters_find_by_state_country_and_name(secretariat: ApiClient) -> None:
    active = make_membership(state="active", name="Hôtel Fictif Étoile (DEMO)")
    make_membership(state="draft", name="Hôtel Fictif Lune (DEMO)")
    make_membership(state="draft", country_id="FR")

    def found(**params: str) -> list[str]:
        return [row["id"] for row in secretariat.get("code-memberships/", **params).json()["results"]]

    assert found(state="active") == [str(active.pk)]
    assert found(q="etoile") == [str(active.pk)]
    assert len(found(country="BE")) == 2
    assert len(found()) == 3


def test_the_list_costs_the_same_for_any_number(secretariat: ApiClient, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_membership(state="draft")
    with django_assert_num_queries(2):  # the caller, the page
        assert len(secretariat.get("code-memberships/").json()["results"]) == 3


def test_one_open_membership_at_a_time(client_for: Any) -> None:
    membership = make_membership(state="draft")
    own = client_for("company_editor", organisation=membership.company)
    before = snapshot()

    answer = own.post("code-memberships/", {"company": str(membership.company_id)})

    assert (answer.status_code, answer.json()["code"]) == (409, "membership_open")
    assert snapshot() == before


def test_an_application_for_a_foreign_company_is_refused(client_for: Any) -> None:
    company = make_company()

    answer = client_for("company_editor").post("code-memberships/", {"company": str(company.pk)})

    assert (answer.status_code, CodeMembership.objects.count()) == (400, 0)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/company", "unknown_reference")
    ]


def test_an_approved_membership_shows_the_day(secretariat: ApiClient) -> None:
    membership = make_membership(state="plan_submitted")
    approve(membership, START.replace(month=7))

    row = secretariat.get(f"code-memberships/{membership.pk}/").json()

    assert (row["state"], row["approved_on"], row["fee_is_settled"], row["is_signed"]) == (
        "approved",
        "2025-07-02",
        False,
        False,
    )
