"""Rosters for tests: sent as bytes, worked on as a worker does."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from codesign.companies.models import Company, NodeKind, Site
from codesign.rosters import actions
from codesign.rosters.actions import Upload
from codesign.rosters.models import Roster
from codesign.training.models import Completion, Posting, StaffMember, StatusTile
from members.organisations.models import Organisation
from members.scope import Hat, Role, Scope
from tests.factories.organisations import make_parentage
from tests.factories.training import AT, editor_of, make_hotel_company, make_workplace

HEADER = ("reference", "site", "role", "hired_on")


def csv_of(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> bytes:
    """A file with a header."""
    text = StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def send(company: Company, content: bytes, *, actor: Any = None, at: datetime = AT, **options: Any) -> Roster:
    """Take a file as the company's editor; nobody has worked on it."""
    upload = Upload.of(BytesIO(content), "staff.csv")
    return actions.take(company_id=company.pk, upload=upload, actor=actor or editor_of(company), at=at, **options)


def work(*, at: datetime = AT, seconds: float = 60.0) -> int:
    """What a worker does."""
    return actions.work(now=lambda: at, real_now=lambda: at, seconds=seconds)


def plan(company: Company, content: bytes, *, at: datetime = AT, **options: Any) -> Roster:
    """Take a file and plan it."""
    roster = send(company, content, at=at, **options)
    work(at=at)
    roster.refresh_from_db()
    return roster


def apply(company: Company, content: bytes, *, at: datetime = AT, **options: Any) -> Roster:
    """Take a file, plan it and write it, whatever it ends."""
    roster = plan(company, content, at=at, **options)
    confirm(roster, at=at)
    return roster


def confirm(roster: Roster, *, at: datetime = AT) -> None:
    """Say yes to a plan, whatever it ends, and write it."""
    actions.confirm(roster_id=roster.pk, accept_ends=True, actor=group_editor_of(roster.company), at=at)
    work(at=at)
    roster.refresh_from_db()


def undo(roster: Roster, *, at: datetime = AT) -> Roster:
    """Take back what it wrote."""
    actions.undo(roster_id=roster.pk, actor=group_editor_of(roster.company), at=at)
    work(at=at)
    roster.refresh_from_db()
    return roster


def state_of(company: Company) -> dict[str, list[Any]]:
    """All that the register holds for true of a company's staff: people, posts, trainings, statuses."""
    people = StaffMember.objects.filter(company=company).order_by("reference_key")
    by_person = {"staff_member__company": company}
    return {
        "people": _values(people, "reference", "site", "role", "employment", "language", "hired_on", "left_on"),
        "posts": _values(
            Posting.objects.current().filter(**by_person),
            *("staff_member__reference", "site", "role", "employment", "hired_on", "valid_from", "valid_until"),
        ),
        "completions": _values(
            Completion.objects.current().filter(**by_person), "staff_member__reference", "course", "completed_on"
        ),
        "tiles": _values(
            StatusTile.objects.filter(company=company),
            *("staff_member__reference", "site", "role", "employment", "status", "first_day", "last_day"),
        ),
    }


def _values(rows: Any, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(rows.values_list(*columns), key=str)


def labels(roster: Roster) -> dict[str, str]:
    """Reference → label of the rows that have one."""
    return dict(roster.rows.exclude(reference="").order_by("number").values_list("reference", "label"))


def faults(roster: Roster) -> list[tuple[int | None, str, str]]:
    """Number, column and code of every fault, in the order of the file."""
    rows: Iterable[Any] = roster.rows.exclude(faults=None).order_by("number").values_list("number", "faults")
    return [(number, column, code) for number, found in rows for column, code in found]


def make_group(*names: str) -> tuple[Company, list[Site]]:
    """A group without sites of its own, and a hotel for each name, which is a company below it; the last by a brand."""
    group = make_hotel_company(node=NodeKind.GROUP)
    brand = make_hotel_company(node=NodeKind.BRAND)
    make_parentage(child=brand.organisation, parent=group.organisation)
    sites = []
    for name in names:
        hotel = make_hotel_company(name=f"Company of {name} (DEMO)")
        above = brand if name == names[-1] else group
        make_parentage(child=hotel.organisation, parent=above.organisation)
        sites.append(make_workplace(company=hotel, name=name))
    return group, sites


def group_editor_of(group: Company) -> Scope:
    """The editor of a company with all below it, as a grant counts today."""
    tree = Organisation.objects.tree_of({group.pk}, AT.date())
    hat = Hat(role=Role.COMPANY_EDITOR, organisation_id=group.pk, organisation_ids=frozenset(tree))
    return Scope(hats=(hat,), day=AT.date(), label="group")
