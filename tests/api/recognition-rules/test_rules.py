"""Rules of recognition: published from a day on, read by representatives."""

from __future__ import annotations

import pytest

from codesign.recognition.models import Certificate, RecognitionRule
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_membership
from tests.factories.fees import make_agreement, make_invoice

pytestmark = pytest.mark.django_db


def test_a_rule_counts_for_certificates_from_its_day_on(secretariat, lcr_be):
    answer = secretariat.post(
        "recognition-rules/", {"effective_from": "2026-11-22", "months_after": 1, "asks_report": False}
    )

    row = {"effective_from": "2026-11-22", "months_after": 1, "asks_report": False, "source": ""}
    assert (answer.status_code, answer.json()) == (201, row)
    assert lcr_be.get("recognition-rules/").json()["results"] == [row]
    member = make_membership(state="active")
    make_invoice(membership=member, state="paid", paid_on="2026-03-01")
    make_agreement(membership=member, company_signed_on="2026-11-03", representative_signed_on="2026-11-03")
    assert lcr_be.post("certificates/", {"membership": str(member.pk)}).status_code == 201
    assert str(Certificate.objects.get().valid_until) == "2027-01-31"


@pytest.mark.parametrize(("effective_from", "code"), [("2026-11-21", "in_the_past"), ("2026-12-01", "out_of_order")])
def test_a_rule_out_of_order_is_refused(secretariat, effective_from, code):
    RecognitionRule.objects.create(effective_from="2026-12-01")

    body = {"effective_from": effective_from, "months_after": 1, "asks_report": False}
    answer = secretariat.post("recognition-rules/", body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
    assert (RecognitionRule.objects.count(), AuditEvent.objects.count()) == (1, 0)
