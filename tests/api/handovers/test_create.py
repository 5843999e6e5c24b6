"""POST /handovers/: what would move, and that it moves on its day, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from codesign.handovers.actions import carry_out_due
from codesign.handovers.models import Handover
from codesign.tasks import plan_reminders
from members.network.models import Mandate
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_company, make_membership
from tests.factories.criteria import make_plan_action
from tests.factories.network import make_mandate
from tests.factories.organisations import make_organisation
from tests.factories.people import make_contact


@pytest.fixture
def former(db):
    """The confirmed mandate for Belgium, with an officer."""
    mandate = make_mandate(organisation=make_organisation(name="Former (DEMO)"), state="confirmed")
    make_contact(organisation=mandate.organisation, role="lcr_officer", email="former@lcr.example")
    return mandate


@pytest.fixture
def successor(db):
    """The organisation that takes over, with an officer."""
    organisation = make_organisation(name="Successor (DEMO)")
    make_contact(organisation=organisation, role="lcr_officer", email="next@lcr.example")
    return organisation


@pytest.fixture
def led(former):
    """Two open memberships that the former leads, one with open work; beside them others that stay where they are."""
    first, second = (
        make_membership(
            company=make_company(name=f"Hotel Fictif {letter}"), state=state, representative=former.organisation
        )
        for letter, state in (("A", "active"), ("B", "plan_submitted"))
    )
    make_plan_action(membership=first)
    make_plan_action(membership=first, state="done")
    make_membership(state="terminated", representative=former.organisation)
    make_membership()
    make_membership(company=make_company(country="NL"), representative=former.organisation)
    return first, second


def body(former, successor, day="2026-11-22") -> dict[str, str | None]:
    return {
        "mandate": str(former.pk),
        "organisation": str(successor.pk) if successor else None,
        "effective_on": day,
        "reason": "Agreement ended.",
    }


def represented(*memberships) -> list[object]:
    for membership in memberships:
        membership.refresh_from_db()
    return [membership.representative_id for membership in memberships]


def test_a_dry_run_shows_what_moves_and_moves_nothing(secretariat, former, successor, led):
    response = secretariat.post("handovers/?dry_run=true", body(former, successor))

    assert response.status_code == 201, response.content
    moves = response.json()["moves"]
    assert [company["display"] for company in moves.pop("companies")] == ["Hotel Fictif A", "Hotel Fictif B"]
    assert moves == {
        "company_count": 2,
        "open_action_count": 1,
        "done_action_count": 1,
        "report_count": 0,
        "application_count": 1,
        "contacts_from": {"officer_count": 1, "sender": "former@lcr.example"},
        "contacts_to": {"officer_count": 1, "sender": "next@lcr.example"},
    }
    former.refresh_from_db()
    assert (former.state, Handover.objects.count(), AuditEvent.objects.count()) == ("confirmed", 0, 0)
    assert represented(*led) == [former.organisation_id] * 2


def test_a_handover_ends_one_mandate_and_begins_the_next(secretariat, former, successor, led):
    response = secretariat.post("handovers/", body(former, successor))

    assert (response.status_code, response.json()["warnings"]) == (201, [])
    mandates = Mandate.objects.order_by("valid_from").values_list(
        "organisation_id", "state", "valid_from", "valid_until"
    )
    assert list(mandates) == [
        (former.organisation_id, "ended", date(2017, 1, 1), date(2026, 11, 21)),
        (successor.pk, "confirmed", date(2026, 11, 22), None),
    ]
    assert represented(*led) == [successor.pk] * 2
    assert [membership.version for membership in led] == [2, 2]
    row = secretariat.get(f"handovers/{response.json()['id']}/").json()
    assert (row["former"]["display"], row["successor"]["display"]) == ("Former (DEMO)", "Successor (DEMO)")
    assert (row["company_count"], row["carried_out_at"]) == (2, "2026-11-22T10:00:00Z")


def test_what_the_former_hand_does_not_lead_stays_where_it_is(secretariat, former, successor, led):
    before = set(former.organisation.represented_memberships.exclude(pk__in=[row.pk for row in led]))

    secretariat.post("handovers/", body(former, successor))

    assert (len(before), set(former.organisation.represented_memberships.all())) == (2, before)


def test_a_handover_of_another_day_waits_for_it(secretariat, former, successor, led):
    created = secretariat.post("handovers/", body(former, successor, "2027-01-01"))

    assert created.json()["carried_out_at"] is None
    # 22:59 UTC is still the old year in Brussels.
    assert carry_out_due(at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == 0
    assert represented(*led) == [former.organisation_id] * 2

    new_year = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert [carry_out_due(at=new_year), carry_out_due(at=new_year)] == [1, 0]

    assert represented(*led) == [successor.pk] * 2
    assert list(AuditEvent.objects.filter(action="handovers.carry_out").values_list("actor_label", flat=True)) == [
        "system"
    ]


def test_the_clocks_own_run_carries_out_what_is_due(secretariat, former, successor, led, time_machine_at):
    secretariat.post("handovers/", body(former, successor, "2026-12-01"))

    with time_machine_at(datetime(2026, 12, 1, 6, tzinfo=UTC)):
        plan_reminders()

    assert represented(*led) == [successor.pk] * 2


@pytest.fixture
def time_machine_at():
    """Travels to another moment for a while."""
    import time_machine

    return lambda moment: time_machine.travel(moment, tick=False)


def test_a_recorded_mandate_of_the_successor_is_the_one_that_counts(secretariat, former, successor):
    recorded = make_mandate(organisation=successor)

    response = secretariat.post("handovers/", body(former, successor))

    assert response.json()["successor_mandate_id"] == str(recorded.pk)
    assert Mandate.objects.count() == 2


def test_a_country_goes_to_the_secretariat_and_comes_back(secretariat, former, successor, led):
    gone = secretariat.post("handovers/", body(former, None, "2026-11-20"))
    assert (gone.status_code, represented(*led), gone.json()["warnings"]) == (201, [None, None], ["no_officer"])

    taken = secretariat.post(
        "handovers/", {"country": "BE", "organisation": str(successor.pk), "effective_on": "2026-11-22"}
    )

    # With it comes the membership that nobody had led before.
    assert (taken.status_code, taken.json()["moves"]["company_count"]) == (201, 3)
    assert represented(*led) == [successor.pk] * 2


def test_of_two_officers_one_wins(secretariat, former, successor, led):
    other = make_organisation(name="Other (DEMO)")

    answers = [secretariat.post("handovers/", body(former, heir)) for heir in (successor, other)]

    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (201, None),
        (409, "already_handed_over"),
    ]
    assert (represented(*led), Mandate.objects.count(), Handover.objects.count()) == ([successor.pk] * 2, 2, 1)


def test_a_repeated_request_hands_over_once(secretariat, former, successor):
    answers = [secretariat.post("handovers/", body(former, successor), key="handover-1") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert (answers[0].json() == answers[1].json(), Handover.objects.count()) == (True, 1)


def test_a_second_active_mandate_is_refused(secretariat, former, successor):
    later = make_mandate(state="confirmed", valid_from=date(2017, 1, 1), country_id="NL")
    response = secretariat.post(
        "handovers/", {"country": "NL", "organisation": str(successor.pk), "effective_on": "2026-11-22"}
    )

    assert (response.status_code, response.json()["code"]) == (409, "mandate_overlaps")
    assert response.json()["details"] == {"mandate": str(later.pk)}
    assert (Handover.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"effective_on": "2017-01-01"}, 400, "/effective_on", "before_start"),
        ({"organisation": "own"}, 400, "/organisation", "same_organisation"),
        ({"organisation": "01900000-0000-7000-8000-00000000dead"}, 400, "/organisation", "unknown_reference"),
        ({"country": "BE"}, 400, "/mandate", "mandate_or_country"),
        ({"country": "ZZ"}, 400, "/country", "unknown_reference"),
        ({"effective_on": "tomorrow"}, 400, "/effective_on", "invalid"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(secretariat, former, successor, change, status, pointer, code):
    if change.get("organisation") == "own":
        change = {"organisation": str(former.organisation_id)}

    response = secretariat.post("handovers/", {**body(former, successor), **change})

    assert response.status_code == status, response.content
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    former.refresh_from_db()
    assert (former.state, Handover.objects.count(), AuditEvent.objects.count()) == ("confirmed", 0, 0)


def test_neither_mandate_nor_country_or_nobody_to_nobody_is_refused(secretariat, db):
    answers = [
        secretariat.post("handovers/", {"organisation": None, "effective_on": "2026-11-22", **more})
        for more in ({}, {"country": "BE"})
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert [answer.json()["errors"][0]["pointer"] for answer in answers] == ["/mandate", "/organisation"]
    assert Handover.objects.count() == 0


def test_a_mandate_that_was_never_confirmed_is_not_handed_over(secretariat, successor):
    response = secretariat.post("handovers/", body(make_mandate(), successor))

    assert (response.status_code, response.json()["code"]) == (409, "mandate_not_confirmed")
    assert (Handover.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["lcr", "member_group", "auditor", "company_editor", "public"])
def test_the_secretariat_alone_hands_over(client_for, former, successor, role):
    client = client_for(role)

    response = client.post("handovers/", body(former, successor))

    former.refresh_from_db()
    assert (response.status_code, former.state) == (401 if role == "public" else 403, "confirmed")


def test_both_hands_and_oversight_read_of_it_and_nobody_else(
    secretariat, auditor, client_for, lcr_nl, former, successor
):
    created = secretariat.post("handovers/", body(former, successor)).json()
    hands = [client_for("lcr", organisation=each, country=None) for each in (successor,)]
    path = f"handovers/{created['id']}/"

    seen = [client.get(path).status_code for client in (secretariat, auditor, *hands, lcr_nl)]

    assert seen == [200, 200, 200, 404]
    assert [len(client.get("handovers/").json()["results"]) for client in (*hands, lcr_nl)] == [1, 0]


def test_one_row_and_many_cost_the_same(secretariat, former, successor, django_assert_num_queries):
    secretariat.post("handovers/", body(former, successor))

    with django_assert_num_queries(2):
        assert len(secretariat.get("handovers/").json()["results"]) == 1
