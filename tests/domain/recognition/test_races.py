"""Parallel officers on a real server: one certificate and one award a year, the others are told."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.recognition import actions
from codesign.recognition.models import Award, Certificate, RecognitionDecision
from tests.domain.fees.test_races import CALLERS, together
from tests.factories.companies import make_membership, make_scope
from tests.factories.fees import make_agreement, make_invoice
from tests.factories.recognition import make_worthy

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_certificate_and_one_award_win(at: Any) -> None:
    membership = make_membership()
    make_invoice(membership=membership, state="paid", paid_on="2026-11-05")
    make_agreement(membership=membership, company_signed_on="2026-11-03", representative_signed_on="2026-11-04")
    make_worthy(membership)
    given = {"membership_id": membership.pk, "actor": make_scope(), "at": at}

    certificates = together(lambda n: actions.issue_certificate(**given))
    awards = together(lambda n: actions.give_award(year=2025, **given))

    assert certificates == awards == ["not_due"] * (CALLERS - 1) + ["ok"]
    assert (Certificate.objects.count(), Award.objects.count(), RecognitionDecision.objects.count()) == (1, 1, 2)
