"""GET /decisions/: read by those whom they concern."""

from __future__ import annotations

import pytest

from tests.factories.companies import make_company, make_decision, make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def decisions():
    """One in Belgium, one in France."""
    return [
        make_decision(membership=make_membership(company=make_company(country=country)), reason_code="report_lapsed")
        for country in ("BE", "FR")
    ]


def test_each_role_reads_its_own(decisions, secretariat, auditor, lcr_be, client_for):
    belgian, french = (str(decision.pk) for decision in decisions)
    viewer = client_for("company_viewer", organisation=decisions[1].membership.company)

    def seen(client):
        return {row["id"] for row in client.get("decisions/").json()["results"]}

    assert [seen(client) for client in (secretariat, auditor, lcr_be, viewer)] == [
        {belgian, french},
        {belgian, french},
        {belgian},
        {french},
    ]
    assert viewer.get(f"decisions/{belgian}/").status_code == 404


def test_a_decision_tells_move_day_and_reason(decisions, lcr_be):
    decision = decisions[0]

    row = lcr_be.get(f"decisions/{decision.pk}/").json()

    assert (row["move"], row["from_state"], row["to_state"]) == ("suspend", "active", "suspended")
    assert (row["effective_on"], row["reason_code"], row["decided_by"]) == (
        "2026-09-01",
        "report_lapsed",
        "secretariat",
    )
    assert row["membership"]["id"] == str(decision.membership_id)


def test_filters(decisions, secretariat):
    def count(**params):
        return len(secretariat.get("decisions/", **params).json()["results"])

    company = str(decisions[0].membership.company_id)
    assert [count(move="suspend"), count(move="resign"), count(country="FR"), count(company=company)] == [2, 0, 1, 1]


@pytest.mark.parametrize("method", ["post", "patch", "put", "delete"])
def test_nobody_edits_a_decision(decisions, secretariat, method):
    response = getattr(secretariat, method)(f"decisions/{decisions[0].pk}/", {"text": "x"})

    decisions[0].refresh_from_db()
    assert (response.status_code, decisions[0].text) == (405, "")
