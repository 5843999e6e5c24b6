"""The network's book: fictional organisations under several names, most of them members of the network.

At scale 1: 20,000 organisations, 60,000 names, 14,000 memberships over twenty years. A few words stand in
thousands of names, as they do in life.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from members.countries.actions import load_countries
from members.network.models import NetworkMembership
from members.organisations.models import Activity, Identifier, NameWord, Organisation, OrganisationName
from registry.kernel.search.models import SearchGram
from registry.kernel.search.rules import grams_of, words_of
from registry.kernel.text import search_key
from tests.bench.book import AT, COUNTRIES, ORGANISATION, OTHER, key, stamp
from tests.bench.loading import load, unchecked

EARLIER = stamp(AT - timedelta(days=300))
COMMON = "children rights foundation network protection centre association international youth hope".split()
REGIONS = "europe americas sub-saharan-africa middle-east-and-north-africa asia-and-the-pacific".split()
_SYLLABLES = "ba co di fu ga hi jo ka le mi no pa ru sa te vi wo xe yu zo".split()
NAMES_EACH = 3


def seed(organisations: int) -> None:
    """Fill an empty, migrated database."""
    load_countries()
    with unchecked():
        load(
            Organisation,
            "id kind name search_key country_id zone website domain is_demo created_at",
            (
                (_id(n), _kind(n), name, search_key(name), country_of(n), "UTC", site, site, 1, EARLIER)
                for n in range(organisations)
                for name, site in [(names_of(n)[0], f"org-{n}.example")]
            ),
        )
        _names(organisations)
        load(
            Identifier,
            "id organisation_id scheme value",
            ((key(OTHER, n), _id(n), "domain", f"org-{n}.example") for n in range(0, organisations, 2)),
        )
        load(
            Activity,
            "id organisation_id country_id recorded_at",
            ((key(OTHER, n), _id(n), COUNTRIES[(n + 7) % 20], EARLIER) for n in range(0, organisations, 5)),
        )
        load(
            NetworkMembership,
            "id organisation_id kind state region_id since confidence valid_from proven_from recorded_at",
            _memberships(organisations),
        )


def names_of(number: int) -> tuple[str, str, str]:
    """The official name, an alias and an acronym of one organisation: the same on every run."""
    dice = random.Random(number)
    own, other = (_word(dice) for _ in range(2))
    common = dice.sample(COMMON, 2)
    official = f"{own.capitalize()} {common[0].capitalize()} {other.capitalize()}"
    return official, f"{other.capitalize()} {common[1].capitalize()}", f"{own[:2]}{other[:2]}{number % 97}".upper()


def country_of(number: int) -> str:
    """Twenty countries, in turn."""
    return COUNTRIES[number % len(COUNTRIES)]


def is_member(number: int) -> bool:
    """Seven of ten."""
    return number // len(COUNTRIES) % 10 < 7


def misspelt(name: str) -> str:
    """The name as somebody remembers it: two letters of its longest word have changed places."""
    words = name.split()
    longest = max(words, key=len)
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return " ".join(wrong if word == longest else word for word in words)


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.choice((3, 3, 4))))


def _id(number: int) -> str:
    return key(ORGANISATION, number)


def _kind(number: int) -> str:
    return "ngo" if is_member(number) else "company"


def _names(organisations: int) -> None:
    known: set[str] = set()

    def rows() -> Iterator[tuple[str, ...]]:
        for n in range(organisations):
            for place, (text, kind) in enumerate(zip(names_of(n), ("official", "alias", "acronym"), strict=True)):
                yield _name_id(n, place), _id(n), text, search_key(text), kind, EARLIER

    def links() -> Iterator[tuple[str, str]]:
        for n in range(organisations):
            for place, text in enumerate(names_of(n)):
                words = words_of(search_key(text))
                known.update(words)
                yield from ((word, _name_id(n, place)) for word in words)

    load(OrganisationName, "id organisation_id text search_key kind recorded_at", rows())
    load(NameWord, "word name_id", links())
    load(SearchGram, "gram word", ((gram, word) for word in sorted(known) for gram in grams_of(word)))


def _name_id(number: int, place: int) -> str:
    return key(OTHER, number * NAMES_EACH + place)


@lru_cache(maxsize=1)
def _days() -> list[str]:
    first = date(2000, 1, 1)
    return [(first + timedelta(days=place)).isoformat() for place in range(0, 9000, 3)]


def _memberships(organisations: int) -> Iterator[tuple[object, ...]]:
    for n in filter(is_member, range(organisations)):
        day = _days()[n % len(_days())]
        confidence = "sourced_inferred" if n % 6 == 0 else "sourced"
        kind = ("full", "affiliate", "unknown")[n % 3]
        yield key(OTHER, n), _id(n), kind, "recorded", REGIONS[n % 5], day, confidence, day, day, EARLIER
