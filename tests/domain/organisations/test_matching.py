"""Candidates from the register: found misspelt, bounded by what the caller sees, at a constant cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.organisations import actions, matching
from members.organisations.models import Organisation
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from tests.factories.organisations import make_name, make_organisation

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
LEI = "00000000000000000098"


def found(rows=None, **asked) -> list[tuple[str, bool]]:
    """Names of the candidates, and whether each is certain."""
    rows = Organisation.objects.standing() if rows is None else rows
    candidates = matching.candidates(rows, matching.asked_for(**asked), on=DAY)
    return [(candidate.known.display, candidate.is_certain) for candidate in candidates]


def test_a_misspelt_name_is_found_and_a_stranger_is_not():
    make_organisation(name="Réseau Fictif des Enfants")
    make_organisation(name="Maison du Monde")

    assert found(name="Resau Fictif des Efants", country_id="BE") == [("Réseau Fictif des Enfants", False)]
    assert found(name="Resau Fictif des Efants", country_id="FR") == []
    assert found(name="Réseau  fictif-des enfants", country_id="BE") == [("Réseau Fictif des Enfants", True)]


def test_the_same_name_is_found_in_another_country():
    make_organisation(name="Réseau Fictif", country_id="BE")

    assert found(name="reseau fictif", country_id="PE") == [("Réseau Fictif", False)]


def test_former_names_and_websites_and_identifiers_lead_there():
    organisation = make_organisation(name="Nom Neuf Fictif", domain="fictif.example")
    make_name(organisation=organisation, text="Vieux Comité", kind="former")
    actions.add_identifier(
        organisation_id=organisation.pk, scheme="lei", value=LEI, actor=SYSTEM, at="2026-11-22T10:00Z"
    )

    assert found(name="vieux comite", country_id="BE") == [("Nom Neuf Fictif", False)]
    assert found(name="Autre", website="https://www.fictif.example/x") == [("Nom Neuf Fictif", False)]
    assert found(name="Autre", identifiers=[("lei", LEI)]) == [("Nom Neuf Fictif", True)]


def test_what_the_caller_does_not_see_changes_nothing():
    make_organisation(name="Réseau Fictif")
    hidden = make_organisation(name="Réseau Fictif Caché")
    rows = Organisation.objects.exclude(pk=hidden.pk)
    before = found(rows, name="Réseau Fictif Caché", country_id="BE")

    for number in range(300):
        make_organisation(name=f"Réseau Fictif Caché {number}", is_listed=False)
    rows = rows.filter(is_listed=True)

    assert before == found(rows, name="Réseau Fictif Caché", country_id="BE") == [("Réseau Fictif", False)]


def test_the_cost_is_the_same_for_one_and_for_many():
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            found(name="Réseau Fictif", country_id="BE", website="fictif.example", identifiers=[("lei", LEI)])
        return len(context)

    make_organisation(name="Réseau Fictif 0")
    few = queries()
    for number in range(30):
        make_organisation(name=f"Réseau Fictif {number}")

    assert (few, queries()) == (7, 7)


def test_a_certain_duplicate_is_not_registered_unless_it_is_another(at):
    first = actions.register(kind="ngo", name="Réseau Fictif", country_id="BE", actor=SYSTEM, at=at)

    with pytest.raises(actions.Duplicate) as refusal:
        actions.register(kind="ngo", name="RESEAU FICTIF", country_id="BE", actor=SYSTEM, at=at)

    assert refusal.value.details == {
        "candidates": [
            {
                "id": str(first.pk),
                "display": "Réseau Fictif",
                "score": 1.0,
                "reasons": ["same_name", "same_country"],
                "is_certain": True,
            }
        ]
    }
    assert (Organisation.objects.count(), AuditEvent.objects.count()) == (1, 1)
    another = actions.register(kind="ngo", name="RESEAU FICTIF", country_id="BE", is_another=True, actor=SYSTEM, at=at)
    assert Organisation.objects.get(pk=another.pk).name == "RESEAU FICTIF"
