"""What people decide about rosters: send one, confirm it, give it up, take it back."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Company
from codesign.rosters.actions.reaching import companies_of, group_of
from codesign.rosters.lifecycle import (
    WORKING,
    RosterMode,
    RosterMove,
    RosterReach,
    RosterState,
    RosterStep,
    target_of,
)
from codesign.rosters.models import Roster, RosterPiece
from codesign.training.kinds import CompletionSource
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel import doorbell
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

DOORBELL = "ROSTER_DOORBELL"
# Larger ones leave holes in the memory of the process, twenty megabytes of them for half a million rows.
PIECE_BYTES = 1 << 16
# Of one company at once: each holds a file and its rows.
MOST_OPEN = 5


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was sent, told before any transaction: `line_count` is 0 for a workbook."""

    content: IO[bytes]
    name: str
    sha256: str
    byte_count: int
    line_count: int

    @classmethod
    def of(cls, content: IO[bytes], name: str) -> Upload:
        """Read the file once."""
        digest, count, ends = hashlib.sha256(), 0, 0
        for piece in _pieces(content):
            digest.update(piece)
            count += len(piece)
            ends += piece.count(b"\n")
        content.seek(0)
        is_packed = content.read(2) == b"PK"
        return cls(
            content=content,
            name=name,
            sha256=digest.hexdigest(),
            byte_count=count,
            line_count=0 if is_packed else ends,
        )


@transaction.atomic
def take(
    *,
    company_id: UUID | None,
    upload: Upload,
    reach: RosterReach = RosterReach.COMPANY,
    mode: RosterMode = RosterMode.PARTIAL,
    as_of: datetime | None = None,
    most_ends_share: Decimal = Decimal("0.20"),
    confirms_itself: bool = False,
    actor: Scope,
    at: datetime,
) -> Roster:
    """Keep a file and let a worker plan it. Raises Invalid, Refused.

    `reach`: in a file for a group each row is of the company whose site it names.
    """
    company = _company(company_id, actor)
    if as_of is not None and as_of > at:
        raise Invalid.at("/as_of", "in_future", "A file tells of a moment that has come.")
    list(Company.objects.filter(pk=company).select_for_update(no_key=True).values_list("pk"))
    if Roster.objects.filter(company=company, state__in=(*WORKING, RosterState.PLANNED)).count() >= MOST_OPEN:
        raise Refused(f"A company has at most {MOST_OPEN} open rosters: confirm or abort one.", code="too_many_open")
    is_whole = company in actor.organisations(*COMPANY_ROLES)
    if reach == RosterReach.GROUP and not is_whole:
        raise Invalid.at("/reach", "not_yours", "A file for a group is sent by whoever holds all of it.")
    roster = Roster.objects.create(
        company_id=company,
        mode=mode,
        as_of=as_of or at,
        most_ends_share=most_ends_share,
        confirms_itself=confirms_itself,
        # A system's stream is a push, whatever its length.
        source=CompletionSource.COMPANY_SYSTEM if actor.wears(Role.COMPANY_SYSTEM) else CompletionSource.ROSTER,
        site_ids=None if is_whole else sorted(str(site) for site in actor.sites),
        company_ids=None if reach == RosterReach.COMPANY else [str(key) for key in group_of(company, actor)],
        file_name=upload.name,
        sha256=upload.sha256,
        byte_count=upload.byte_count,
        line_count=upload.line_count,
        created_at=at,
        sender_id=actor.user_id,
        actor_id=actor.user_id,
        token_id=actor.token_id,
        actor_label=actor.label,
        request_id=actor.request_id,
    )
    for number, piece in enumerate(_pieces(upload.content)):
        # Level 1: a table packs six times by it, and better packing would hold the database's lock for longer.
        RosterPiece.objects.create(roster=roster, number=number, packed=zlib.compress(piece, 1))
    changes: dict[str, list[Any]] = {"mode": [None, mode], "bytes": [0, upload.byte_count]}
    record("rosters.create", roster, actor=actor, at=at, changes=changes)
    doorbell.ring_on_commit(DOORBELL)
    return roster


@transaction.atomic
def confirm(
    *, roster_id: UUID, accept_ends: bool = False, expected_version: int | None = None, actor: Scope, at: datetime
) -> Roster:
    """Let the plan be written. Raises MoveNotAllowed, Stale, Refused where more would end than goes without saying."""
    roster = _own(roster_id, expected_version, actor=actor)
    target = target_of(RosterMove.CONFIRM, roster.state)
    if roster.erased_at is not None:
        raise Refused("The rows of this roster were erased; send the file again.", code="erased")
    _require_group(roster, actor)
    if not accept_ends and (bars := bars_of(roster)):
        sites = [site["id"] for site in bars]
        raise Refused(
            "More people would end than goes without saying; see the plan, and confirm with accept_ends when it is so.",
            code="many_ends",
            details={"sites": sites[:100], "rows_without_reference": roster.unnamed_count},
        )
    record("rosters.confirm", roster, actor=actor, at=at, changes={"counts": [None, roster.counts]})
    return start_applying(roster, target, actor=actor, at=at)


def start_applying(roster: Roster, target: RosterState, *, actor: Scope | None, at: datetime) -> Roster:
    """Put the roster in line to be written; `actor`: who said so, None for the one who sent it."""
    if actor is not None:
        # The log has every chunk under the request that confirmed, whoever carries it out.
        roster.actor_id, roster.token_id = actor.user_id, actor.token_id
        roster.actor_label, roster.request_id = actor.label, actor.request_id
    return _moved(roster, target, RosterStep.APPLY, confirmed_at=at)


@transaction.atomic
def abort(*, roster_id: UUID, expected_version: int | None = None, actor: Scope, at: datetime) -> Roster:
    """Give it up: what was not written stays unwritten. Raises MoveNotAllowed, Stale."""
    roster = _own(roster_id, expected_version, actor=actor)
    target = target_of(RosterMove.ABORT, roster.state)
    record("rosters.abort", roster, actor=actor, at=at, changes={"state": [roster.state, target]})
    return _moved(roster, target, RosterStep.REST, finished_at=at)


@transaction.atomic
def undo(*, roster_id: UUID, expected_version: int | None = None, actor: Scope, at: datetime) -> Roster:
    """Take back what it wrote, where nobody has touched it since. Raises MoveNotAllowed, Stale, Refused."""
    roster = _own(roster_id, expected_version, actor=actor)
    target = target_of(RosterMove.UNDO, roster.state)
    if roster.erased_at is not None:
        raise Refused("The rows of this roster were erased; it can't be taken back any more.", code="erased")
    if not roster.applied:
        raise Refused("This roster wrote nothing.", code="nothing_written")
    _require_group(roster, actor)
    record("rosters.undo", roster, actor=actor, at=at, changes={"state": [roster.state, target]})
    roster.actor_id, roster.token_id = actor.user_id, actor.token_id
    roster.actor_label, roster.request_id = actor.label, actor.request_id
    return _moved(roster, target, RosterStep.UNDO)


def bars_of(roster: Roster) -> list[dict]:
    """Sites where more would end than the roster's share; all sites with ends when rows have no reference."""
    if roster.mode != RosterMode.COMPLETE:
        return []
    return [site for site in roster.sites if site["end"] and (site["is_many"] or roster.unnamed_count)]


def _moved(roster: Roster, state: RosterState, step: RosterStep, **values: object) -> Roster:
    """Write the new state; a worker that still holds the roster finds its lease gone, and stops."""
    values |= {"state": state, "step": step, "position": "", "done_count": 0, "step_started_at": None, "attempts": 0}
    for name, value in {**values, "lease_token": None, "lease_until": None}.items():
        setattr(roster, name, value)
    roster.version += 1
    roster.save()
    if state in WORKING:
        doorbell.ring_on_commit(DOORBELL)
    return roster


def _require_group(roster: Roster, actor: Scope) -> None:
    """Nothing is written in a company that is not the caller's any more."""
    if roster.company_ids is not None and not set(companies_of(roster)) <= set(group_of(roster.company_id, actor)):
        raise Refused("A company has left the group since the file was sent.", code="group_changed")


def _company(company_id: UUID | None, actor: Scope) -> UUID:
    """The company meant: named, or the caller's only one. Raises Invalid."""
    own = actor.organisations(*COMPANY_ROLES, Role.SITE_EDITOR)
    companies = list(Company.objects.filter(pk__in=own).order_by("pk").values_list("pk", flat=True)[:2])
    if company_id is None:
        if len(companies) != 1:
            raise Invalid.at("/company", "required", "You have several companies: say which one.")
        return companies[0]
    if company_id not in own or not Company.objects.filter(pk=company_id).exists():
        raise Invalid.at("/company", "unknown_reference", "There is no such company for you.")
    return company_id


def _own(roster_id: UUID, expected_version: int | None, *, actor: Scope) -> Roster:
    roster = Roster.objects.own_of(actor).select_for_update(of=("self",)).filter(pk=roster_id).first()
    if roster is None:
        raise NotFound("There is no such roster for you.")
    if expected_version is not None and roster.version != expected_version:
        raise Stale("The roster has moved on since you read it.", details={"version": roster.version})
    return roster


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while piece := content.read(PIECE_BYTES):
        yield piece
