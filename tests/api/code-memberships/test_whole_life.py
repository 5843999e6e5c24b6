"""The whole of membership over HTTP: each step by those whose it is, and refused to one whose it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.companies.models import Decision
from codesign.notices.models import NoticeKind
from registry.kernel.audit.models import AuditEvent
from tests.api_client import BASE, ApiClient
from tests.factories.criteria import load_plan_templates, load_wordings
from tests.factories.documents import PDF
from tests.factories.fees import load_fee_table
from tests.factories.people import make_contact

pytestmark = pytest.mark.django_db
PLAIN = {"text": "As agreed."}


@dataclass
class Life:
    """One membership and everybody around it."""

    id: str
    company: str
    reader: ApiClient

    def tag(self) -> str:
        return self.reader.get(f"code-memberships/{self.id}/")["ETag"]

    def move(self, client: ApiClient, name: str, body: dict[str, Any] | None = None) -> Any:
        return client.post(f"code-memberships/{self.id}/{name}/", body or {}, if_match=self.tag())

    def moved(self, client: ApiClient, name: str, body: dict[str, Any] | None = None) -> str:
        """The state that the move led to."""
        answer = self.move(client, name, body)
        assert answer.status_code == 200, answer.content
        return answer.json()["state"]

    def refused(self, client: ApiClient, name: str, status: int, body: dict[str, Any] | None = None) -> str:
        """The code of the refusal; nothing has changed."""
        before = self.tag(), Decision.objects.count(), AuditEvent.objects.count()
        answer = self.move(client, name, body)
        assert answer.status_code == status, answer.content
        assert (self.tag(), Decision.objects.count(), AuditEvent.objects.count()) == before
        return answer.json()["code"]

    def steps(self, client: ApiClient) -> list[str]:
        """What is not done yet."""
        shown = client.get(f"code-memberships/{self.id}/steps/").json()
        return [step["code"] for step in shown if step["state"] != "done"]


def at(month: int, day: int, year: int = 2026) -> Any:
    return time_machine.travel(datetime(year, month, day, 10, tzinfo=UTC), tick=False)


def test_from_an_application_to_a_second_membership(
    client_for: Callable[..., ApiClient], lcr_be: ApiClient, lcr_nl: ApiClient, secretariat: ApiClient
) -> None:
    load_wordings()
    load_plan_templates()
    load_fee_table()
    hotel, officer, third = client_for("applicant"), secretariat, client_for("secretariat")
    second = client_for("secretariat")

    # The application, by a person alone; the steps say what is missing.
    fields = {"name": "Hotel Fictif Dansaert (DEMO)", "country": "BE", "category": "hotel", "revenue_band": "to_2_5m"}
    company = hotel.post("companies/", fields).json()["id"]
    life = Life(hotel.post("code-memberships/", {"company": company}).json()["id"], company, officer)
    assert life.steps(hotel)[:4] == ["voluntourism", "sites", "contact", "application"]
    declared = {"company": company, "year": 2026, "offers_volunteering": False, "offers_residential_care": False}
    assert hotel.post("voluntourism-declarations/", declared).status_code == 201
    assert hotel.post("sites/", {"company": company, "name": "Dansaert", "country": "BE"}).status_code == 201
    assert life.refused(lcr_nl, "submit", 404) == "not_found"
    assert life.moved(hotel, "submit", PLAIN) == "submitted"
    assert life.refused(hotel, "submit-plan", 400) == "invalid"
    actions = hotel.post("plan-actions/draft/", {"membership": life.id}).json()
    assert life.moved(hotel, "submit-plan") == "plan_submitted"
    assert life.refused(lcr_be, "request-changes", 400) == "invalid"
    assert life.moved(lcr_be, "request-changes", PLAIN) == "changes_requested"
    steps = {step["code"]: step for step in hotel.get(f"code-memberships/{life.id}/steps/").json()}
    assert [fault["message"] for fault in steps["plan_submitted"]["missing"]] == ["As agreed."]
    assert life.moved(hotel, "submit-plan") == "plan_submitted"

    # Both sides say yes; nobody else, and nobody twice.
    assert life.refused(hotel, "approve", 403) == "right_missing"
    assert life.moved(lcr_be, "approve") == "plan_submitted"
    assert life.refused(lcr_be, "approve", 409) == "already_endorsed"
    assert life.refused(lcr_be, "reject", 403) == "right_missing"
    assert life.moved(officer, "approve") == "approved"

    # Money and two signatures.
    (invoice,) = hotel.get("invoices/").json()["results"]
    paid = {"amount_eur": invoice["amount_eur"], "paid_on": "2026-11-22", "reference": "R1"}
    assert hotel.post("payments/", {"invoice": invoice["id"], **paid}).status_code == 403
    assert officer.post("payments/", {"invoice": invoice["id"], **paid}).status_code == 201
    (agreement,) = hotel.get("code-agreements/").json()["results"]
    path = f"code-agreements/{agreement['id']}/"
    for client, side in ((hotel, "company"), (lcr_be, "representative")):
        body = {"side": side, "role": "director", "signed_on": "2026-11-22"}
        assert client.post(f"{path}sign/", body, if_match=officer.get(path)["ETag"]).status_code == 200
    assert officer.get(f"code-memberships/{life.id}/").json()["state"] == "active"
    assert life.steps(hotel) == ["contact"]

    # An action is done, shown and verified by somebody else.
    action = f"plan-actions/{actions[0]['id']}/"
    form = {"action": actions[0]["id"], "file": SimpleUploadedFile("policy.pdf", PDF)}
    assert hotel.http.post(f"{BASE}plan-evidence/", form).status_code == 201
    done = hotel.post(f"{action}done/", {"done_on": "2026-11-22"}, if_match=hotel.get(action)["ETag"])
    assert hotel.post(f"{action}verify/", if_match=done["ETag"]).status_code == 403
    assert lcr_be.post(f"{action}verify/", if_match=done["ETag"]).json()["state"] == "verified"

    # A measure waits for its notices, and an appeal undoes it without a trace.
    contact = make_contact(organisation_id=company)
    for year, month in ((2026, 12), (2027, 1)):
        with at(month, 1, year):
            sent = {"membership": life.id, "kind": NoticeKind.WARNING, "channel": "email", "contact": str(contact.pk)}
            sent |= {"sent_at": f"{year}-{month:02}-01T09:00:00Z"}
            notice = lcr_be.post("notices/", sent).json()["id"]
            assert lcr_be.post(f"notices/{notice}/deliver/", {"at": sent["sent_at"]}).status_code == 200
    ground = {"reason": "code_breach"}
    with at(1, 20, 2027):
        assert life.refused(officer, "suspend", 409, ground) == "not_ripe"
        file = hotel.get(f"companies/{company}/notice-file/").json()
        assert next(one["ripe_on"] for one in file["grounds"] if one["ground"] == "code_breach") == "2027-01-31"
    with at(1, 31, 2027):
        assert life.refused(officer, "suspend", 409, {"reason": "plan"}) == "not_ripe"  # no action is overdue
        assert life.refused(lcr_be, "suspend", 403, ground) == "right_missing"
        assert life.moved(officer, "suspend", ground) == "suspended"
        decision = hotel.get("decisions/", move="suspend").json()["results"][0]["id"]
        appeal = hotel.post("appeals/", {"decision": decision, "text": "It was put right."})
        path = f"appeals/{appeal.json()['id']}/uphold/"
        own = officer.post(path, {"reason": "put_right"}, if_match=appeal["ETag"])
        assert (own.status_code, own.json()["code"]) == (403, "decider")
        assert third.post(path, {"reason": "put_right"}, if_match=appeal["ETag"]).json()["state"] == "upheld"
    with at(2, 5, 2027):
        (shown,) = client_for("public").get("members/").json()["results"]
        assert (shown["status"], shown["suspended_since"]) == ("member", None)

        # Safeguarding: two officers at once, heard, reviewed by a third.
        assert life.moved(officer, "suspend", {"reason": "safeguarding"}) == "active"
        assert life.refused(officer, "suspend", 409, {"reason": "safeguarding"}) == "already_endorsed"
        assert life.moved(second, "suspend", {"reason": "safeguarding"}) == "suspended"
        (review,) = hotel.get("reviews/").json()["results"]
        path = f"reviews/{review['id']}/"
        tag = officer.get(path)["ETag"]
        heard = officer.post(f"{path}hear/", {"hearing": "heard", "heard_on": "2027-02-05"}, if_match=tag)
        refusal = second.post(f"{path}conclude/", {"outcome": "ended"}, if_match=heard["ETag"])
        assert (refusal.status_code, refusal.json()["code"]) == (403, "decider")
        assert third.post(f"{path}conclude/", {"outcome": "ended"}, if_match=heard["ETag"]).status_code == 200
        assert officer.get(f"code-memberships/{life.id}/").json()["state"] == "active"

        # The company leaves, and comes back: the past stays as it was.
        assert life.refused(lcr_nl, "resign", 404) == "not_found"
        assert life.moved(hotel, "resign") == "resigned"
        again = hotel.post("code-memberships/", {"company": company})
        assert (again.status_code, again.json()["state"]) == (201, "draft")
    with at(2, 6, 2027):
        (shown,) = client_for("public").get("members/").json()["results"]
        assert (shown["id"], shown["status"], shown["former_since"]) == (life.id, "former", "2027-02-05")
    moves = [row["move"] for row in officer.get("decisions/").json()["results"]]
    expected = "submit submit_plan request_changes submit_plan approve activate suspend overturn suspend reinstate "
    assert sorted(moves) == sorted([*expected.split(), "resign"])
