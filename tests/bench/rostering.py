"""A roster of 50,000 people: read, checked, compared, written with posts, trainings and statuses, journaled, audited."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

from django.db import connection

from codesign.companies.models import Company, Site
from codesign.rosters import actions
from codesign.rosters.actions import Upload
from codesign.rosters.models import Roster
from members.organisations.models import Organisation
from members.scope import Hat, Role, Scope
from registry.kernel import clock
from registry.kernel.ids import new_id
from tests.bench.book import AT
from tests.bench.measuring import Growth, Samples, in_turn
from tests.bench.rostering_floor import write_by_hand
from tests.bench.serving import own_backend_cpu_ns

PEOPLE, SITES = 50_000, 200
HEADER = ("reference", "site", "role", "employment", "language", "hired_on", "left_on", "course", "completed_on")
ROLES = "front_desk housekeeping food_beverage security driver guide sales management other".split()
_CHECK = """
SELECT status, COUNT(*), MIN(first_day), MAX(first_day) FROM codesign_statustile WHERE company_id = %s
GROUP BY status ORDER BY status
"""


def measure(*, rounds: int, people: int = PEOPLE) -> dict[str, dict[str, Samples]]:
    """The whole way of a new roster as CSV and as a workbook, and of the same file again."""
    rows = list(_rows(people))
    files = {"register": _csv(rows), "workbook": _workbook(rows)}
    known: dict[str, Company] = {}

    def sample(name: str) -> Callable[[], float]:
        def once() -> float:
            company = known[name] = _company()
            growth = Growth()
            with _cpu() as cost:
                if name == "floor":
                    write_by_hand(files["register"], company.pk)
                else:
                    _written(files[name], company)
            peaks.setdefault(name, []).append(growth.mib)
            return cost[0]

        return once

    peaks: dict[str, list[float]] = {}
    found = in_turn({name: sample(name) for name in ("floor", "register", "workbook")}, rounds)
    for name, samples in found.items():
        samples.peak_mib = round(max(peaks[name]), 1)
    _require_same(known, people)

    def again() -> float:
        with _cpu() as cost:
            roster = _planned(files["register"], known["register"])
        if (roster.state, roster.counts["unchanged"], roster.applied) != ("done", people, {}):
            raise RuntimeError(f"the same file again: {roster.state} {roster.counts} {roster.applied}")
        return cost[0]

    return {"roster": found, "same roster": {"floor": found["floor"], "register": Samples([again() for _ in range(2)])}}


def grown(people: int) -> float:
    """MiB by which the worker grows while it writes a roster of so many people."""
    content = _csv(list(_rows(people)))
    growth = Growth()
    _written(content, _company())
    return growth.mib


@contextmanager
def _cpu() -> Iterator[list[float]]:
    """Milliseconds of CPU of this process, of those that it starts, and of its connection's server."""
    cost = [0.0]
    before = _used()
    yield cost
    cost[0] = _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() * 1000 + (children.ru_utime + children.ru_stime) * 1000 + own_backend_cpu_ns() / 1e6


def _company() -> Company:
    key = new_id()
    name = f"Hotels Fictif {key.hex[-8:]} (DEMO)"
    values = {"kind": "company", "name": name, "search_key": name.lower(), "country_id": "BE", "created_at": AT}
    organisation = Organisation.objects.create(id=key, is_demo=True, **values)
    company = Company.objects.create(organisation=organisation, category="hotel_chain", created_at=AT)
    Site.objects.bulk_create(
        Site(
            company=company,
            name=f"Hotel Fictif {number}",
            search_key=f"hotel fictif {number}",
            country_id="BE",
            zone="Europe/Brussels",
            created_at=AT,
        )
        for number in range(SITES)
    )
    return company


def _rows(people: int) -> Iterator[list[str]]:
    for number in range(people):
        hired = date(2018, 1, 1) + timedelta(days=number * 7 % 3200)
        trained = max(hired, date(2025, 1, 1) + timedelta(days=number * 11 % 600))
        training = ["the-code-basics", trained.isoformat()] if number % 2 else ["", ""]
        employment = "agency" if number % 17 == 0 else "regular"
        language = ("en", "fr", "nl", "")[number % 4]
        place = f"Hotel Fictif {number % SITES}"
        yield [f"E{number:07}", place, ROLES[number % 9], employment, language, hired.isoformat(), "", *training]


def _csv(rows: list[list[str]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


def _workbook(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([list(HEADER), *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def _scope(company: Company) -> Scope:
    hat = Hat(role=Role.COMPANY_EDITOR, organisation_id=company.pk, organisation_ids=frozenset({company.pk}))
    return Scope(hats=(hat,), day=AT.date(), label="bench")


def _planned(content: bytes, company: Company) -> Roster:
    roster = actions.take(
        company_id=company.pk, upload=Upload.of(BytesIO(content), "staff"), actor=_scope(company), at=clock.now()
    )
    actions.work(now=clock.now, real_now=clock.real_now, seconds=3600)
    roster.refresh_from_db()
    return roster


def _written(content: bytes, company: Company) -> None:
    roster = _planned(content, company)
    actions.confirm(roster_id=roster.pk, actor=_scope(company), at=clock.now())
    actions.work(now=clock.now, real_now=clock.real_now, seconds=3600)
    roster.refresh_from_db()
    if roster.state != "done" or sum(roster.applied.values()) < roster.row_count:
        raise RuntimeError(f"{roster.state} {roster.counts} {roster.applied} {roster.failure}")


def _require_same(known: dict[str, Company], people: int) -> None:
    """Every variant leaves the same statuses."""
    found = {}
    with connection.cursor() as cursor:
        for name, company in known.items():
            cursor.execute(_CHECK, [_database_form(company.pk)])
            found[name] = cursor.fetchall()
    if any(rows != found["floor"] for rows in found.values()) or sum(row[1] for row in found["floor"]) < people:
        raise RuntimeError(f"other statuses: {found}")


def _database_form(key: UUID) -> Any:
    return key if connection.vendor == "postgresql" else key.hex
