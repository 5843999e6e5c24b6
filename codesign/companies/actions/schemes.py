"""Signatures of national codes: facts beside The Code, under a scheme of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.companies.querysets import THE_CODE
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def record_in_scheme(
    *, company_id: UUID, scheme: str, since: str = "", source: str, actor: Actor, at: datetime
) -> CodeMembership:
    """Keep that a company signed a national code: recorded with its source, and never counted as a member.

    Raises Invalid for The Code itself, which is applied for; Refused `membership_open` when it is known already.
    """
    if scheme == THE_CODE:
        raise Invalid.at("/scheme", "the_code", "A membership in The Code is applied for.")
    company = Company.objects.select_for_update(of=("self",)).get(pk=company_id)
    if company.memberships.filter(scheme=scheme, is_current=True).exists():
        raise Refused("The register knows of it already.", code="membership_open")
    membership = CodeMembership.objects.create(
        company=company, scheme=scheme, state=MembershipState.RECORDED, since=since, source=source, created_at=at
    )
    record("code-memberships.record", membership, actor=actor, at=at, changes={"scheme": [None, scheme]})
    return membership
