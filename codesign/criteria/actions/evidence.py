"""Add evidence to an action, take it back, redact it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import OPEN
from codesign.criteria.lifecycle import PlanActionState
from codesign.criteria.models import PlanAction, PlanEvidence
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.documents.rules import Upload
from registry.kernel.errors import Invalid, Refused
from registry.kernel.idempotency.actions import drop_answers

MOST = 20


@transaction.atomic
def add_evidence(
    *,
    action_id: UUID,
    file: Upload | None = None,
    link: str = "",
    title: str = "",
    actor: Actor,
    at: datetime,
) -> PlanEvidence:
    """Add a document or a link to an action that is not verified yet.

    Raises Invalid `document_or_link`; Refused: `action_verified`, `membership_closed`, `too_much_evidence`.
    """
    if (file is None) == (not link):
        raise Invalid.at("/file", "document_or_link", "Send either a file or a link.")
    action = _unverified(action_id)
    if action.membership.state not in OPEN:
        raise Refused("The membership is not open.", code="membership_closed")
    if action.evidence.count() >= MOST:
        raise Refused(f"An action has at most {MOST} pieces of evidence.", code="too_much_evidence")
    evidence = PlanEvidence.objects.create(
        action=action,
        document=documents.store(file, at=at) if file else None,
        link=link,
        title=title,
        added_at=at,
        added_by_id=actor.user_id,
    )
    # Neither title nor link: where one tells too much, the log has nothing to redact.
    record("plan-evidence.create", evidence, actor=actor, at=at, changes={"action": [None, action.pk]})
    return evidence


@transaction.atomic
def remove_evidence(*, evidence_id: UUID, actor: Actor, at: datetime) -> None:
    """Take evidence back while its action is not verified. Raises Refused `action_verified`."""
    evidence = PlanEvidence.objects.select_related("action").get(pk=evidence_id)
    _unverified(evidence.action_id)
    discard(evidence, actor=actor, at=at)


@transaction.atomic
def redact_evidence(*, evidence_id: UUID, reason_code: str, actor: Actor, at: datetime) -> PlanEvidence:
    """Empty evidence that tells what must not be kept: content, link and title go, a tombstone stays. Repeatable."""
    evidence = PlanEvidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.redacted_at is None:
        evidence.link, evidence.title = "", ""
        evidence.redacted_at, evidence.redaction_reason = at, reason_code
        evidence.save(update_fields=["link", "title", "redacted_at", "redaction_reason"])
        if evidence.document_id:
            documents.remove(document_id=evidence.document_id, actor=actor, at=at)
        drop_answers([str(evidence.pk)])
        record("plan-evidence.redact", evidence, actor=actor, at=at, changes={"reason": [None, reason_code]})
    return evidence


def discard(evidence: PlanEvidence, *, actor: Actor, at: datetime) -> None:
    """Delete the row, and its document for good."""
    record("plan-evidence.destroy", evidence, actor=actor, at=at, changes={"action": [evidence.action_id, None]})
    document_id = evidence.document_id
    evidence.delete()
    if document_id:
        documents.remove(document_id=document_id, actor=actor, at=at)


def _unverified(action_id: UUID) -> PlanAction:
    """The action, locked, if what shows it may change."""
    rows = PlanAction.objects.select_for_update(of=("self",)).select_related("membership")
    action = rows.get(pk=action_id)
    if action.state == PlanActionState.VERIFIED:
        raise Refused("The action is verified; its evidence stays.", code="action_verified")
    return action
