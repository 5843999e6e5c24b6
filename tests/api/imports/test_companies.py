"""A representative brings its book: companies of its own countries, what they signed before as recorded and muted."""

from __future__ import annotations

import pytest

from codesign.companies.models import CodeMembership, Company
from members.organisations.models import Organisation
from tests.factories.companies import make_company

pytestmark = pytest.mark.django_db
HOTEL = {"organisation": "Hotel Fictif Ancien (DEMO)", "country": "BE", "category": "hotel"}


def send(client, *rows, kind="companies"):
    return client.post("imports/", {"kind": kind, "rows": list(rows)})


def labels(client, shown):
    rows = client.get(f"imports/{shown['id']}/rows/").json()["results"]
    return [(row["label"], [fault["code"] for fault in row["errors"]]) for row in rows]


def test_the_book_is_labelled_then_written_and_the_same_again_changes_nothing(lcr_be):
    make_company(name="Hotel Fictif Connu")
    signed = {**HOTEL, "since": "2014-11", "since_basis": "signed", "source": "Own book"}
    known = {"organisation": "Hotel Fictif Connu", "country": "BE", "category": "hotel_chain"}
    rows = (signed, known, {**HOTEL, "organisation": "Auberge Fictive (DEMO)", "category": "boat"})

    answer = send(lcr_be, *rows)

    shown = answer.json()
    assert (answer.status_code, shown["state"], Company.objects.count()) == (201, "planned", 1)
    assert labels(lcr_be, shown) == [("create", []), ("update", []), ("error", ["unknown_choice"])]
    done = lcr_be.post(f"imports/{shown['id']}/confirm/", None, if_match=answer["ETag"])
    assert (done.status_code, done.json()["state"], done.json()["counts"]["applied"]) == (200, "applied", 2)
    (membership,) = CodeMembership.objects.filter(company__organisation__name="Hotel Fictif Ancien (DEMO)")
    assert (membership.state, membership.since, membership.source) == ("recorded", "2014-11", "Own book")
    assert membership.reminders_muted_until.year == 2200
    assert Company.objects.get(organisation__name="Hotel Fictif Connu").category == "hotel_chain"
    assert labels(lcr_be, send(lcr_be, signed, known).json()) == [("match", []), ("match", [])]


def test_companies_of_another_country_are_not_its_own(lcr_be, secretariat):
    french = make_company(name="Hotel Fictif Paris", country="FR")
    by_id = {"organisation_id": str(french.pk), "country": "BE", "category": "airline"}
    absent = {**by_id, "organisation_id": "01900000-0000-7000-8000-00000000dead"}

    shown = send(lcr_be, {**HOTEL, "country": "FR"}, by_id, absent).json()

    assert labels(lcr_be, shown) == [
        ("error", ["another_country"]),
        ("error", ["unknown_organisation"]),
        ("error", ["unknown_organisation"]),
    ]
    rows = lcr_be.get(f"imports/{shown['id']}/rows/").json()["results"]
    assert rows[1]["errors"] == rows[2]["errors"]
    french.refresh_from_db()
    assert (french.category, Organisation.objects.count()) == ("hotel", 2)


def test_the_networks_tables_stay_with_the_secretariat(lcr_be, lcr_nl, secretariat):
    refused = send(lcr_be, {"name": "Réseau Fictif", "kind": "ngo"}, kind="organisations")
    own = send(lcr_be, HOTEL).json()
    theirs = send(secretariat, HOTEL).json()

    assert (refused.status_code, refused.json()["code"]) == (403, "secretariat_only")
    assert [row["id"] for row in lcr_be.get("imports/").json()["results"]] == [own["id"]]
    assert lcr_nl.get(f"imports/{own['id']}/").status_code == 404
    assert lcr_be.get(f"imports/{theirs['id']}/").status_code == 404
    assert Company.objects.count() == 0
