"""Awards over HTTP, and how the public sees them."""

from __future__ import annotations

import pytest

from codesign.criteria.models import PlanAction
from tests.api_client import ApiClient
from tests.factories.companies import make_membership
from tests.factories.recognition import make_award, make_worthy

pytestmark = pytest.mark.django_db


def test_the_secretariat_awards_and_the_public_sees_it(
    secretariat: ApiClient, lcr_be: ApiClient, anonymous: ApiClient
) -> None:
    membership = make_membership()
    make_worthy(membership)
    body = {"membership": str(membership.pk), "year": 2025}

    assert lcr_be.post("awards/", body).status_code == 403
    given = secretariat.post("awards/", body)

    assert (given.status_code, given.json()["criteria"][0]) == (201, {"number": 1, "actions": 1, "verified": 1})
    (row,) = anonymous.get("members/", top_member="2025").json()["results"]
    assert (row["top_member_year"], row["awards"]) == (
        2025,
        [{"kind": "top_member", "year": 2025, "given_on": "2026-11-22"}],
    )
    assert anonymous.get("members/", top_member="2024").json()["results"] == []
    assert anonymous.get("members/", top_member="2025", valid_on="2026-11-21").json()["results"] == []
    url = f"awards/{given.json()['id']}/withdraw/"
    assert secretariat.post(url, {"reason": "review", "was_in_error": True}).json()["was_in_error"] is True
    (row,) = anonymous.get("members/").json()["results"]
    assert (row["top_member_year"], row["awards"]) == (None, [])


def test_what_is_missing_is_listed(secretariat: ApiClient) -> None:
    membership = make_membership()
    make_worthy(membership)
    PlanAction.objects.filter(criterion_number=3).update(state="done", verified_on=None)

    refused = secretariat.post("awards/", {"membership": str(membership.pk), "year": 2025})

    assert (refused.status_code, refused.json()["code"]) == (409, "not_due")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/criteria/3"]


def test_the_register_as_csv(anonymous: ApiClient) -> None:
    member = make_membership(number="TC-BE-00042")
    make_award(membership=member)
    make_membership(state="submitted")

    lines = b"".join(anonymous.get("members/export/", format="csv").streaming_content).decode().splitlines()

    assert lines[0].split(",")[1:] == (
        "name,country,category,number,status,member_since,suspended_since,former_since,website,top_member_year,is_demo"
    ).split(",")
    assert len(lines) == 2
    assert lines[1].endswith(",BE,hotel,TC-BE-00042,member,2024-03-01,,,,2025,true")


def test_dates_of_joining_filter(anonymous: ApiClient) -> None:
    for since in ("2020-01-01", "2024-03-01"):
        make_membership(member_since=since)

    found = anonymous.get("members/", member_since_after="2020-01-01", member_since_before="2024-03-02").json()

    assert [row["member_since"] for row in found["results"]] == ["2024-03-01"]
