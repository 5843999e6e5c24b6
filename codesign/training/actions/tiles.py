"""Keep the derived statuses: every change of posts, completions or rules ends here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Company
from codesign.training.kinds import CourseKind
from codesign.training.models import Completion, Posting, Requirement, StaffMember, StatusTile
from codesign.training.rules import Post, Rulebook, Tile, tiles
from registry.kernel.calendar import LATEST
from registry.kernel.loading import load

CHUNK = 1000
_COLUMNS = ("staff_member_id", "company_id", "site_id", "role", "employment", "status", "first_day", "last_day")


class NewPerson(NamedTuple):
    """Somebody who is new to the register, with all that their statuses follow from.

    `key`, `company` and the sites of `posts` are hex digits, as the table takes them: that spares objects for each row.
    """

    key: str
    company: str
    posts: list[Post]
    full: list[date]
    refreshers: list[date]


def rulebook() -> Rulebook:
    """The published rules. One query."""
    return Requirement.objects.all().rulebook()


def posts_of(people: Iterable[UUID]) -> dict[UUID, list[tuple[Post, UUID]]]:
    """The current posts of each person in order, with the key of their row. One query."""
    columns = ("staff_member_id", "pk", "site_id", "site__country_id", "role", "employment", "hired_on")
    rows = Posting.objects.current().filter(staff_member__in=list(people)).order_by("staff_member", "valid_from", "pk")
    found: dict[UUID, list[tuple[Post, UUID]]] = defaultdict(list)
    for person, key, *work, last_day in rows.values_list(*columns, "valid_from", "valid_until"):
        site, country, role, employment, hired_on, first_day = work
        post = Post(site, country, role, employment, hired_on, first_day, last_day or LATEST)
        found[person].append((post, key))
    return found


def rebuild(companies: dict[UUID, UUID], *, book: Rulebook | None = None) -> int:
    """Bring the statuses of some people up to date; how many people differed. Six queries, whatever the number.

    `companies`: the company of each person. Call it inside the transaction of the change, with the companies locked.
    """
    people = list(companies)
    book = book or rulebook()
    posts, done, known = posts_of(people), _completions_of(people), _tiles_of(people)
    stale: list[int] = []
    fresh: list[tuple[str, ...]] = []
    changed = 0
    for person, company in companies.items():
        full, refreshers = done[person]
        wanted = set(tiles([post for post, _ in posts.get(person, ())], full, refreshers, book))
        have = known[person]
        gone = [key for tile, key in have.items() if tile not in wanted]
        new = [tile for tile in wanted if tile not in have]
        stale += gone
        fresh += [_row(person.hex, company.hex, tile.site_id.hex, tile) for tile in new]
        changed += bool(gone or new)
    if stale:
        StatusTile.objects.filter(pk__in=stale).delete()
    load(StatusTile._meta.db_table, _COLUMNS, fresh)
    return changed


def lay_down(people: Iterable[NewPerson], *, book: Rulebook) -> None:
    """Write the statuses of people who have none yet: nothing is read, nothing compared."""
    load(
        StatusTile._meta.db_table,
        _COLUMNS,
        (
            _row(person.key, person.company, tile.site_id, tile)
            for person in people
            for tile in tiles(person.posts, person.full, person.refreshers, book)
        ),
    )


def recount(*, chunk: int = CHUNK) -> int:
    """Compute all statuses anew, a transaction per `chunk` people; how many people differed (none, by promise)."""
    people = StaffMember.objects.order_by("pk").values_list("pk", "company_id")
    changed = 0
    last: Any = None
    while page := list((people.filter(pk__gt=last) if last else people)[:chunk]):
        last = page[-1][0]
        with transaction.atomic():
            lock(company for _, company in page)
            changed += rebuild(dict(page))
    return changed


def lock(companies: Iterable[UUID]) -> None:
    """One writer of a company's training at a time: two pushes for one person must see each other's rows."""
    rows = Company.objects.filter(pk__in=set(companies)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _completions_of(people: Sequence[UUID]) -> dict[UUID, tuple[list[Any], list[Any]]]:
    """Days of full trainings and of refreshers. One query."""
    found: dict[UUID, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    rows = Completion.objects.current().filter(staff_member__in=people)
    for person, day, kind in rows.values_list("staff_member_id", "completed_on", "course__kind"):
        found[person][kind == CourseKind.REFRESHER].append(day)
    return found


def _tiles_of(people: Sequence[UUID]) -> dict[UUID, dict[Tile, int]]:
    found: dict[UUID, dict[Tile, int]] = defaultdict(dict)
    columns = ("site_id", "role", "employment", "status", "first_day", "last_day")
    for person, key, *parts in StatusTile.objects.filter(staff_member__in=people).values_list(
        "staff_member_id", "pk", *columns
    ):
        found[person][Tile(*parts)] = key
    return found


def _row(person: str, company: str, site: str, tile: Tile) -> tuple[str, ...]:
    """As the table takes it: an instance of the model for each cost as much as all the rest."""
    _, role, employment, status, first_day, last_day = tile
    return person, company, site, role, employment, status, first_day.isoformat(), last_day.isoformat()
