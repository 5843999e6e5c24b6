"""Extensions over HTTP."""

from __future__ import annotations

import pytest

from codesign.reporting.models import Extension, ReportObligation
from tests.factories.reporting import make_member, make_year

pytestmark = pytest.mark.django_db


def due() -> str:
    return str(ReportObligation.objects.get().due_on)


def test_an_extension_moves_the_due_day_and_its_revocation_moves_it_back(lcr_be):
    member = make_member()
    year = make_year(2025)
    body = {
        "reporting_year": str(year.pk),
        "company": str(member.company_id),
        "until": "2026-05-31",
        "reason": "Floods",
    }

    created = lcr_be.post("extensions/", body)
    assert (created.status_code, created.json()["until"], due()) == (201, "2026-05-31", "2026-05-31")

    path = f"extensions/{created.json()['id']}/"
    revoked = lcr_be.post(f"{path}revoke/", if_match=created["ETag"])
    assert (revoked.status_code, due()) == (200, "2026-03-31")
    again = lcr_be.post(f"{path}revoke/", if_match=revoked["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "extension_revoked")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"until": "2026-03-31"}, ("/until", "out_of_range")),
        ({"reason": "Ask jan@hotel.example"}, ("/reason", "looks_like_a_person")),
        ({"country": "BE"}, ("/country", "one_target")),
        ({"country": "XX"}, ("/country", "unknown_reference")),
    ],
)
def test_a_faulty_extension_is_refused(secretariat, changes, fault):
    member = make_member()
    year = make_year(2025)
    body = {
        "reporting_year": str(year.pk),
        "company": str(member.company_id),
        "until": "2026-05-31",
        "reason": "Floods",
    }

    response = secretariat.post("extensions/", {**body, **changes})

    assert response.status_code == 400
    assert [(row["pointer"], row["code"]) for row in response.json()["errors"]] == [fault]
    assert (Extension.objects.count(), due()) == (0, "2026-03-31")


def test_everyone_and_a_country_are_the_secretariats(secretariat, lcr_be):
    make_member()
    year = make_year(2025)
    body = {"reporting_year": str(year.pk), "until": "2026-05-31", "reason": "Floods"}

    refused = lcr_be.post("extensions/", body)
    assert (refused.status_code, refused.json()["code"], due()) == (403, "reserved_for_secretariat", "2026-03-31")
    assert secretariat.post("extensions/", {**body, "country": "BE"}).status_code == 201
    assert due() == "2026-05-31"
