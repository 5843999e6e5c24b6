"""POST /code-memberships/decide/: one move of many, with a result for each."""

from __future__ import annotations

import pytest

from codesign.companies.models import Decision
from tests.factories import standing
from tests.factories.companies import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return [standing.make_membership(state="plan_submitted") for _ in range(3)]


def item(membership, **more):
    return {
        "membership": str(membership.pk),
        "move": "request_changes",
        "version": membership.version,
        "text": "Say more.",
        **more,
    }


def test_the_good_ones_are_done_although_others_are_refused(secretariat, waiting):
    first, second, third = waiting
    draft = standing.make_membership(state="draft")
    before = Decision.objects.count()

    response = secretariat.post(
        "code-memberships/decide/",
        [
            *(item(first), item(second, version=99), item(draft)),
            *(item(third, move="suspend"), item(third, text=""), item(third)),
        ],
    )

    assert response.status_code == 200, response.content
    assert [(row["index"], row["is_done"], row["state"], row["code"]) for row in response.json()] == [
        (0, True, "changes_requested", ""),
        (1, False, "", "stale"),
        (2, False, "", "move_not_allowed"),
        (3, False, "", "invalid"),
        (4, False, "", "invalid"),
        (5, True, "changes_requested", ""),
    ]
    assert [row["errors"][0]["pointer"] for row in response.json() if row["errors"]] == ["/3/move", "/4/text"]
    assert Decision.objects.count() == before + 2
    second.refresh_from_db()
    assert second.state == "plan_submitted"


def test_the_membership_of_another_country_is_none_of_yours(lcr_be):
    foreign = standing.make_membership(company=make_company(country="FR"), state="plan_submitted")
    before = Decision.objects.count()

    (row,) = lcr_be.post("code-memberships/decide/", [item(foreign)]).json()

    assert (row["is_done"], [fault["code"] for fault in row["errors"]]) == (False, ["unknown_reference"])
    assert Decision.objects.count() == before
