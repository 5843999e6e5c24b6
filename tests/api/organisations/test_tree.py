"""Parents, children, branches and countries of activity as of a day."""

from __future__ import annotations

from datetime import date

import pytest

from members.organisations.models import Activity, Parentage
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation, make_parentage


def names(response) -> set[str]:
    assert response.status_code == 200, response.content
    return {row["name"] for row in response.json()["results"]}


@pytest.fixture
def group(db):
    """A group with a brand (since 2020) that has a hotel, and with a local office."""
    group, brand, hotel, office = (
        make_organisation(name=f"{name} (DEMO)") for name in "Group Brand Hotel Office".split()
    )
    make_parentage(child=brand, parent=group, valid_from=date(2020, 1, 1))
    make_parentage(child=hotel, parent=brand)
    make_parentage(child=office, parent=group, kind="chapter")
    return group


def test_the_tree_is_asked_by_day(secretariat, group):
    key = str(group.pk)

    assert names(secretariat.get("organisations/", parent=key)) == {"Brand (DEMO)", "Office (DEMO)"}
    assert names(secretariat.get("organisations/", parent=key, valid_on="2019-12-31")) == {"Office (DEMO)"}
    assert names(secretariat.get("organisations/", branch_of=key)) == {"Office (DEMO)"}
    assert names(secretariat.get("organisations/", within=key)) == {"Brand (DEMO)", "Hotel (DEMO)", "Office (DEMO)"}
    assert names(secretariat.get("organisations/", within=key, valid_on="2019-12-31")) == {"Office (DEMO)"}


def test_a_row_shows_its_parents_of_the_day(secretariat, group):
    (brand,) = secretariat.get("organisations/", q="brand").json()["results"]

    assert brand["parents"] == [
        {
            "organisation": {"id": str(group.pk), "url": f"/api/v1/organisations/{group.pk}/", "display": group.name},
            "kind": "owned",
            "valid_from": "2020-01-01",
            "valid_until": None,
        }
    ]
    assert secretariat.get(f"organisations/{brand['id']}/", valid_on="2019-12-31").json()["parents"] == []


def test_a_hidden_organisation_shows_in_no_tree(anonymous, group):
    hotel = Parentage.objects.get(child__name="Hotel (DEMO)").child
    for seen in (group, hotel):
        make_network_membership(organisation=seen)
    brand = Parentage.objects.get(child=hotel).parent

    assert names(anonymous.get("organisations/", within=str(group.pk))) == set()
    assert names(anonymous.get("organisations/", parent=str(brand.pk))) == set()
    assert anonymous.get(f"organisations/{hotel.pk}/").json()["parents"] == []


def test_an_organisation_works_in_countries_besides_its_seat(secretariat):
    organisation = make_organisation(name="Réseau Fictif", country_id="BE")
    path = f"organisations/{organisation.pk}/activity/"

    first = secretariat.post(path, {"country": "LU", "valid_from": "2020-01-01"})
    ended = secretariat.post(path, {"country": "LU", "valid_from": "2020-01-01", "valid_until": "2025-12-31"})

    assert (first.status_code, first.json()["active_in"][0]["country"]) == (200, "LU")
    assert ended.json()["active_in"] == []
    assert names(secretariat.get("organisations/", active_in="LU", valid_on="2025-12-31")) == {"Réseau Fictif"}
    assert names(secretariat.get("organisations/", active_in="LU")) == set()
    assert names(secretariat.get("organisations/", active_in=["BE", "LU"])) == {"Réseau Fictif"}
    assert Activity.objects.count() == 2  # the corrected one stays known

    secretariat.post(path, {"country": "LU", "is_mistake": True})
    assert names(secretariat.get("organisations/", active_in="LU", valid_on="2025-12-31")) == set()


@pytest.mark.parametrize(
    ("operation", "body", "pointer", "code"),
    [
        ("activity", {"country": "ZZ"}, "/country", "unknown_reference"),
        (
            "activity",
            {"country": "LU", "valid_from": "2026-01-02", "valid_until": "2026-01-01"},
            "/valid_until",
            "end_before_start",
        ),
        ("activity", {"country": "LU", "valid_from": "1899-12-31"}, "/valid_from", "out_of_range"),
        (
            "names",
            {"text": "RF", "kind": "acronym", "valid_from": "2026-01-02", "valid_until": "2026-01-01"},
            "/valid_until",
            "end_before_start",
        ),
        ("names", {"text": "RF", "kind": "acronym", "language": "xx"}, "/language", "unknown_language"),
        ("names", {"text": "RF", "kind": "official"}, "/kind", "invalid_choice"),
        ("identifiers", {"scheme": "lei", "value": "00000000000000000099"}, "/value", "bad_identifier"),
        ("identifiers", {"scheme": "isbn", "value": "1"}, "/scheme", "invalid_choice"),
        ("parent", {"parent": "01936f5e-0000-7000-8000-000000000001"}, "/parent", "unknown_reference"),
        ("profile", {"languages": ["fr", "xx"]}, "/languages/1", "unknown_language"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(secretariat, operation, body, pointer, code):
    organisation = make_organisation()
    send = secretariat.patch if operation == "profile" else secretariat.post

    response = send(f"organisations/{organisation.pk}/{operation}/", body)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    organisation.refresh_from_db()
    assert (organisation.version, organisation.names.count(), AuditEvent.objects.count()) == (1, 1, 0)


def test_an_identifier_given_by_mistake_is_taken_away(secretariat):
    organisation, other = make_organisation(), make_organisation()
    body = {"scheme": "ror", "value": "https://ror.org/03vek6s52"}

    given = secretariat.post(f"organisations/{organisation.pk}/identifiers/", body)
    taken = secretariat.post(f"organisations/{other.pk}/identifiers/", body)
    absent = secretariat.post(f"organisations/{other.pk}/identifiers/remove/", body)
    gone = secretariat.post(f"organisations/{organisation.pk}/identifiers/remove/", body)

    assert given.json()["identifiers"] == [{"scheme": "ror", "value": "03vek6s52"}]
    assert (taken.status_code, taken.json()["code"]) == (409, "identifier_taken")
    assert (absent.status_code, gone.status_code, gone.json()["identifiers"]) == (404, 200, [])


def test_a_ring_is_told_with_its_place(secretariat, group):
    hotel = Parentage.objects.get(child__name="Hotel (DEMO)").child

    response = secretariat.post(
        f"organisations/{group.pk}/parent/", {"parent": str(hotel.pk), "valid_from": "2026-01-01"}
    )

    assert (response.status_code, response.json()["code"], response.json()["errors"][0]["pointer"]) == (
        409,
        "parent_ring",
        "/parent",
    )
    assert Parentage.objects.count() == 3
