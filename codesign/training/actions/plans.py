"""What one change makes of one person: worked out first, written for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from codesign.training.actions import bulk
from codesign.training.models import Posting, StaffMember
from codesign.training.postings import Change, after
from codesign.training.rules import Post
from registry.kernel.calendar import LATEST
from registry.kernel.ids import new_id

CHANGING = ("site", "reference", "role", "employment", "language", "hired_on", "left_on", "changed_at", "version")


@dataclass(kw_only=True)
class Planned:
    """One person with the posts before and after."""

    index: int
    row: StaffMember
    before: list[tuple[Post, UUID]]
    posts: list[Post]
    is_new: bool
    is_changed: bool


def planned(
    index: int,
    row: StaffMember,
    before: list[tuple[Post, UUID]],
    change: Change,
    *,
    language: str,
    reference: str,
) -> Planned:
    """The row with its new values and the posts that follow; nothing is written yet."""
    posts = after([post for post, _ in before], change)
    last = posts[-1]
    values = {
        "reference": reference,
        "language": language,
        "site_id": last.site_id,
        "role": last.role,
        "employment": last.employment,
        "hired_on": last.hired_on,
        "left_on": None if last.last_day == LATEST else last.last_day,
    }
    is_new = row.version == 0
    is_changed = posts != [post for post, _ in before] or any(
        getattr(row, name) != value for name, value in values.items()
    )
    if is_changed:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
    return Planned(index=index, row=row, before=before, posts=posts, is_new=is_new, is_changed=is_changed)


def write(plans: Sequence[Planned], *, at: datetime) -> None:
    """Rows and posts of all plans, in a constant number of statements; the statuses are the caller's to rebuild."""
    for plan in plans:
        plan.row.changed_at = at
    bulk.write([plan.row for plan in plans], update=CHANGING)
    superseded: list[UUID] = []
    fresh: list[Posting] = []
    for plan in plans:
        kept = {post for post, _ in plan.before} & set(plan.posts)
        superseded += [key for post, key in plan.before if post not in kept]
        fresh += [_posting(plan.row, post, at) for post in plan.posts if post not in kept]
    if superseded:
        Posting.objects.filter(pk__in=superseded).update(superseded_at=at)
    bulk.write(fresh)


def _posting(row: StaffMember, post: Post, at: datetime) -> Posting:
    return Posting(
        id=new_id(),
        staff_member_id=row.pk,
        site_id=post.site_id,
        role=post.role,
        employment=post.employment,
        hired_on=post.hired_on,
        valid_from=post.first_day,
        valid_until=None if post.last_day == LATEST else post.last_day,
        recorded_at=at,
    )
