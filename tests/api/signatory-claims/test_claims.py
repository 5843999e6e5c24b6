"""Historic signatures: claimed without seeing what is recorded, found by staff, confirmed by both sides."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.companies.actions import record_signatory
from codesign.companies.models import CodeMembership, SignatoryClaim
from members.access.models import Grant
from registry.kernel.audit.actor import SYSTEM
from tests.api_client import ApiClient

pytestmark = pytest.mark.django_db
BODY = {"name": "Hotel Fictif Ancien SA", "country": "BE", "role": "director", "since": "2014"}


@pytest.fixture
def recorded(at: Any) -> CodeMembership:
    given = {"country_id": "BE", "category": "hotel", "since": "2014", "source": "a page"}
    found = record_signatory(name="Hôtel Fictif Ancien", **given, actor=SYSTEM, at=at)
    assert found is not None
    return found


def without_ids(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "id"}


def test_from_a_claim_to_a_member(
    client_for: Any, lcr_be: ApiClient, lcr_nl: ApiClient, secretariat: ApiClient, anonymous: ApiClient, recorded: Any
) -> None:
    applicant = client_for("applicant")
    claim = applicant.post("signatory-claims/", BODY).json()
    url = f"signatory-claims/{claim['id']}/"

    assert (claim["state"], claim["membership"]) == ("open", None)
    assert claim["email_domain"] == lcr_be.get(url).json()["email_domain"] == applicant.user.email.partition("@")[2]
    assert applicant.get(f"code-memberships/{recorded.pk}/").status_code == 404
    assert (lcr_nl.get(url).status_code, applicant.get(f"{url}candidates/").status_code) == (404, 403)
    found = lcr_be.get(f"{url}candidates/").json()
    assert len(found) == 1, found
    (likely,) = found
    assert (likely["membership"]["id"], likely["source"]) == (str(recorded.pk), "a page")
    accepted = lcr_be.post(f"{url}accept/", {"membership": likely["membership"]["id"]}).json()
    assert (accepted["state"], accepted["membership"]["id"]) == ("accepted", str(recorded.pk))
    assert Grant.objects.filter(user=applicant.user, role="company_editor", organisation=recorded.company_id).exists()
    assert anonymous.get("members/").json()["results"] == []

    confirm, sent = f"code-memberships/{recorded.pk}/confirm/", {"member_since": "2014-11-19"}
    first = lcr_be.post(confirm, sent, if_match="*")
    offers = {each["move"]: each for each in secretariat.get(f"code-memberships/{recorded.pk}/moves/").json()}
    second = secretariat.post(confirm, sent, if_match="*")

    assert (first.json()["state"], second.json()["state"]) == ("recorded", "active")
    assert offers["confirm"]["endorsed_by"] == ["representative"]
    assert [row["member_since"] for row in anonymous.get("members/").json()["results"]] == ["2014-11-19"]


def test_the_answer_does_not_tell_whether_it_is_recorded(client_for: Any, recorded: Any) -> None:
    names = ("Hôtel Fictif Ancien", "Nobody's Inn")
    known, unknown = (client_for("applicant").post("signatory-claims/", BODY | {"name": name}) for name in names)

    first, second = without_ids(known), without_ids(unknown)
    assert {**first, "name": ""} == {**second, "name": ""}


def test_a_claim_waits_once_and_is_decided_once(client_for: Any, lcr_be: ApiClient, recorded: Any) -> None:
    applicant = client_for("applicant")
    claim = applicant.post("signatory-claims/", BODY)
    url = f"signatory-claims/{claim.json()['id']}/"

    twice = applicant.post("signatory-claims/", BODY | {"name": "HOTEL fictif ancien s.a."})
    again = applicant.post("signatory-claims/", BODY)
    assert (twice.status_code, again.status_code, again.json()["code"]) == (201, 409, "claim_open")
    for since in ("long ago", "2027", "2026-12"):
        assert applicant.post("signatory-claims/", BODY | {"name": "Inn 8", "since": since}).status_code == 400
    for number in range(3):
        applicant.post("signatory-claims/", BODY | {"name": f"Inn {number}"})
    assert applicant.post("signatory-claims/", BODY | {"name": "Inn 9"}).json()["code"] == "too_many_claims"
    declined = lcr_be.post(f"{url}decline/", {"reason": "not_the_same_company"}).json()
    late = lcr_be.post(f"{url}accept/", {"membership": str(recorded.pk)})

    assert (declined["state"], declined["reason"]) == ("declined", "not_the_same_company")
    assert (late.status_code, late.json()["code"]) == (409, "claim_decided")
    assert applicant.get(url).json()["state"] == "declined"
    assert not SignatoryClaim.objects.exclude(membership=None).exists()


def test_nobody_decides_on_the_own_claim(client_for: Any, recorded: Any, at: Any) -> None:
    officer = client_for("lcr", country="BE")
    claim = SignatoryClaim.objects.create(
        name="Fictif", country_id="BE", signatory_role="director", claimed_by_id=officer.user.pk, created_at=at
    )

    answer = officer.post(f"signatory-claims/{claim.pk}/accept/", {"membership": str(recorded.pk)})

    assert (answer.status_code, answer.json()["code"]) == (403, "own_claim")
    assert SignatoryClaim.objects.get().state == "open"


def test_a_claim_of_somebody_who_left_is_not_accepted(client_for: Any, lcr_be: ApiClient, recorded: Any) -> None:
    applicant = client_for("applicant")
    claim = applicant.post("signatory-claims/", BODY).json()["id"]
    type(applicant.user).objects.filter(pk=applicant.user.pk).update(is_active=False)

    answer = lcr_be.post(f"signatory-claims/{claim}/accept/", {"membership": str(recorded.pk)})

    assert (answer.status_code, answer.json()["code"]) == (409, "claimant_gone")
    assert SignatoryClaim.objects.get(pk=claim).state == "open"
    assert not Grant.objects.filter(role="company_editor", organisation=recorded.company_id).exists()
