"""Files, rows and what can be taken back by them are erased after a week; the counts stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from codesign.rosters.actions.reaching import companies_of
from codesign.rosters.lifecycle import WORKING
from codesign.rosters.models import Roster, RosterPiece, RosterRow
from codesign.training.models import StaffMember
from codesign.training.references import key_of
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM

# Source: rules of the register on training compliance. A reference is personal data, and the file is full of them.
KEPT = timedelta(days=7)
CHUNK = 20_000


def forget(*, at: datetime) -> int:
    """Erase what is older than a week, a chunk in a transaction; how many rosters."""
    due = Roster.objects.filter(erased_at=None, created_at__lt=at - KEPT).exclude(state__in=WORKING)
    done = 0
    for roster in due.order_by("created_at", "pk"):
        while keys := list(RosterRow.objects.filter(roster=roster).values_list("pk", flat=True)[:CHUNK]):
            RosterRow.objects.filter(pk__in=keys).delete()
        _erase(roster, at=at)
        done += 1
    return done


@transaction.atomic
def _erase(roster: Roster, *, at: datetime) -> None:
    RosterPiece.objects.filter(roster=roster).delete()
    Roster.objects.filter(pk=roster.pk).update(erased_at=at, file_name="", version=F("version") + 1)
    record("rosters.erase", roster, actor=SYSTEM, at=at)


def forget_people(people: Sequence[UUID], references: Collection[str]) -> None:
    """Take away what rosters hold of these people: rows that can be told by the person or the reference.

    A packed file can't be searched: the files of their companies go whole, a week is never long.
    """
    companies = set(StaffMember.objects.filter(pk__in=people).values_list("company_id", flat=True))
    files_of_groups = Roster.objects.filter(erased_at=None).exclude(company_ids=None)
    groups = [roster.pk for roster in files_of_groups if not companies.isdisjoint(companies_of(roster))]
    rosters = Roster.objects.filter(Q(company__in=companies) | Q(pk__in=groups))
    keys = {key_of(reference) for reference in references}
    rows = RosterRow.objects.filter(roster__in=rosters)
    rows.filter(Q(target_id__in=people) | Q(reference_key__in=keys) | Q(pk__in=people)).delete()
    resting = rosters.exclude(state__in=WORKING)
    RosterPiece.objects.filter(roster__in=resting).delete()
    resting.filter(position__in=keys).update(position="")
