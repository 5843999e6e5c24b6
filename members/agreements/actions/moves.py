"""Agreements from the last signature on: into force, amended, ended, renewed, replaced."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from members.agreements.actions.drafting import draft
from members.agreements.actions.writing import locked, write
from members.agreements.lifecycle import RUNNING, AgreementMove, target_of
from members.agreements.models import Agreement, AgreementEndReason, AmendedField, Amendment
from members.agreements.rules import partial, period
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid
from registry.kernel.text import search_key


@transaction.atomic
def bring_into_force(
    *,
    agreement_id: UUID,
    starts_on: date | None = None,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Let a signed agreement hold, from `starts_on` where that was not agreed. Raises MoveNotAllowed, Invalid."""
    agreement = locked(agreement_id, expected_version)
    target = target_of(AgreementMove.BRING_INTO_FORCE, agreement.state)
    start = starts_on.isoformat() if starts_on else agreement.starts_on
    if not start:
        raise Invalid.at("/starts_on", "required", "No start was agreed: say from which day it holds.")
    if starts_on and starts_on > agreement.ends_latest:
        raise Invalid.at("/starts_on", "after_end", "The agreement ends before that day.")
    bounds = period(starts_on=start, ends_on=agreement.ends_on, is_open_ended=agreement.is_open_ended)
    fields = {"state": target, "starts_on": start, **bounds.columns()}
    return write(AgreementMove.BRING_INTO_FORCE, agreement, fields, actor=actor, at=at)


@transaction.atomic
def amend(
    *,
    agreement_id: UUID,
    effective_on: date,
    reference_url: str = "",
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
    **terms: Any,
) -> Agreement:
    """Change terms (`AmendedField`) by an amendment, which keeps what each was before and from when it changed."""
    agreement = locked(agreement_id, expected_version)
    target_of(AgreementMove.AMEND, agreement.state)
    changes = {AmendedField(name): (getattr(agreement, name), after) for name, after in terms.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        raise Invalid("An amendment changes at least one term.", code="nothing_amended")
    if effective_on < agreement.starts_earliest:
        raise Invalid.at("/effective_on", "before_start", "The agreement begins after that day.")
    fields = {name.value: after for name, (_, after) in changes.items()}
    after = {name: fields.get(name, getattr(agreement, name)) for name in ("starts_on", "ends_on", "is_open_ended")}
    fields |= period(**after).columns()
    if AmendedField.TITLE in changes:
        fields["search_key"] = search_key(fields["title"])
    number = (agreement.amendments.aggregate(last=Max("number"))["last"] or 0) + 1
    Amendment.objects.bulk_create(
        Amendment(
            agreement=agreement,
            number=number,
            field=name,
            before=_shown(before),
            after=_shown(value),
            effective_on=effective_on,
            reference_url=reference_url,
            recorded_at=at,
        )
        for name, (before, value) in changes.items()
    )
    return write(AgreementMove.AMEND, agreement, fields, extra={"amendment": [None, number]}, actor=actor, at=at)


@transaction.atomic
def end(
    *,
    agreement_id: UUID,
    ended_on: date,
    reason: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Decide the last day of an agreement in force, and why. It may lie ahead, not behind what was agreed."""
    agreement = locked(agreement_id, expected_version)
    target = target_of(AgreementMove.END, agreement.state)
    fields = {"state": target, "end_reason": AgreementEndReason(reason), **_closed(agreement, ended_on)}
    return write(AgreementMove.END, agreement, fields, actor=actor, at=at)


@transaction.atomic
def renew(
    *,
    agreement_id: UUID,
    starts_on: str,
    ends_on: str = "",
    is_open_ended: bool = False,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
    **terms: Any,
) -> Agreement:
    """Begin the agreement that follows, between the same parties and in the same terms but for those given.

    The former one holds until the day before the new one begins, or until its own end. Answers the new one.
    """
    former = locked(agreement_id, expected_version)
    target = target_of(AgreementMove.RENEW, former.state)
    start = partial(starts_on, "/starts_on")
    if start is None or start.earliest <= former.starts_earliest:
        raise Invalid.at("/starts_on", "before_former", "The new agreement begins after the former one.")
    last = start.earliest - timedelta(days=1)
    bounds = {name: min(getattr(former, name), last) for name in ("ends_earliest", "ends_latest")}
    former = write(AgreementMove.RENEW, former, {"state": target, **bounds}, actor=actor, at=at)
    kept = {name: getattr(former, name) for name in ("kind", "title", "summary", "renewal_notice_days")}
    return draft(
        party_ids=list(former.parties.order_by("pk").values_list("organisation_id", flat=True)),
        renews_id=former.pk,
        **{**kept, "starts_on": starts_on, "ends_on": ends_on, "is_open_ended": is_open_ended, **terms},
        actor=actor,
        at=at,
    )


@transaction.atomic
def replace(
    *,
    agreement_id: UUID,
    by_id: UUID,
    ended_on: date,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Let another signed agreement of the same parties (or more) take the place of one in force."""
    if by_id == agreement_id:
        raise Invalid.at("/by", "replaced_by_itself", "An agreement cannot replace itself.")
    agreement = locked(agreement_id, expected_version)
    target = target_of(AgreementMove.REPLACE, agreement.state)
    other = Agreement.objects.get(pk=by_id)
    if other.state not in RUNNING:
        raise Invalid.at("/by", "replacement_not_signed", "The other agreement is neither signed nor in force.")
    bound = set(other.parties.values_list("organisation_id", flat=True))
    # Whoever is bound by the former one reads its link to the other: it must be theirs too.
    if set(agreement.parties.values_list("organisation_id", flat=True)) - bound:
        raise Invalid.at("/by", "other_parties", "A party of this agreement is none of the other one.")
    fields = {"state": target, "replaced_by_id": by_id, **_closed(agreement, ended_on)}
    return write(AgreementMove.REPLACE, agreement, fields, actor=actor, at=at)


def _closed(agreement: Agreement, last: date) -> dict[str, Any]:
    """The columns of an agreement that ends on `last`. Raises Invalid when that is outside its period."""
    if last < agreement.starts_earliest:
        raise Invalid.at("/ended_on", "before_start", "The last day lies before the first.")
    if last > agreement.ends_latest:
        raise Invalid.at("/ended_on", "after_end", "The agreement ends before that day already.")
    return {"ended_on": last, "ends_earliest": last, "ends_latest": last}


def _shown(value: Any) -> str:
    """A term as text; empty for none."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
