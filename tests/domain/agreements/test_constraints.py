"""What the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from members.agreements.models import Agreement, AgreementParty, Amendment
from tests.factories.agreements import make_agreement

pytestmark = pytest.mark.django_db


def test_an_end_before_the_start():
    agreement = make_agreement()

    with pytest.raises(IntegrityError, match="agreement_period_in_order"):
        Agreement.objects.filter(pk=agreement.pk).update(
            ends_earliest=date(2024, 12, 31), ends_latest=date(2024, 12, 31)
        )


@pytest.mark.parametrize("values", [{"state": "replaced"}, {"state": "in_force", "is_linked": True}])
def test_a_replaced_one_without_the_other_and_the_reverse(values):
    agreement, other = make_agreement(), make_agreement()
    link = {"replaced_by": other} if values.pop("is_linked", False) else {}

    with pytest.raises(IntegrityError, match="agreement_replaced_by_another"):
        Agreement.objects.filter(pk=agreement.pk).update(**values, **link)


def test_a_party_twice():
    agreement = make_agreement()
    party = agreement.parties.first()

    with pytest.raises(IntegrityError):
        AgreementParty.objects.create(agreement=agreement, organisation=party.organisation)


def test_a_term_twice_in_one_amendment(at, day):
    agreement = make_agreement()
    values = {"agreement": agreement, "number": 1, "field": "title", "effective_on": day, "recorded_at": at}
    Amendment.objects.create(**values)

    with pytest.raises(IntegrityError):
        Amendment.objects.create(**values)
