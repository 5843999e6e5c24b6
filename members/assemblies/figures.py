"""Who may vote at an assembly, and whether its quorum was met: worked out, never stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from members.assemblies.models import Assembly, AssemblyKind
from members.assemblies.rules import VOTES, Quorum, Tally, Vote, VoteReason, quorum
from members.network.lifecycle import NetworkMembershipKind, NetworkMembershipState
from members.network.models import NetworkMembership

VOTING_DEFINITION = (
    "Full members of the network on the first day of the assembly vote; affiliates, dormant and suspended members "
    "do not. Uncertain: the day, the kind of membership or the membership on that day is not proven."
)
QUORUM_DEFINITION = (
    "Registered organisations with a vote against the rule: a share of all full members on that day, a number, or "
    "both. Of a member's own assembly: voters as counted there."
)


@dataclass(frozen=True)
class Attendance:
    """Those with a vote who came, and all with a vote; None where nobody counted."""

    present: Tally | None
    entitled: Tally | None


def votes_of(assembly: Assembly, organisation_ids: QuerySet | list[UUID]) -> dict[UUID, VoteReason]:
    """Why each of the organisations may vote or not; one that is missing was no member. One query."""
    rows = _judged(assembly).filter(organisation_id__in=organisation_ids)
    # Two memberships on one day are a correction in the making: the later one counts.
    found = rows.order_by("recorded_at", "pk").values_list("organisation_id", "vote_reason")
    return {organisation: VoteReason(reason) for organisation, reason in found}


def absent_reason(assembly: Assembly) -> VoteReason:
    """The reason for an organisation without a membership on that day."""
    return VoteReason.NOT_A_MEMBER if _is_day_known(assembly) else VoteReason.DAY_UNKNOWN


def attendance(assembly: Assembly) -> Attendance:
    """Votes present and entitled. Two queries for an assembly of the network, none for a member's own."""
    if assembly.kind == AssemblyKind.MEMBER:
        counts = (assembly.voter_count, assembly.entitled_count)
        return Attendance(*(None if count is None else Tally(count) for count in counts))
    registered = votes_of(assembly, assembly.participations.values("organisation_id"))
    by_reason = _judged(assembly).order_by("vote_reason").values_list("vote_reason").annotate(n=Count("pk"))
    return Attendance(_tally(Counter(registered.values())), _tally(Counter(dict(by_reason))))


def quorum_of(assembly: Assembly, counted: Attendance) -> Quorum:
    """Whether the assembly's own rule is met. No query."""
    return quorum(
        share=assembly.quorum_share,
        number=assembly.quorum_number,
        present=counted.present,
        entitled=counted.entitled,
    )


def voter_limit(assembly: Assembly) -> int | None:
    """The most votes that can have been cast; None where nobody counted."""
    present = attendance(assembly).present
    return None if present is None else present.most


def _is_day_known(assembly: Assembly) -> bool:
    return assembly.starts_earliest == assembly.starts_latest


def _judged(assembly: Assembly) -> QuerySet:
    """Memberships on the assembly's first day with `vote_reason`."""
    day = assembly.starts_latest
    rows = NetworkMembership.objects.on(day).with_certainty(on=day).with_standing(on=day)
    cases = [
        When(state_on=NetworkMembershipState.DORMANT, then=Value(VoteReason.DORMANT.value)),
        When(state_on=NetworkMembershipState.SUSPENDED, then=Value(VoteReason.SUSPENDED.value)),
        When(kind_on=NetworkMembershipKind.AFFILIATE, then=Value(VoteReason.AFFILIATE.value)),
        When(~Q(kind_on=NetworkMembershipKind.FULL), then=Value(VoteReason.KIND_UNKNOWN.value)),
        When(is_uncertain=True, then=Value(VoteReason.PRESENCE_UNPROVEN.value)),
    ]
    if not _is_day_known(assembly):
        return rows.annotate(vote_reason=Value(VoteReason.DAY_UNKNOWN.value, output_field=CharField()))
    return rows.annotate(
        vote_reason=Case(*cases, default=Value(VoteReason.FULL_MEMBER.value), output_field=CharField())
    )


def _tally(counts: Counter) -> Tally:
    """Counts by reason as votes."""
    votes: Counter[Vote] = Counter()
    for reason, number in counts.items():
        votes[VOTES[VoteReason(reason)]] += number
    return Tally(votes[Vote.YES], votes[Vote.UNCERTAIN])
