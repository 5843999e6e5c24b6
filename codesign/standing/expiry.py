"""Approved applications that nothing came of."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from codesign.companies.lifecycle import MembershipState
from codesign.companies.querysets import MembershipQuerySet
from codesign.fees.models import CodeAgreement, Payment, Waiver
from codesign.standing.models import ProcessRule
from registry.kernel.calendar import add_months
from registry.kernel.sql import exists_of


def due_to_expire(memberships: MembershipQuerySet, *, on: date) -> MembershipQuerySet:
    """Those of `memberships` approved so many months before `on` with no payment, waiver or signature since.

    A proposal to a person; one query beside that of the rule.
    """
    rule = ProcessRule.objects.in_force(on)
    signed = CodeAgreement.objects.exclude(company_signed_on=None, representative_signed_on=None)
    return memberships.filter(
        ~exists_of(Payment.objects.all(), by="invoice__membership"),
        ~exists_of(Waiver.objects.all(), by="membership"),
        ~exists_of(signed, by="membership"),
        Q(approved_on__lte=add_months(on, -rule.approval_months)),
        state=MembershipState.APPROVED,
    )
