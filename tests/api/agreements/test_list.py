"""Who reads which agreements, of which day, and which run out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.kernel.audit.models import AuditEvent
from tests.factories.agreements import make_agreement
from tests.factories.organisations import make_organisation


def titles(client, **params) -> list[str]:
    response = client.get("agreements/", **params)
    assert response.status_code == 200, response.content
    return [row["title"] for row in response.json()["results"]]


@pytest.mark.django_db
def test_each_role_reads_its_own(client_for, secretariat, auditor, lcr_be):
    group, company = make_organisation(name="Réseau A"), make_organisation(kind="company", name="Hôtel Fictif")
    other = client_for("member_group")
    make_agreement(parties=(group, make_organisation()), title="Du groupe")
    make_agreement(parties=(lcr_be.organisation, make_organisation()), title="Du représentant")
    make_agreement(parties=(company, make_organisation()), title="D'un hôtel belge")
    make_agreement(
        parties=(make_organisation(kind="company", country_id="NL"), make_organisation()), title="D'un hôtel voisin"
    )
    everything = ["D'un hôtel belge", "D'un hôtel voisin", "Du groupe", "Du représentant"]

    assert titles(secretariat) == titles(auditor) == everything
    assert titles(client_for("member_group", organisation=group)) == ["Du groupe"]
    assert titles(other) == []
    assert titles(lcr_be) == ["D'un hôtel belge", "Du représentant"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["stop_partner", "company_editor", "evaluator"])
def test_others_read_none_and_nobody_but_the_secretariat_writes(client_for, anonymous, auditor, role):
    agreement = make_agreement()
    member = client_for("member_group", organisation=agreement.parties.first().organisation)
    before = AuditEvent.objects.count()

    assert client_for(role).get("agreements/").status_code == 403
    assert anonymous.get("agreements/").status_code == 401
    for client in (auditor, member):
        response = client.post(f"agreements/{agreement.pk}/end/", {"ended_on": "2026-12-31"}, if_match="*")
        assert (response.status_code, response.json()["code"]) == (403, "right_missing")
    assert AuditEvent.objects.count() == before


def test_the_agreements_of_a_day_are_the_certain_ones_unless_asked(secretariat):
    make_agreement(title="A certain")
    make_agreement(title="B jour et mois", starts_on="--01-22", ends_on="")
    make_agreement(title="C projet", state="draft")
    make_agreement(title="D échu", starts_on="2014", ends_on="2016")

    assert titles(secretariat) == ["A certain", "B jour et mois", "C projet", "D échu"]
    assert titles(secretariat, valid_on="2026-11-22") == ["A certain"]
    assert titles(secretariat, valid_on="2026-11-22", uncertain="true") == ["A certain", "B jour et mois"]
    assert titles(secretariat, valid_on="2026-11-22", uncertain="only") == ["B jour et mois"]
    assert titles(secretariat, valid_on="2015-06-01") == ["D échu"]
    shown = secretariat.get("agreements/", q="jour").json()["results"][0]
    assert (shown["starts_on"], shown["is_uncertain"]) == ("--01-22", True)


def test_what_ends_within_so_many_days(secretariat):
    make_agreement(title="A bientôt", ends_on="2027-01-31")
    make_agreement(title="B plus tard", ends_on="2027-12-31")
    make_agreement(title="C sans fin", ends_on="", is_open_ended=True)

    assert titles(secretariat, expiring_within=90) == ["A bientôt"]
    assert titles(secretariat, expiring_within=90, valid_on="2027-10-15") == ["B plus tard"]
    counted = secretariat.get("agreements/", expiring_within=90, count="exact").json()
    assert counted["count"] == 1


@pytest.mark.parametrize("value", ["-1", "3651", "soon"])
def test_a_bad_number_of_days_is_refused(secretariat, value):
    response = secretariat.get("agreements/", expiring_within=value)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?expiring_within")


def test_filters_by_party_kind_and_state(secretariat):
    party = make_organisation()
    make_agreement(title="A", parties=(party, make_organisation()), kind="partnership")
    make_agreement(title="B", state="signed")

    assert titles(secretariat, organisation=str(party.pk)) == ["A"]
    assert titles(secretariat, kind="partnership") == ["A"]
    assert titles(secretariat, state="signed") == ["B"]


def test_a_page_costs_the_same_whatever_its_length(secretariat, django_assert_num_queries):
    make_agreement()
    secretariat.get("agreements/")
    with CaptureQueriesContext(connection) as one:
        secretariat.get("agreements/")
    for _ in range(5):
        make_agreement()

    with django_assert_num_queries(len(one)):
        assert len(secretariat.get("agreements/").json()["results"]) == 6
