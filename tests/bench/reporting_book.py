"""The part of the book that reporting reads: six years of contributions, and one group of 500 sites.

At scale 1: 10,000 companies × 6 years × 40 indicators, 2,400,000 rows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from codesign.companies.models import Site
from codesign.reporting import actions
from codesign.reporting.actions.questionnaires import SHIPPED
from codesign.reporting.models import (
    Contribution,
    Question,
    Questionnaire,
    Report,
    ReportingYear,
    SiteAnswer,
    SiteReturn,
)
from registry.kernel.audit.actor import SYSTEM
from tests.bench.book import AT, COUNTRIES, MEMBERSHIP, ORGANISATION, REPORT, key, stamp
from tests.bench.loading import load, unchecked

CODES = 40
YEARS = range(2020, 2026)
MEASURED = 2025
GROUP_SITES = 500
CONTRIBUTION, SITE_RETURN, SITE_ANSWER, GROUP_SITE = 20, 21, 22, 23
CATEGORIES = "hotel hotel_chain tour_operator travel_agency airline car_rental transport other".split()
GROUP = key(REPORT, 9_000_000_000)


def seed_reporting(companies: int) -> None:
    """Write it; the group answers the shipped second questionnaire."""
    content = json.loads((SHIPPED / "2.json").read_text(encoding="utf-8"))
    version = actions.load_questionnaire(content=content, actor=SYSTEM, at=AT)
    years = {row.year: row.pk for row in ReportingYear.objects.order_by("year")}
    for year in {*YEARS, 2026} - years.keys():
        row = ReportingYear.objects.create(
            year=year,
            questionnaire=version,
            opens_on=date(year + 1, 1, 1),
            due_on=date(year + 1, 3, 31),
            created_at=AT,
        )
        years[year] = row.pk
    ReportingYear.objects.filter(year=2026).update(questionnaire=version)
    with unchecked():
        load(
            Contribution,
            "id report_id reporting_year_id country_id category criterion_number indicator_code value part whole "
            "sites_in_scope sites_answering weight answering_weight",
            _contributions(companies, {year: pk.hex for year, pk in years.items()}),
        )
        _group(years[2026].hex, version)


def _contributions(companies: int, years: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    dice, number = random.Random(5), 0
    for n in range(companies):
        country, category = COUNTRIES[n % len(COUNTRIES)], CATEGORIES[n % len(CATEGORIES)]
        for year in YEARS:
            # Of the first year the book has no reports: its keys follow those of the others.
            report = key(REPORT, 5 * n + year % 5 if year > YEARS[0] else 8_000_000_000 + n)
            for code in range(CODES):
                value = None if dice.random() < 0.1 else dice.randrange(200)
                shares = (value, 200) if value is not None and code % 2 else (None, None)
                sites = (3, 0 if value is None else 3, 1, 0 if value is None else 1)
                where = (country, category, code % 6 + 1, f"indicator_{code:02d}")
                yield (key(CONTRIBUTION, number), report, years[year], *where, value, *shares, *sites)
                number += 1


def _group(year: str, version: Questionnaire) -> None:
    """A chain of 500 sites over all countries; each answers every figure that sites are asked."""
    dice = random.Random(6)
    questions = [
        (question.pk.hex, question.code)
        for question in Question.objects.filter(questionnaire=version, level="site", kind="number").order_by("position")
    ]
    yes = Question.objects.filter(questionnaire=version, level="cascading", kind="yes_no").order_by("position")
    questions += [(question.pk.hex, question.code) for question in yes]
    load(
        Report,
        "id company_id membership_id reporting_year_id state created_at is_by_site",
        [(GROUP, key(ORGANISATION, 0), key(MEMBERSHIP, 0), year, "draft", stamp(AT), 1)],
    )
    numbers = range(GROUP_SITES)
    load(
        Site,
        "id company_id name search_key country_id zone created_at",
        (
            (key(GROUP_SITE, n), key(ORGANISATION, 0), f"Place {n}", f"place {n}", COUNTRIES[n % 20], "UTC", stamp(AT))
            for n in numbers
        ),
    )
    load(
        SiteReturn,
        "id report_id reporting_year_id site_id country_id state created_at",
        (
            (key(SITE_RETURN, n), GROUP, year, key(GROUP_SITE, n), COUNTRIES[n % 20], "submitted", stamp(AT))
            for n in numbers
        ),
    )
    load(
        SiteAnswer,
        "id site_return_id question_id value number answered_at answered_by_label",
        (
            (
                key(SITE_ANSWER, n * len(questions) + m),
                key(SITE_RETURN, n),
                question,
                str(value := _value(code, dice)),
                value,
                stamp(AT),
                "site",
            )
            for n in numbers
            for m, (question, code) in enumerate(questions)
        ),
    )


def _value(code: str, dice: random.Random) -> int:
    return dice.randrange(2) if code.startswith(("has_", "trains_", "shows_")) else dice.randrange(10, 60)
