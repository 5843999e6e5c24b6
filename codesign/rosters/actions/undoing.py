"""What a roster wrote is taken back, where nobody has touched it since: range by range, as it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from codesign.rosters.actions.applying import actor_of
from codesign.rosters.actions.changing import KEPT
from codesign.rosters.actions.leasing import enter, hold
from codesign.rosters.actions.ranges import Range, next_range, rows_in
from codesign.rosters.actions.reaching import companies_in
from codesign.rosters.lifecycle import CHANGING, RosterLabel, RosterState, RosterStep
from codesign.rosters.models import Roster
from codesign.training.actions import bulk, tiles
from codesign.training.actions.plans import CHANGING as CHANGED_COLUMNS
from codesign.training.kinds import CorrectionReason
from codesign.training.models import Completion, Posting, StaffMember, StatusTile
from registry.kernel.audit.actions import record
from registry.kernel.ids import new_id

# Rows about a person that a roster itself writes; any other is somebody else's, and keeps the person.
_OWN_RELATIONS = frozenset({"postings", "completions", "tiles"})


def take_back(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Take the next range back, or end. Raises LeaseLost."""
    span = next_range(roster)
    if span is None:
        enter(roster, RosterStep.REST, now=real_now(), state=RosterState.UNDONE, undone_at=at)
        return
    with transaction.atomic():
        rows = rows_in(roster, span)
        hold(roster, now=real_now(), position=span.upto, done_count=roster.done_count + rows.count())
        tiles.lock(companies_in(roster, span))
        done = _take_back(roster, span, at=at)
        if any(done.values()):
            hold(roster, now=real_now(), undone=dict(Counter(roster.undone) + done))
            changes = {name: [0, number] for name, number in sorted(done.items())}
            record("rosters.take_back", roster, actor=actor_of(roster), at=at, changes=changes)


def _take_back(roster: Roster, span: Range, *, at: datetime) -> Counter[str]:
    rows = rows_in(roster, span)
    done: Counter[str] = Counter()
    done["created"], kept = _forget_created(rows)
    done["kept"] += kept
    stale = _supersede(rows, at=at)
    done["completions"] = len(stale)
    restored, kept = _restore(rows, at=at)
    done["changed"], done["kept"] = len(restored), done["kept"] + kept
    touched = {*stale, *restored}
    if touched:
        people = StaffMember.objects.filter(pk__in=touched)
        tiles.rebuild(dict(people.values_list("pk", "company_id")))
    return +done


def _forget_created(rows: QuerySet) -> tuple[int, int]:
    """Remove people who are here by this roster alone, with all that it wrote of them; how many, and how many stay."""
    made = StaffMember.objects.filter(pk__in=rows.filter(label=RosterLabel.CREATE).values("pk"))
    # A training that somebody else recorded, or corrected, is another's work on the person.
    others = Completion.objects.filter(staff_member=OuterRef("pk"))
    theirs = others.filter(~Exists(rows.filter(pk=OuterRef("pk"))) | ~Q(superseded_at=None))
    alone = made.filter(~Exists(theirs), version=1)
    for relation in StaffMember._meta.related_objects:
        if relation.get_accessor_name() not in _OWN_RELATIONS:
            rows_of = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            alone = alone.filter(~Exists(rows_of))
    gone = list(alone.values_list("pk", flat=True))
    kept = made.exclude(pk__in=gone).count()
    for model in (StatusTile, Completion, Posting):
        model._base_manager.filter(staff_member__in=gone).delete()
    StaffMember.objects.filter(pk__in=gone).delete()
    return len(gone), kept


def _supersede(rows: QuerySet, *, at: datetime) -> list[UUID]:
    """Let the trainings that the roster recorded count no more; whose they were."""
    ours = Completion.objects.current().filter(pk__in=rows.exclude(course_id=None).values("pk"))
    people = list(ours.values_list("staff_member_id", flat=True))
    ours.update(superseded_at=at, superseded_reason=CorrectionReason.NOT_COMPLETED)
    return people


def _restore(rows: QuerySet, *, at: datetime) -> tuple[list[UUID], int]:
    """Put people back as they stood, with the posts that they had; who, and how many were changed since."""
    written = {row.target_id: row for row in rows.filter(label__in=CHANGING).exclude(before=None)}
    people = {person.pk: person for person in StaffMember.objects.filter(pk__in=list(written))}
    ours = {key: person for key, person in people.items() if person.version == written[key].target_version}
    wanted = {key: {UUID(post) for post in written[key].before["posts"]} for key in ours}
    current = Posting.objects.current().filter(staff_member__in=list(ours)).values_list("staff_member_id", "pk")
    standing = {post for _, post in current}
    ours_now = [post for person, post in current if post not in wanted[person]]
    Posting.objects.filter(pk__in=ours_now).update(superseded_at=at)
    gone = [post for posts in wanted.values() for post in posts if post not in standing]
    again = list(Posting.objects.filter(pk__in=gone))
    for post in again:  # recorded anew: what was believed meanwhile stays knowable
        post.pk, post.recorded_at, post.superseded_at = new_id(), at, None
    bulk.write(again)
    for key, person in ours.items():
        for name in KEPT:
            setattr(person, name, _value(name, written[key].before[name]))
        person.version, person.changed_at = person.version + 1, at
    bulk.write(list(ours.values()), update=CHANGED_COLUMNS)
    return list(ours), len(written) - len(ours)


def _value(name: str, kept: Any) -> Any:
    """A value as the column has it, from what JSON kept of it."""
    if kept is None:
        return None
    if name == "site_id":
        return UUID(kept)
    return date.fromisoformat(kept) if name in {"hired_on", "left_on"} else kept
