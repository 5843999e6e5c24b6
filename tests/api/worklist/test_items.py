"""GET /worklist/: what needs an officer, why, since when, and the next step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from codesign.companies.models import SignatoryClaim
from codesign.criteria.models import PlanAction
from codesign.reporting.models import Report
from codesign.standing.models import Appeal, Endorsement
from codesign.worklist.kinds import WEIGHTS, WorkKind, weight
from registry.kernel.ids import new_id
from tests.factories.companies import AT, make_company, make_decision, make_membership
from tests.factories.criteria import make_plan_action
from tests.factories.fees import make_agreement, make_invoice
from tests.factories.people import make_contact
from tests.factories.recognition import make_worthy
from tests.factories.reporting import make_member, make_report

pytestmark = pytest.mark.django_db


def listed(client, **params):
    response = client.get("worklist/", **params)
    assert response.status_code == 200, response.content
    return response.json()


def kinds(client, **params):
    return [work["kind"] for work in listed(client, **params)["results"]]


@pytest.fixture
def reached():
    """A company that can be written to, so that its missing contact is no work of its own."""
    company = make_company(name="Hotel Fictif Abeille")
    make_contact(organisation=company.organisation, role="reporting_officer", email="report@abeille.example")
    return company


def test_a_plan_that_waits_comes_with_its_reason_and_the_next_step(lcr_be, reached):
    membership = make_membership(company=reached, state="plan_submitted")
    make_decision(membership=membership, move="submit_plan", to_state="plan_submitted", effective_on=date(2026, 11, 13))

    (work,) = listed(lcr_be)["results"]

    row = f"/api/v1/code-memberships/{membership.pk}/"
    assert work == {
        "item": f"plan_to_decide:{membership.pk}",
        "kind": "plan_to_decide",
        "reason": "Application and plan wait for a yes or for changes.",
        "name": "Hotel Fictif Abeille",
        "company": {
            "id": str(reached.pk),
            "url": f"/api/v1/companies/{reached.pk}/",
            "display": "Hotel Fictif Abeille",
        },
        "country": "BE",
        "category": "hotel",
        "since": "2026-11-13",
        "age_days": 9,
        "due_on": None,
        "weight": 78,
        "call": {
            "label": "Approve",
            "method": "POST",
            "url": f"{row}approve/",
            "body": {"reason": "complete"},
            "fill_in": [],
            "tag_from": row,
            "instead_of_nudge": None,
        },
        "snoozed": None,
    }


def test_a_yes_hands_the_plan_on_to_the_other_side(lcr_be, secretariat, reached):
    membership = make_membership(company=reached, state="plan_submitted")
    assert (kinds(lcr_be), kinds(secretariat)) == (["plan_to_decide"], [])

    Endorsement.objects.create(
        membership=membership,
        move="approve",
        after_version=0,
        side="representative",
        officer_id=lcr_be.user.pk,
        officer_label="lcr",
        endorsed_at=membership.created_at,
    )

    assert (kinds(lcr_be), kinds(secretariat)) == ([], ["plan_to_decide"])


def test_the_secretariat_stands_in_where_nobody_represents(lcr_be, secretariat):
    make_membership(company=make_company(name="Hotel Fictif Vlaanderen"), state="submitted")
    make_membership(company=make_company(name="Hotel Fictif Paris", country="FR"), state="submitted")

    def names(client, **params):
        return [work["company"]["display"] for work in listed(client, **params)["results"]]

    assert names(lcr_be) == ["Hotel Fictif Vlaanderen"]
    assert names(secretariat) == ["Hotel Fictif Paris"]
    assert sorted(names(secretariat, everywhere="true")) == ["Hotel Fictif Paris", "Hotel Fictif Vlaanderen"]
    assert names(secretariat, everywhere="true", country="be") == ["Hotel Fictif Vlaanderen"]


def test_an_approved_company_owes_money_and_a_signature_and_so_does_its_representative(lcr_be, reached):
    membership = make_membership(company=reached, state="approved")
    agreement = make_agreement(membership=membership, sent_on=date(2026, 10, 1))

    found = listed(lcr_be)

    assert [work["kind"] for work in found["results"]] == ["agreement_to_sign", "agreement_unsigned", "approved_unpaid"]
    assert [work["item"].partition(":")[2] for work in found["results"]] == [
        str(agreement.pk),
        str(agreement.pk),
        str(membership.pk),
    ]
    assert found["results"][0]["call"]["body"] == {
        "side": "representative",
        "role": "officer",
        "signed_on": "2026-11-22",
    }
    assert [(row["kind"], row["count"]) for row in found["kinds"]] == [
        ("agreement_to_sign", 1),
        ("agreement_unsigned", 1),
        ("approved_unpaid", 1),
    ]


def test_a_member_that_is_sent_another_agreement_signs_it_too(lcr_be, reached):
    """The former one stays until both have signed; nobody is reminded of it by a rule, so an officer calls."""
    membership = make_membership(company=reached, state="active")
    agreement = make_agreement(membership=membership, sent_on=date(2026, 11, 2))

    both = listed(lcr_be)["results"]
    body = {"side": "representative", "role": "officer", "signed_on": "2026-11-22"}
    path = f"code-agreements/{agreement.pk}/"
    signed = lcr_be.post(f"{path}sign/", body, if_match=lcr_be.get(path)["ETag"])

    assert [work["kind"] for work in both] == ["agreement_to_sign", "agreement_unsigned"]
    assert (both[1]["call"]["url"], both[1]["call"]["instead_of_nudge"]) == ("/api/v1/contact-log/", "no_reminder")
    assert (signed.status_code, kinds(lcr_be)) == (200, ["agreement_unsigned"])


def test_a_member_that_owes_everything(lcr_be, secretariat):
    late = make_member()
    make_report(membership=late)
    make_invoice(membership=late, due_on=date(2026, 11, 1), issued_on=date(2026, 10, 1))
    make_plan_action(membership=late, state="done")
    decision = make_decision(membership=late, effective_on=date(2026, 11, 1))
    Appeal.objects.create(
        decision=decision,
        membership=late,
        lodged_on=date(2026, 11, 12),
        lodged_at=decision.decided_at,
        lodged_by_label="",
    )

    found = kinds(lcr_be)

    # An overdue report gains ten for its term and the most for its age; nobody can be written to.
    assert found == ["report_late", "fee_overdue", "contact_gone", "evidence_to_verify"]
    assert kinds(secretariat) == ["appeal_to_decide"]
    assert kinds(lcr_be, kind=["contact_gone", "fee_overdue"]) == ["fee_overdue", "contact_gone"]


def test_recognition_that_is_due(lcr_be, secretariat, reached):
    member = make_membership(company=reached, state="active", member_since=date(2025, 1, 1))
    make_worthy(member)
    make_invoice(membership=member, state="paid", paid_on=date(2026, 3, 1))
    make_agreement(membership=member, company_signed_on=date(2026, 11, 3), representative_signed_on=date(2026, 11, 3))

    (issue,) = listed(lcr_be)["results"]
    (award,) = listed(secretariat)["results"]

    assert (issue["kind"], issue["item"]) == ("certificate_due", f"certificate_due:{member.pk}")
    assert (issue["call"]["url"], issue["call"]["body"]) == ("/api/v1/certificates/", {"membership": str(member.pk)})
    assert (award["kind"], award["call"]["url"]) == ("award_due", "/api/v1/awards/")
    for client, work in ((lcr_be, issue), (secretariat, award)):
        assert client.post(work["call"]["url"].removeprefix("/api/v1/"), work["call"]["body"]).status_code == 201
    assert (kinds(lcr_be), kinds(secretariat)) == ([], [])


@pytest.mark.parametrize("lacking", ["fee", "signature", "report", "criterion"])
def test_recognition_that_is_not_due(lcr_be, secretariat, reached, lacking):
    member = make_membership(company=reached, state="active", member_since=date(2025, 1, 1))
    make_worthy(member)
    if lacking == "report":
        Report.objects.update(state="accepted")
    if lacking == "criterion":
        PlanAction.objects.filter(criterion_number=4).delete()
    if lacking != "fee":
        make_invoice(membership=member, state="paid", paid_on=date(2026, 3, 1))
    if lacking != "signature":
        signed = {"company_signed_on": date(2026, 11, 3), "representative_signed_on": date(2026, 11, 3)}
        make_agreement(membership=member, **signed)

    expected = {
        "fee": ([], ["award_due"]),
        "signature": ([], ["award_due"]),
        "report": (["certificate_due"], []),
        "criterion": (["certificate_due"], []),
    }

    assert (kinds(lcr_be), kinds(secretariat)) == expected[lacking]


def test_a_claim_waits_where_it_was_made(lcr_be, lcr_nl, secretariat):
    def claim(name, country):
        return SignatoryClaim.objects.create(
            name=name,
            search_key=name.lower(),
            country_id=country,
            signatory_role="director",
            claimed_by_id=new_id(),
            created_at=AT - timedelta(days=3),
        )

    mine, unserved = claim("Hotel Fictif Ancien", "BE"), claim("Hotel Fictif Vieux", "FR")

    (work,) = listed(lcr_be)["results"]

    assert (work["item"], work["name"], work["country"]) == (f"claim_to_decide:{mine.pk}", "Hotel Fictif Ancien", "BE")
    assert (work["company"], work["category"], work["since"]) == (None, None, "2026-11-19")
    assert work["call"]["url"] == f"/api/v1/signatory-claims/{mine.pk}/candidates/"
    assert lcr_be.get(work["call"]["url"].removeprefix("/api/v1/")).status_code == 200
    assert kinds(lcr_nl) == []
    assert [one["name"] for one in listed(secretariat)["results"]] == ["Hotel Fictif Vieux"]
    everywhere = listed(secretariat, everywhere="true", country="BE")["results"]
    assert [one["name"] for one in everywhere] == ["Hotel Fictif Ancien"]
    body = {"item": work["item"], "until": "2026-12-07", "reason": "Asked the archive."}
    assert lcr_be.post("worklist/snooze/", body).status_code == 200
    assert (kinds(lcr_be), kinds(lcr_be, snoozed="true")) == ([], ["claim_to_decide"])
    assert unserved.state == "open"


def test_an_agreement_that_gave_way_waits_for_nobody(lcr_be, reached):
    membership = make_membership(company=reached, state="approved")
    make_agreement(membership=membership, superseded_on=date(2026, 11, 10))

    assert kinds(lcr_be) == ["approved_unpaid"]


def test_pages_follow_each_other(lcr_be):
    for _ in range(5):
        make_membership(state="submitted")
    everything = listed(lcr_be)

    found, following = [], "worklist/?page_size=2"
    while following:
        answer = lcr_be.get(following).json()
        found += answer["results"]
        following = answer["next"]

    assert (found, answer["count"]) == (everything["results"], 5)
    gone = lcr_be.get("worklist/", after="plan_wanted:0193a000-0000-7000-8000-000000000003")
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (400, "unknown_item")


def test_one_company_and_many_cost_the_same(lcr_be, django_assert_num_queries):
    make_membership(state="plan_submitted")
    listed(lcr_be)
    for size in (1, 6):
        for _ in range(size):
            membership = make_membership(state="approved")
            make_agreement(membership=membership)
        with django_assert_num_queries(5):  # token with grants and mandates, list, companies, agreements, nudges
            listed(lcr_be)


@pytest.mark.parametrize(
    ("since", "due_on", "more"),
    [(None, None, 0), (date(2026, 11, 19), None, 1), (date(2020, 1, 1), None, 30), (None, date(2026, 11, 21), 10),
     (None, date(2026, 11, 22), 0), (date(2030, 1, 1), None, 0)],
)  # fmt: skip
def test_waiting_and_terms_add_to_the_weight(since, due_on, more, day):
    for kind in WorkKind:
        assert weight(kind, since=since, due_on=due_on, on=day) == WEIGHTS[kind] + more
