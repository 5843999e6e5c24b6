"""Who is in the demo book and what happened to each, day by day. Fixed days: every run tells the same story.

Written to look alive on 22 November 2026, on 1 March 2027 (reports for 2026 fall due a month later)
and on 1 March 2028 (yearly training has lapsed).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

FIRST_YEAR = 2024
YEARLY = date(2026, 9, 15)  # the last training of those who train every year


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happens on a day: a verb of `playing` with what it needs."""

    day: date
    verb: str
    given: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site: the company's code for it, how many people the roster names, how many it says work there."""

    name: str
    code: str
    staff: int = 0
    head_count: int = 0
    kind: str = "hotel"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One company with its places and its diary. `language` is that of its reporting officer."""

    name: str
    domain: str
    category: str
    band: str
    language: str
    places: tuple[Place, ...] = ()
    diary: tuple[Entry, ...] = ()

    def copy(self, number: int) -> Story:
        """The same story of another company."""
        return replace(self, name=self.name.replace("(DEMO)", f"{number} (DEMO)"), domain=f"n{number}.{self.domain}")


def on(day: str, verb: str, **given: Any) -> Entry:
    """An entry of a diary."""
    return Entry(day=date.fromisoformat(day), verb=verb, given=given)


def applies(day: str, *, until: str = "approve") -> tuple[Entry, ...]:
    """An application in its usual rhythm, as far as `until`."""
    start = date.fromisoformat(day)
    steps = {"open": 0, "submit": 1, "submit_plan": 22, "endorse": 38, "approve": 43}
    entries = [Entry(day=start + timedelta(days=after), verb=verb, given={}) for verb, after in steps.items()]
    return tuple(entries[: [*steps].index(until) + 1])


def joins(day: str) -> tuple[Entry, ...]:
    """From the first step to membership in two months."""
    start = date.fromisoformat(day)
    last = (("pay", 55), ("sign", 61))
    return (*applies(day), *(Entry(day=start + timedelta(days=after), verb=verb, given={}) for verb, after in last))


def pays(*years: int) -> tuple[Entry, ...]:
    """The yearly fee: asked for in January, paid in February."""
    return tuple(entry for year in years for entry in (on(f"{year}-01-15", "invoice"), on(f"{year}-02-09", "pay")))


def trains(share: float, *days: date) -> tuple[Entry, ...]:
    """A roster and trainings of that share of the staff."""
    first = Entry(day=min(days) - timedelta(days=30), verb="roster", given={})
    return (first, *(Entry(day=day, verb="train", given={"share": share}) for day in days))


def reports(year: int, day: str, *moves: tuple[str, str]) -> tuple[Entry, ...]:
    """A report handed in on `day`, and what the reviewer did with it."""
    reviewed = (on(moved, "review", year=year, move=move) for move, moved in moves)
    return (on(day, "report", year=year), *reviewed)


ACCEPTED_2024 = reports(2024, "2025-03-12", ("accept", "2025-04-16"), ("publish", "2025-05-20"))
TRAINED = (date(2024, 9, 17), date(2025, 9, 16), YEARLY)

STORIES: tuple[Story, ...] = (
    Story(
        name="Fictif Hotels (DEMO)",
        domain="fictif-hotels.example",
        category="hotel_chain",
        band="to_50m",
        language="nl",
        places=(
            Place(name="Fictif Brussel Centrum", code="BXL", staff=44, head_count=44),
            Place(name="Fictif Antwerpen Haven", code="ANR", staff=31, head_count=33),
            Place(name="Fictif Gent Leie", code="GNT", staff=18, head_count=18),
        ),
        diary=(
            *joins("2022-10-03"),
            *pays(2023, 2024, 2025, 2026),
            *trains(0.96, *TRAINED),
            on("2025-06-12", "progress", share=0.7),
            on("2026-10-12", "turnover", hired=6, left=3),
            *ACCEPTED_2024,
            *reports(2025, "2026-02-24", ("accept", "2026-04-02"), ("publish", "2026-05-11")),
        ),
    ),
    Story(
        name="Hôtel Fictif du Parc (DEMO)",
        domain="hotel-fictif-du-parc.example",
        category="hotel",
        band="to_2_5m",
        language="fr",
        places=(Place(name="Hôtel Fictif du Parc", code="PARC", staff=26, head_count=26),),
        diary=(
            *joins("2023-02-06"),
            *pays(2024, 2025, 2026),
            *trains(0.96, *TRAINED),
            on("2026-03-03", "progress", share=0.5),
            on("2026-11-02", "turnover", hired=2, left=1),
            *ACCEPTED_2024,
            *reports(2025, "2026-03-19", ("accept", "2026-05-05")),
        ),
    ),
    Story(
        name="Chambres Fictives de Namur (DEMO)",
        domain="chambres-fictives.example",
        category="hotel",
        band="to_500k",
        language="fr",
        places=(Place(name="Chambres Fictives", code="NAM", staff=12, head_count=12),),
        diary=(
            *joins("2023-09-04"),
            *pays(2024, 2025),
            on("2026-01-15", "invoice"),
            *trains(1.0, date(2025, 9, 18), YEARLY),
            *ACCEPTED_2024,
            *reports(2025, "2026-03-30", ("return", "2026-11-03")),
        ),
    ),
    Story(
        name="Hotel Fictief aan Zee (DEMO)",
        domain="fictief-aan-zee.example",
        category="hotel",
        band="to_2_5m",
        language="nl",
        places=(Place(name="Hotel Fictief aan Zee", code="ZEE", staff=21, head_count=21),),
        diary=(
            *joins("2023-10-09"),
            *pays(2024, 2025, 2026),
            *trains(0.97, date(2025, 9, 23), YEARLY),
            *ACCEPTED_2024,
            on("2026-03-20", "extend", year=2025, until="2026-10-31", reason="The house changed hands in February."),
        ),
    ),
    Story(
        name="Fictif Tours (DEMO)",
        domain="fictif-tours.example",
        category="tour_operator",
        band="to_50m",
        language="fr",
        places=(Place(name="Fictif Tours Bruxelles", code="TRS", staff=17, head_count=17, kind="office"),),
        diary=(
            *joins("2024-03-04"),
            *pays(2025, 2026),
            *trains(1.0, date(2025, 9, 25), YEARLY),
            on("2026-03-25", "draft_report", year=2025),
        ),
    ),
    Story(
        name="Reisbureau Fictief (DEMO)",
        domain="reisbureau-fictief.example",
        category="travel_agency",
        band="to_500k",
        language="nl",
        places=(Place(name="Reisbureau Fictief Leuven", code="LEU", head_count=9, kind="agency"),),
        diary=(
            *joins("2024-04-15"),
            *pays(2025, 2026),
            *reports(2025, "2026-03-27", ("accept", "2026-05-19")),
        ),
    ),
    Story(
        name="Hostel Fictief Gent (DEMO)",
        domain="hostel-fictief.example",
        category="hotel",
        band="to_500k",
        language="en",
        places=(Place(name="Hostel Fictief Gent", code="HFG", staff=19, head_count=23),),
        diary=(
            *joins("2024-05-06"),
            *pays(2025, 2026),
            *trains(0.6, date(2026, 2, 17), YEARLY),
            *reports(2025, "2026-10-05"),
        ),
    ),
    Story(
        name="Autocars Fictifs (DEMO)",
        domain="autocars-fictifs.example",
        category="transport",
        band="to_2_5m",
        language="fr",
        places=(Place(name="Dépôt Fictif Liège", code="LGG", staff=15, head_count=15, kind="other"),),
        diary=(
            *joins("2023-05-08"),
            *pays(2024, 2025, 2026),
            *trains(0.5, date(2024, 10, 1)),
            *ACCEPTED_2024,
            on("2026-05-04", "warn", kind="report_overdue"),
            on("2026-06-08", "warn", kind="report_overdue"),
            on("2026-08-24", "suspend", ground="report_lapsed"),
        ),
    ),
    Story(
        name="Fictief Rent-a-Car (DEMO)",
        domain="fictief-rent.example",
        category="car_rental",
        band="to_50m",
        language="en",
        places=(Place(name="Fictief Rent Zaventem", code="ZAV", head_count=30, kind="office"),),
        diary=(
            *joins("2022-03-07"),
            *pays(2023, 2024, 2025),
            on("2025-05-02", "warn", kind="report_overdue"),
            on("2025-06-05", "warn", kind="report_overdue"),
            on("2025-08-18", "suspend", ground="report_lapsed"),
            on("2025-10-01", "warn", kind="warning"),
            on("2025-11-05", "warn", kind="warning"),
            on("2026-01-19", "terminate", ground="report_lapsed"),
        ),
    ),
    Story(
        name="Congres Fictief (DEMO)",
        domain="congres-fictief.example",
        category="meetings",
        band="to_500k",
        language="nl",
        places=(Place(name="Congres Fictief Mechelen", code="MEC", head_count=6, kind="office"),),
        diary=(*joins("2024-06-03"), *pays(2025, 2026), on("2026-03-02", "resign")),
    ),
    Story(
        name="Auberge Fictive des Ardennes (DEMO)",
        domain="auberge-fictive.example",
        category="hotel",
        band="to_500k",
        language="fr",
        places=(Place(name="Auberge Fictive", code="ARD", head_count=8),),
        diary=applies("2026-11-12", until="open"),
    ),
    Story(
        name="Apart Fictif (DEMO)",
        domain="apart-fictif.example",
        category="hotel",
        band="to_2_5m",
        language="en",
        places=(Place(name="Apart Fictif Ixelles", code="IXL", head_count=14),),
        diary=applies("2026-11-05", until="submit"),
    ),
    Story(
        name="Hotel Fictief Brugge (DEMO)",
        domain="fictief-brugge.example",
        category="hotel",
        band="to_2_5m",
        language="nl",
        places=(Place(name="Hotel Fictief Brugge", code="BRG", head_count=27),),
        diary=applies("2026-10-05", until="endorse"),
    ),
    Story(
        name="Voyages Fictifs (DEMO)",
        domain="voyages-fictifs.example",
        category="tour_operator",
        band="to_2_5m",
        language="fr",
        places=(Place(name="Voyages Fictifs Mons", code="MONS", head_count=11, kind="agency"),),
        diary=(*applies("2026-09-21", until="submit_plan"), on("2026-10-27", "request_changes")),
    ),
    Story(
        name="Fictief Airways (DEMO)",
        domain="fictief-airways.example",
        category="airline",
        band="above_50m",
        language="en",
        places=(Place(name="Fictief Airways Zaventem", code="FAW", head_count=240, kind="office"),),
        diary=applies("2026-08-31"),
    ),
    Story(
        name="Péniche Fictive (DEMO)",
        domain="peniche-fictive.example",
        category="hotel",
        band="to_500k",
        language="fr",
        places=(Place(name="Péniche Fictive", code="PEN", head_count=5),),
        diary=(*applies("2026-08-17"), on("2026-10-12", "pay")),
    ),
    Story(
        name="Camping Fictif (DEMO)",
        domain="camping-fictif.example",
        category="hotel",
        band="to_500k",
        language="fr",
        places=(Place(name="Camping Fictif", code="CAMP", head_count=7),),
        diary=(*applies("2025-08-04"), on("2026-10-06", "expire")),
    ),
    Story(
        name="Conseil Fictif (DEMO)",
        domain="conseil-fictif.example",
        category="other",
        band="to_500k",
        language="fr",
        diary=(*applies("2026-05-11", until="submit"), on("2026-06-15", "reject", reason="not_in_tourism")),
    ),
    Story(
        name="Taxi Fictief (DEMO)",
        domain="taxi-fictief.example",
        category="transport",
        band="to_500k",
        language="nl",
        diary=(*applies("2026-04-20", until="submit"), on("2026-05-26", "withdraw")),
    ),
)
