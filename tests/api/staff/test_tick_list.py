"""GET /staff/tick-list/."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.training import printed
from codesign.training.models import StaffMember
from tests.factories import training

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    """Two people of the list, one trained, and one who left."""
    training.load_default_requirements()
    site = training.make_workplace(name="Hotel Fictif")
    people = [training.make_staff(site, reference=f"{n:03}", role="housekeeping") for n in (2, 1)]
    training.make_staff(site, reference="003", left_on=date(2026, 10, 31))
    training.complete(people[0], training.make_course(code="basics"), date(2026, 3, 1))
    return site


def test_people_of_the_day_are_listed_by_number_with_a_blank_for_the_name(client_for, hotel, monkeypatch):
    asked = []
    monkeypatch.setattr(
        printed.printing, "printed", lambda document, data, **more: asked.append((document, data, more)) or b"%PDF"
    )
    course = training.make_course(code="refresh", names={"en": "Refresher", "fr": "Rappel"})

    answer = client_for("company_editor", organisation=hotel.company_id).get(
        "staff/tick-list/", site=str(hotel.pk), course=str(course.pk), language="fr"
    )

    assert (answer.status_code, answer.content) == (200, b"%PDF")
    ((document, data, more),) = asked
    assert (document, more["language"], data["site"], data["course"]) == ("tick-list", "fr", "Hotel Fictif", "Rappel")
    assert data["people"] == [["001", "Étages", ""], ["002", "Étages", "1 mars 2027"]]


def test_it_is_a_document_in_every_language(client_for, hotel):
    editor = client_for("site_editor", organisation=hotel.company_id, site=hotel)

    for language in ("en", "fr", "nl", "de", "es"):
        answer = editor.get("staff/tick-list/", site=str(hotel.pk), language=language)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")


def test_another_company_and_whoever_stands_outside_get_none(client_for, hotel):
    stranger = client_for("company_editor", organisation=training.make_workplace().company_id)

    refused = stranger.get("staff/tick-list/", site=str(hotel.pk))

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_reference")
    assert client_for("lcr", country="BE").get("staff/tick-list/", site=str(hotel.pk)).status_code == 403
    assert StaffMember.objects.count() == 3
