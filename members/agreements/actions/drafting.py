"""Agreements until all parties have signed, and those recorded from a public source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.agreements.actions.writing import locked, write
from members.agreements.lifecycle import AgreementMove, AgreementState, target_of
from members.agreements.models import Agreement, AgreementKind, AgreementParty, SignatoryRole
from members.agreements.rules import partial, period
from registry.kernel.audit.actions import record as record_event
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused
from registry.kernel.text import search_key

TERMS = frozenset(
    {"kind", "title", "summary", "starts_on", "ends_on", "is_open_ended", "renewal_notice_days", "document_url", "note"}
)
_PERIOD = ("starts_on", "ends_on", "is_open_ended")


@transaction.atomic
def draft(
    *, party_ids: Sequence[UUID], renews_id: UUID | None = None, actor: Actor, at: datetime, **terms: Any
) -> Agreement:
    """Begin an agreement between two or more organisations; `terms` as in `TERMS`. Raises Invalid."""
    return _create(AgreementState.DRAFT, party_ids, terms, {"renews_id": renews_id}, actor=actor, at=at)


@transaction.atomic
def record(
    *, party_ids: Sequence[UUID], source: str, confidence: str = "sourced", actor: Actor, at: datetime, **terms: Any
) -> Agreement:
    """Record an agreement that a public source calls made: signed, on days that may not be known."""
    known = {"source": source, "confidence": confidence}
    return _create(AgreementState.SIGNED, party_ids, terms, known, actor=actor, at=at)


@transaction.atomic
def update(
    *,
    agreement_id: UUID,
    party_ids: Sequence[UUID] | None = None,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
    **terms: Any,
) -> Agreement:
    """Change a draft. Whoever stays a party keeps the signature. Raises Refused once all have signed: amend then."""
    _require_known(terms)
    agreement = locked(agreement_id, expected_version)
    if agreement.state != AgreementState.DRAFT:
        raise Refused("All have signed: it changes by an amendment.", code="agreement_not_draft")
    fields = {**terms, **_worked_out({name: terms.get(name, getattr(agreement, name)) for name in ("title", *_PERIOD)})}
    extra = {} if party_ids is None else {"parties": _set_parties(agreement, party_ids)}
    return write("update", agreement, fields, extra=extra, actor=actor, at=at)


@transaction.atomic
def sign(
    *,
    agreement_id: UUID,
    organisation_id: UUID,
    signed_on: str,
    signatory_role: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Record one party's signature; with the last one the agreement is signed."""
    agreement = locked(agreement_id, expected_version)
    target = target_of(AgreementMove.SIGN, agreement.state)
    day = partial(signed_on, "/signed_on")
    if day is None or day.earliest > at.date():
        raise Invalid.at("/signed_on", "in_future", "A signature is given, with a day that has come.")
    party = agreement.parties.filter(organisation_id=organisation_id).first()
    if party is None:
        raise Invalid.at("/organisation", "not_a_party", "The organisation is no party of it.")
    if party.signed_on:
        raise Refused("The organisation has signed already.", code="already_signed")
    signed = {"signed_on": day.text, "signatory_role": SignatoryRole(signatory_role)}
    agreement.parties.filter(pk=party.pk).update(**signed)
    is_last = not agreement.parties.filter(signed_on="").exists()
    fields = {"state": target} if is_last else {}
    extra = {"signature": [None, {"organisation": organisation_id, **signed}]}
    return write(AgreementMove.SIGN, agreement, fields, extra=extra, actor=actor, at=at)


def _create(
    state: AgreementState,
    party_ids: Sequence[UUID],
    terms: dict[str, Any],
    known: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> Agreement:
    _require_known(terms)
    values = {"kind": AgreementKind.UNKNOWN, "starts_on": "", "ends_on": "", "is_open_ended": False, **terms}
    values |= _worked_out(values)
    agreement = Agreement(**values, **known, state=state, created_at=at)
    agreement.save(force_insert=True)
    changes = {name: [None, value] for name, value in {**terms, "state": state}.items()}
    changes["parties"] = _set_parties(agreement, party_ids)
    record_event("agreements.create", agreement, actor=actor, at=at, changes=changes)
    return agreement


def _require_known(terms: dict[str, Any]) -> None:
    if unknown := terms.keys() - TERMS:
        raise TypeError(f"no terms of an agreement: {', '.join(sorted(unknown))}")


def _worked_out(terms: dict[str, Any]) -> dict[str, Any]:
    """The columns that follow from the terms."""
    return {"search_key": search_key(terms["title"]), **period(**{name: terms[name] for name in _PERIOD}).columns()}


def _set_parties(agreement: Agreement, party_ids: Sequence[UUID]) -> list[Any]:
    """Let exactly these be the parties; before and after. Raises Invalid for fewer than two, or one twice."""
    if len(set(party_ids)) < len(party_ids):
        raise Invalid.at("/parties", "party_twice", "An organisation is named twice.")
    if len(party_ids) < 2:
        raise Invalid.at("/parties", "too_few_parties", "An agreement has two parties or more.")
    before = list(agreement.parties.order_by("pk").values_list("organisation_id", flat=True))
    agreement.parties.exclude(organisation_id__in=party_ids).delete()
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, organisation_id=key) for key in party_ids if key not in before
    )
    return [before or None, list(party_ids)]
