"""The contact log: what officers and companies talked about, for officers alone."""

from __future__ import annotations

import pytest

from codesign.worklist.models import ContactLogEntry
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company(name="Hotel Fictif Abeille")


def body(company, **more):
    return {
        "company": str(company.pk),
        "way": "call",
        "happened_on": "2026-11-20",
        "summary": "The clause for suppliers is with the lawyers.",
        "next_step": "Ask for the signed clause.",
        "next_step_due_on": "2026-11-24",
        **more,
    }


def test_a_next_step_is_work_until_it_is_taken(lcr_be, company):
    created = lcr_be.post("contact-log/", body(company))
    row = f"contact-log/{created.json()['id']}/"
    (work,) = lcr_be.get("worklist/").json()["results"]

    settled = lcr_be.post(f"{row}settle/", work["call"]["body"], if_match=created["ETag"])

    assert (created.status_code, work["kind"], work["due_on"]) == (201, "follow_up", "2026-11-24")
    assert work["call"]["url"] == f"/api/v1/{row}settle/"
    assert (settled.status_code, settled.json()["next_step_settled_on"]) == (200, "2026-11-22")
    assert lcr_be.get("worklist/").json()["results"] == []
    again = lcr_be.post(f"{row}settle/", {"settled_on": "2026-11-22"}, if_match=settled["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_settle")


def test_the_company_and_the_auditor_see_nothing_of_it(lcr_be, client_for, auditor, company):
    lcr_be.post("contact-log/", body(company))
    editor = client_for("company_editor", organisation=company.organisation)

    assert (editor.get("contact-log/").status_code, auditor.get("contact-log/").status_code) == (403, 403)
    assert "lawyers" not in str(list(AuditEvent.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"happened_on": "2026-11-23"}, "/happened_on", "in_the_future"),
        ({"next_step_due_on": "2026-11-19"}, "/next_step_due_on", "out_of_order"),
        ({"next_step": ""}, "/next_step", "blank"),
        ({"summary": "Spoke with Mrs Fictive."}, "/summary", "looks_like_a_person"),
        ({"next_step": "Call +32 2 555 01 00."}, "/next_step", "looks_like_a_person"),
    ],
)
def test_what_is_not_kept(lcr_be, company, more, pointer, code):
    response = lcr_be.post("contact-log/", body(company, **more))

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (ContactLogEntry.objects.count(), AuditEvent.objects.count()) == (0, 0)
