"""Send the Code agreement, record its two signatures, keep the signed paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change, legal_day
from codesign.companies.lifecycle import MEMBER, MembershipState
from codesign.companies.models import CodeMembership
from codesign.fees.models import AgreementText, CodeAgreement, SigningSide
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.documents.rules import Upload
from registry.kernel.errors import Invalid, Refused

_SIGNS = MEMBER | {MembershipState.APPROVED}


@transaction.atomic
def send_agreement(*, membership_id: UUID, text_version: str, actor: Actor, at: datetime) -> CodeAgreement:
    """Send a version of the agreement's text for signature, for the first time or again.

    One that waits for signatures under another text gives way; a signed one stays in force until the new one is
    signed. Raises Refused: `membership_not_approved`, `agreement_exists` while the same text waits.
    """
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    if membership.state not in _SIGNS:
        raise Refused("Only an approved application or a member signs.", code="membership_not_approved")
    day = legal_day(at, membership.company.organisation.zone)
    for waiting in membership.code_agreements.waiting():  # one at most
        if waiting.text_version == text_version:
            raise Refused("This version of the agreement was sent already.", code="agreement_exists")
        change(waiting, action="code-agreements.supersede", actor=actor, at=at, superseded_on=day)
    agreement = CodeAgreement.objects.create(
        membership=membership,
        text_version=text_version,
        sent_on=day,
        created_at=at,
    )
    changes = {"text_version": [None, text_version]}
    record("code-agreements.create", agreement, actor=actor, at=at, changes=changes)
    return agreement


@transaction.atomic
def sign(
    *,
    agreement_id: UUID,
    side: str,
    signed_on: date,
    signatory_role: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> CodeAgreement:
    """Record that one side signed, and in which role; never who by name.

    The second signature puts it in the place of the former one, which is kept. Raises Stale; Invalid for a day before
    the sending or to come; Refused: `already_signed`, `agreement_superseded`.
    """
    rows = CodeAgreement.objects.select_related("membership__company__organisation")
    agreement = rows.select_for_update(of=("self",)).get(pk=agreement_id)
    side = SigningSide(side).value
    if agreement.superseded_on is not None:
        raise Refused("Another agreement took the place of this one.", code="agreement_superseded")
    if getattr(agreement, f"{side}_signed_on") is not None:
        raise Refused("This side has signed already.", code="already_signed")
    if not agreement.sent_on <= signed_on <= legal_day(at, agreement.membership.company.organisation.zone):
        raise Invalid.at("/signed_on", "out_of_range", "A signature is put between the sending and today.")
    signed = change(
        agreement,
        action="code-agreements.sign",
        actor=actor,
        at=at,
        expected_version=expected_version,
        **{
            f"{side}_signed_on": signed_on,
            f"{side}_signed_role": signatory_role,
            f"{side}_signed_by_id": actor.user_id,
        },
    )
    if signed.company_signed_on and signed.representative_signed_on:
        former = CodeAgreement.objects.signed().filter(membership=signed.membership, superseded_on=None)
        for row in former.exclude(pk=signed.pk).order_by("pk"):  # one at most
            change(row, action="code-agreements.supersede", actor=actor, at=at, superseded_on=signed_on)
    return signed


@transaction.atomic
def keep_document(
    *,
    agreement_id: UUID,
    file: Upload | None = None,
    link: str = "",
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> CodeAgreement:
    """Keep the signed paper, or say where it is. Raises Invalid, Stale; Refused `document_exists`."""
    if (file is None) == (not link):
        raise Invalid.at("/file", "document_or_link", "Send either a file or a link.")
    agreement = CodeAgreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    if agreement.document_id is not None or agreement.document_link:
        raise Refused("The signed paper is there; remove it first.", code="document_exists")
    document = documents.store(file, at=at) if file else None
    return change(
        agreement,
        action="code-agreements.keep_document",
        actor=actor,
        at=at,
        expected_version=expected_version,
        document_id=document and document.pk,
        document_link=link,
    )


@transaction.atomic
def remove_document(
    *, agreement_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime
) -> CodeAgreement:
    """Take the paper away for good, or forget where it is. Raises Stale; Refused `no_document`."""
    agreement = CodeAgreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    document_id = agreement.document_id
    if document_id is None and not agreement.document_link:
        raise Refused("There is no paper.", code="no_document")
    change(
        agreement,
        action="code-agreements.remove_document",
        actor=actor,
        at=at,
        expected_version=expected_version,
        document_id=None,
        document_link="",
    )
    if document_id is not None:
        documents.remove(document_id=document_id, actor=actor, at=at)
    return agreement


@transaction.atomic
def load_agreement_texts(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter the versions of the text; those already there are left. Answers how many are new."""
    new = 0
    for row in rows:  # one or two, once
        values = {name: row[name] for name in ("effective_from", "texts", "source")}
        _, is_new = AgreementText.objects.get_or_create(version=row["version"], defaults=values)
        new += is_new
    return new
