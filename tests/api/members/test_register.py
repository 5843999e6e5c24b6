"""GET /members/: the public register."""

from __future__ import annotations

import pytest

from codesign.companies.models import CodeMembership, Company, Decision
from members.organisations.models import Organisation
from tests.factories.companies import make_company, make_decision, make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    company = make_company(name="Hotel Fictif Abeille (DEMO)", is_profile_public=True)
    Organisation.objects.filter(pk=company.pk).update(website="https://abeille.example")
    return make_membership(company=company, number="TC-BE-00042")


def test_everybody_reads_decided_facts(anonymous, member):
    (row,) = anonymous.get("members/").json()["results"]

    assert row == {
        "id": str(member.pk),
        "name": "Hotel Fictif Abeille (DEMO)",
        "country": "BE",
        "category": "hotel",
        "number": "TC-BE-00042",
        "status": "member",
        "member_since": "2024-03-01",
        "suspended_since": None,
        "former_since": None,
        "website": "https://abeille.example",
        "top_member_year": None,
        "awards": [],
        "is_demo": True,
    }
    assert anonymous.get(f"members/{member.pk}/").json() == row


def test_the_profile_switch_hides_the_profile_and_never_the_fact(anonymous, member):
    Company.objects.update(is_profile_public=False)

    (row,) = anonymous.get("members/").json()["results"]

    assert (row["name"], row["status"], row["website"]) == ("Hotel Fictif Abeille (DEMO)", "member", "")


def test_it_can_be_read_as_of_a_day(anonymous, member):
    make_decision(membership=member, effective_on="2026-09-01")
    CodeMembership.objects.update(state="suspended")

    days = ("2024-02-29", "2026-08-31", "2026-09-01")
    seen = [[row["status"] for row in anonymous.get("members/", valid_on=day).json()["results"]] for day in days]

    assert seen == [[], ["member"], ["suspended"]]
    assert anonymous.get(f"members/{member.pk}/", valid_on="2024-02-29").status_code == 404


def test_filters_and_bad_ones(anonymous, member):
    make_membership(company=make_company(country="FR"), state="resigned")

    assert [row["country"] for row in anonymous.get("members/", status="former").json()["results"]] == ["FR"]
    assert [row["country"] for row in anonymous.get("members/", q="abeille").json()["results"]] == ["BE"]
    assert anonymous.get("members/", number="TC-BE-00042", count="exact").json()["count"] == 1
    assert anonymous.get("members/", standing="good").status_code == 400


def test_what_is_hidden_never_changes_the_answer(anonymous, member):
    make_membership(state="draft")
    paths = ("members/", "members/?status=member", f"members/{member.pk}/", "members/?ordering=-member_since")
    before = [(answer.content, answer.headers.get("ETag")) for answer in map(anonymous.get, paths)]

    make_membership(state="recorded")
    make_membership(state="submitted")
    CodeMembership.objects.filter(pk=member.pk).update(note="internal", version=9)
    Decision.objects.create(
        membership=member,
        version=9,
        move="activate",
        from_state="approved",
        to_state="active",
        effective_on="2024-03-01",
        decided_at="2024-03-01T10:00:00Z",
        actor_label="secretariat",
        text="internal",
    )

    assert [(answer.content, answer.headers.get("ETag")) for answer in map(anonymous.get, paths)] == before


def test_one_member_and_many_cost_the_same(anonymous, member, django_assert_num_queries):
    with django_assert_num_queries(2):  # members, awards
        anonymous.get("members/")
    for _ in range(3):
        make_decision(membership=make_membership())
    with django_assert_num_queries(2):
        assert len(anonymous.get("members/").json()["results"]) == 4
