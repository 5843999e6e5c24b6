"""The posts of one person over time: what hiring, moving, leaving and coming back do to them. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from codesign.training.rules import DAY, Post
from registry.kernel.calendar import LATEST


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a roster says of one person. `since`: from when a new site, role or employment counts.

    `left_on`: None is still there; `keeps_end` leaves an end that is recorded as it is.
    """

    site_id: UUID
    country: str
    role: str
    employment: str
    hired_on: date
    since: date
    left_on: date | None = None
    keeps_end: bool = False


class OutOfOrder(ValueError):
    """The days of the change contradict each other or an earlier employment."""


def after(posts: Sequence[Post], change: Change) -> list[Post]:
    """The posts once `change` is applied; `posts` are in order. Raises OutOfOrder."""
    if not posts or change.hired_on > posts[-1].last_day:
        fresh = _post(change, change.hired_on)
        return _ended([*posts, fresh], None if change.keeps_end else change.left_on)
    hired = posts[-1].hired_on
    earlier = [post for post in posts if post.hired_on != hired]
    present = [post for post in posts if post.hired_on == hired]
    end = present[-1].last_day if change.keeps_end else change.left_on
    if earlier and change.hired_on <= earlier[-1].last_day:
        raise OutOfOrder
    if hired != change.hired_on:
        present = _rehired(present, change.hired_on)
    if not _is_same_work(present[-1], change):
        present = _moved(present, change)
    return _ended([*earlier, *present], end)


def _post(change: Change, first_day: date) -> Post:
    return Post(change.site_id, change.country, change.role, change.employment, change.hired_on, first_day)


def _is_same_work(post: Post, change: Change) -> bool:
    return (post.site_id, post.role, post.employment) == (change.site_id, change.role, change.employment)


def _rehired(present: list[Post], hired_on: date) -> list[Post]:
    """The same employment with its first day corrected."""
    kept = [post._replace(hired_on=hired_on) for post in present if post.last_day >= hired_on]
    return [kept[0]._replace(first_day=hired_on), *kept[1:]]


def _moved(present: list[Post], change: Change) -> list[Post]:
    """Other work from `since` on; work that began then or later is replaced."""
    since = max(change.since, change.hired_on)
    kept = [post._replace(last_day=min(post.last_day, since - DAY)) for post in present if post.first_day < since]
    if kept and _is_same_work(kept[-1], change):
        return [*kept[:-1], kept[-1]._replace(last_day=LATEST)]
    return [*kept, _post(change, since)]


def _ended(posts: list[Post], left_on: date | None) -> list[Post]:
    """The posts with the last day of the present employment set; None opens it again."""
    end = left_on or LATEST
    hired = posts[-1].hired_on
    if end < hired:
        raise OutOfOrder
    kept = [post for post in posts if post.hired_on != hired or post.first_day <= end]
    return [*kept[:-1], kept[-1]._replace(last_day=end)]
