"""The book of the benchmark: fictional companies with everything that the list page shows of them.

At scale 1: 10,000 companies, 60,000 plan actions, 40,000 sites, 50,000 reports, 1,000,000 completions.
Two companies in a hundred are chains with thousands of staff; 60 % are active, over 20 countries and 8 categories.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from codesign.companies.models import CodeMembership, Company, HeadCount, Site
from codesign.criteria.models import PlanAction
from codesign.fees.models import Invoice
from codesign.reminders.actions import load_rules
from codesign.reporting.models import Questionnaire, Report, ReportingYear, ReportObligation
from codesign.training.models import Completion, Course, Posting, Requirement, StaffMember, StatusTile
from members.countries.models import Country
from members.network.models import Mandate
from members.organisations.models import Organisation
from members.people.models import Contact
from tests.bench.book import (
    ACTION,
    AT,
    COUNTRIES,
    DAY,
    INVOICE,
    LARGEST,
    MEMBERSHIP,
    OBLIGATION,
    ORGANISATION,
    OTHER,
    PERSON,
    PUSHED,
    PUSHERS,
    REPORT,
    SITE,
    key,
    representative,
    stamp,
)
from tests.bench.loading import load, unchecked

_CAPITALS = (
    "Vienna Brussels Sofia Zurich Prague Berlin Copenhagen Tallinn Madrid Helsinki Paris Athens Zagreb Budapest Dublin "
    "Rome Vilnius Luxembourg Amsterdam Lisbon"
)
ZONES = {country: f"Europe/{city}" for country, city in zip(COUNTRIES, _CAPITALS.split(), strict=True)}
CATEGORIES = "hotel hotel_chain tour_operator travel_agency airline car_rental transport other".split()
YEARS = range(2021, 2026)
EARLIER = stamp(AT - timedelta(days=300))
LATEST = "2200-12-31"


@dataclass(frozen=True)
class Size:
    """How big the book is."""

    companies: int
    people: int

    @classmethod
    def of(cls, scale: float, *, ci: bool) -> Size:
        """The size at a scale; people only grow to a million, so that seeding ends in minutes."""
        companies = 500 if ci else round(10_000 * scale)
        return cls(companies, min(companies * 100, 1_000_000) if not ci else 5_000)


def seed(size: Size) -> None:
    """Fill an empty, migrated database."""
    with unchecked():
        _network(size)
        _companies(size)
        _reporting(size)
        _training(size)
    load_rules(at=AT)


def _network(size: Size) -> None:
    load(Country, "code names search_key zone", ((c, f'{{"en": "{c}"}}', c.lower(), ZONES[c]) for c in COUNTRIES))
    load(
        Organisation,
        "id kind name search_key country_id created_at",
        ((representative(c), "ngo", f"Fictif {c}", f"fictif {c.lower()}", c, EARLIER) for c in COUNTRIES),
    )
    # One officer for all countries, so that one login can walk through every filter.
    columns = "id organisation_id country_id state valid_from confirmed_at created_at"
    rows = (
        (key(OTHER, 100 + n), representative("BE"), c, "confirmed", "2020-01-01", EARLIER, EARLIER)
        for n, c in enumerate(COUNTRIES)
    )
    load(Mandate, columns, rows)
    contacts = [(representative(c), "lcr_officer", f"lcr@{c.lower()}.example", ZONES[c]) for c in COUNTRIES]
    contacts.append((representative("BE"), "secretariat", "office@secretariat.example", ZONES["BE"]))
    contacts += [
        (key(ORGANISATION, n), "reporting_officer", f"report@c{n}.example", ZONES[_country(n)])
        for n in range(size.companies)
    ]
    load(
        Contact,
        "id organisation_id role email zone valid_from created_at",
        ((key(OTHER, 10_000 + n), *contact, "2020-01-01", EARLIER) for n, contact in enumerate(contacts)),
    )


def _companies(size: Size) -> None:
    dice = random.Random(7)
    places = list(range(size.companies))
    dice.shuffle(places)  # the order of names is not the order of keys
    numbers = range(size.companies)
    load(
        Organisation,
        "id kind name search_key country_id zone is_demo created_at",
        (
            (key(ORGANISATION, n), "company", f"Hotel Fictif {p:06}", f"hotel fictif {p:06}", *_home(n), 1, EARLIER)
            for n, p in zip(numbers, places, strict=True)
        ),
    )
    load(
        Company,
        "organisation_id category revenue_band revenue_band_confirmed_on created_at",
        ((key(ORGANISATION, n), CATEGORIES[n // 20 % 8], "to_2_5m", "2026-01-10", EARLIER) for n in numbers),
    )
    load(
        CodeMembership,
        "id company_id state number representative_id member_since approved_on created_at",
        (_membership(n) for n in numbers),
    )
    sites = [(n, m) for n in numbers for m in range(4)]
    load(
        Site,
        "id company_id name search_key country_id zone created_at",
        ((key(SITE, 4 * n + m), key(ORGANISATION, n), f"Site {m}", f"site {m}", *_home(n), EARLIER) for n, m in sites),
    )
    load(
        HeadCount,
        "id site_id staff_count valid_from recorded_at",
        ((key(OTHER + 1, 4 * n + m), key(SITE, 4 * n + m), 30, "2026-01-01", EARLIER) for n, m in sites if m != 3),
    )
    load(
        PlanAction,
        "id membership_id criterion_number title responsible_role due_on state done_on verified_on created_at",
        (_action(n, m, dice.random()) for n in numbers for m in range(6)),
    )
    load(
        Invoice,
        "id number membership_id year band amount_eur issued_on due_on state paid_on created_at",
        (_invoice(n, year, dice.random()) for n in numbers if _is_active(n) for year in (2025, 2026)),
    )


def _country(number: int) -> str:
    return COUNTRIES[number % 20]


def _home(number: int) -> tuple[str, str]:
    return _country(number), ZONES[_country(number)]


def _is_active(number: int) -> bool:
    return number // 160 % 5 < 3


def _membership(n: int) -> tuple[Any, ...]:
    active = _is_active(n)
    since = (date(2018, 1, 1) + timedelta(days=n % 1500)).isoformat() if active else None
    number = f"TC-{_country(n)}-{n:06}" if active else None
    state = "active" if active else "submitted"
    lcr = representative(_country(n))
    return key(MEMBERSHIP, n), key(ORGANISATION, n), state, number, lcr, since, since, EARLIER


def _action(n: int, m: int, dice: float) -> tuple[Any, ...]:
    state = "verified" if dice < 0.4 else "done" if dice < 0.7 else "open"
    done = "2026-05-01" if state != "open" else None
    verified = "2026-06-01" if state == "verified" else None
    identity = key(ACTION, 6 * n + m), key(MEMBERSHIP, n), m + 1
    return *identity, "Fictional action", "manager", "2026-12-31", state, done, verified, EARLIER


def _invoice(n: int, year: int, dice: float) -> tuple[Any, ...]:
    paid = f"{year}-02-20" if dice < 0.95 else None
    identity = key(INVOICE, 2 * n + year % 2), f"F-{year}-{n:06}", key(MEMBERSHIP, n), year
    return *identity, "to_2_5m", 300, f"{year}-01-31", f"{year}-03-02", "paid" if paid else "open", paid, EARLIER


def _reporting(size: Size) -> None:
    dice = random.Random(11)
    questionnaire = key(OTHER + 2, 0)
    load(
        Questionnaire,
        "id version state names sections created_at published_at",
        [(questionnaire, 1, "published", "{}", "[]", EARLIER, EARLIER)],
    )
    load(
        ReportingYear,
        "id year questionnaire_id opens_on due_on created_at",
        ((_year(y), y, questionnaire, f"{y + 1}-01-01", f"{y + 1}-03-31", EARLIER) for y in YEARS),
    )
    # The newest year of every third company is still a draft; every second of those is a member that owes it.
    reports = [(n, y, y < YEARS[-1] or n % 3 > 0 or dice.random() < 0.1) for n in range(size.companies) for y in YEARS]
    load(
        Report,
        "id company_id membership_id reporting_year_id state first_submitted_at first_submitted_on accepted_at "
        "created_at",
        (_report(*report) for report in reports),
    )
    load(
        ReportObligation,
        "id membership_id company_id reporting_year_id due_on lapses_on fulfilled_at fulfilled_on created_at",
        (_obligation(*report) for report in reports if _is_active(report[0])),
    )


def _year(year: int) -> str:
    return key(OTHER + 3, year)


def _report(n: int, year: int, handed_in: bool) -> tuple[Any, ...]:
    identity = key(REPORT, 5 * n + year % 5), key(ORGANISATION, n), key(MEMBERSHIP, n), _year(year)
    day = f"{year + 1}-03-15"
    return (
        *identity,
        *(("accepted", f"{day} 10:00:00", day, f"{day} 11:00:00") if handed_in else ("draft", None, None, None)),
        EARLIER,
    )


def _obligation(n: int, year: int, handed_in: bool) -> tuple[Any, ...]:
    identity = key(OBLIGATION, 5 * n + year % 5), key(MEMBERSHIP, n), key(ORGANISATION, n), _year(year)
    # The newest year was extended to days around today, so that every step of the rule is in play.
    due = date(year + 1, 3, 31) if year < YEARS[-1] else DAY + timedelta(days=n % 120 - 70)
    day = f"{year + 1}-03-15"
    filled = (f"{day} 10:00:00", day) if handed_in and year < YEARS[-1] else (None, None)
    return *identity, due.isoformat(), (due + timedelta(days=90)).isoformat(), *filled, EARLIER


def staff_of(number: int, size: Size) -> int:
    """People of one company: two in a hundred are chains, one of which has a twentieth of all people."""
    mean = size.people // size.companies
    if key(ORGANISATION, number) == LARGEST:
        return size.people // 20
    return mean * 25 if number % 50 == 0 else max(2, mean * (1 + number % 100) // 102)


def _training(size: Size) -> None:
    load(
        Requirement,
        "id effective_from published_at created_at",
        [(key(OTHER + 4, 0), "1900-01-01", EARLIER, EARLIER)],
    )
    load(
        Course,
        "id code kind provider created_at",
        [(COURSE, "the-code-basics", "elearning", "lcr", EARLIER)],
    )
    load(StatusTile, "staff_member_id company_id site_id role employment status first_day last_day", _tiles(size))
    load(Completion, "id staff_member_id course_id completed_on source recorded_at", _completions(size))
    people = [(n, m) for n in range(len(PUSHERS)) for m in range(PUSHED)]
    load(
        StaffMember,
        "id company_id site_id reference reference_key role hired_on created_at",
        (
            (_pusher(n, m), *_place(n, m), f"P{m:05}", f"p{m:05}", "front_desk", "2020-01-01", EARLIER)
            for n, m in people
        ),
    )
    load(
        Posting,
        "id staff_member_id site_id role employment hired_on valid_from recorded_at",
        (
            (
                key(OTHER + 5, n * PUSHED + m),
                _pusher(n, m),
                _place(n, m)[1],
                *_WORK,
                "2020-01-01",
                "2020-01-01",
                EARLIER,
            )
            for n, m in people
        ),
    )
    load(
        StatusTile,
        "staff_member_id company_id site_id role employment status first_day last_day",
        (
            (_pusher(n, m), *_place(n, m), *_WORK, status, first, last)
            for n, m in people
            for status, first, last in (
                ("in_grace", "2020-01-01", "2020-03-31"),
                ("never_trained", "2020-04-01", LATEST),
            )
        ),
    )


COURSE = key(OTHER + 4, 1)
_WORK = ("front_desk", "regular")


def _pusher(company: int, number: int) -> str:
    return key(PERSON, 100_000_000 + company * PUSHED + number)


def _place(company: int, number: int) -> tuple[str, str]:
    return key(ORGANISATION, company), key(SITE, 4 * company + number % 4)


def _people(size: Size) -> Iterator[tuple[int, int, int]]:
    """Company, number within it and number of all, for as many people as the size says."""
    count = 0
    for n in range(len(PUSHERS), size.companies):
        for m in range(staff_of(n, size)):
            yield n, m, count
            count += 1
            if count >= size.people:
                return


def _tiles(size: Size) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(13)
    for n, m, number in _people(size):
        chance = dice.random()
        status = "valid" if chance < 0.82 else "lapsed" if chance < 0.95 else "never_trained"
        first = (DAY - timedelta(days=int(chance * 700))).isoformat()
        yield key(PERSON, number), *_place(n, m), *_WORK, status, first, LATEST if status != "valid" else "2028-11-30"


def _completions(size: Size) -> Iterator[tuple[Any, ...]]:
    for _n, _m, number in _people(size):
        yield (
            key(OTHER + 6, number),
            key(PERSON, number),
            COURSE,
            (DAY - timedelta(days=number % 700)).isoformat(),
            "roster",
            EARLIER,
        )
