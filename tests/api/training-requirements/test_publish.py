"""/training-requirements/: drafted, published, frozen."""

from __future__ import annotations

from codesign.training.models import Requirement
from tests.factories.training import load_default_requirements


def test_a_draft_is_published_once(secretariat, client_for):
    load_default_requirements()
    created = secretariat.post(
        "training-requirements/",
        {"role": "security", "country": "BE", "validity_months": 6, "effective_from": "2027-07-01"},
    )
    path, tag = f"training-requirements/{created.json()['id']}/", created["ETag"]

    missing = secretariat.post(path + "publish/")
    published = secretariat.post(path + "publish/", if_match=tag)
    frozen = secretariat.patch(path, {"validity_months": 3})

    assert (created.status_code, missing.status_code, published.status_code) == (201, 428, 200)
    assert (frozen.status_code, frozen.json()["code"]) == (409, "frozen")
    assert Requirement.objects.get(role="security", country_id="BE").validity_months == 6
    assert len(client_for("company_viewer").get("training-requirements/").json()["results"]) == 7


def test_drafts_are_the_secretariats_alone(secretariat, client_for, lcr_be):
    created = secretariat.post("training-requirements/", {"effective_from": "2027-07-01"})

    assert created.status_code == 201
    for client in (lcr_be, client_for("company_editor")):
        assert client.get("training-requirements/").json()["results"] == []
        assert client.get(f"training-requirements/{created.json()['id']}/").status_code == 404
        assert client.post("training-requirements/", {"effective_from": "2027-07-01"}).status_code == 403
    assert Requirement.objects.count() == 1
