"""What may not stand in free text."""

from __future__ import annotations

import pytest

from codesign.reporting.free_text import CASE, PERSON, suspicion_in

PERSONS = [
    "Write to jan@hotel.example for the rest.",
    "jan.fictif (at) hotel (dot) example",
    "Call +32 2 123 45 67 for details",
    "Tel. 02/123.45.67",
    "0475 12 34 56",
    "Our contact is Mrs Fictive",
    "Voir avec M. Fictif à la réception",
    "Vraag het aan mevrouw Fictief",
    "Zuständig ist Frau Fiktiv",
    "Preguntar a la Sra. Ficticia",
    "A colleague named Fictive wrote the policy",
]
CASES = [
    "A guest was seen with a young girl.",
    "In May a girl of 14 years was noticed. She stayed in room 203.",
    "Our receptionist saw a man. There was a minor with him.",
    "Le réceptionniste a vu un homme avec une fillette.",
    "Une mineure a été abusée par un client.",
    "Een gast werd gezien met een meisje van 13 jaar oud.",
    "Het slachtoffer werd misbruikt in het hotel.",
    "Ein Gast wurde mit einem Mädchen gesehen.",
    "Das Opfer wurde missbraucht.",
    "El huésped fue visto con una niña.",
    "La víctima fue abusada en el hotel.",
]
CLEAN = [
    "",
    "We removed orphanage visits from all catalogues on 12.03.2025 and told 1 250 000 travellers.",
    "All staff learn to recognise sexual exploitation of children and where to report it.",
    "Volunteering with children ended in 2021, 2022 and 2023; see our policy of 2024-05-01.",
    "The zero-tolerance clause stands in 12,500,000 contracts.",
    "Nous avons retiré les visites d’orphelinats et formé 1.250.000 voyageurs.",
    "Wij hebben vrijwilligerswerk met kinderen geschrapt en de gids vernieuwd.",
    "Wir haben Besuche in Heimen gestrichen und alle Verträge erneuert.",
    "Retiramos las visitas a orfanatos e informamos a los viajeros.",
    "Child Focus and Plan helped us; the guide was printed 20000000 times.",
    "Registration from 2019-2024, budget 1000000.50 in total.",
    "We reached 5 000, 12 000 and 125 000 travellers in 3 years.",
]


@pytest.mark.parametrize("text", PERSONS)
def test_text_that_names_a_person_or_an_address_is_refused(text):
    assert suspicion_in(text) == PERSON


@pytest.mark.parametrize("text", CASES)
def test_text_that_tells_a_case_is_refused(text):
    assert suspicion_in(text) == CASE


@pytest.mark.parametrize("text", CLEAN)
def test_text_about_measures_passes(text):
    assert suspicion_in(text) is None


@pytest.mark.parametrize("suspicion", [PERSON, CASE])
def test_the_refusal_points_to_the_reporting_channel(suspicion):
    assert "/api/v1/reporting-channels/" in suspicion.message
