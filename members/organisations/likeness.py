"""How likely two descriptions are of the same organisation. Pure: plain values in, a judgement out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models
from rapidfuzz import fuzz

from members.organisations.rules import SINGLE

MAX_CANDIDATES = 10
# Below this a candidate is not worth a look; from the second on one may be chosen, if no other is near it.
SHOWN_FROM = 0.6
CHOSEN_FROM = 0.9
CLEAR_LEAD = 0.05

LEGAL_FORMS = frozenset(
    "ab ag aisbl asbl asso bv bvba co corp ev gmbh inc kft limited llc ltd nv oy plc sa sarl sas sl spa srl vzw".split()
)


class MatchReason(models.TextChoices):
    """What speaks for or against a candidate."""

    SAME_IDENTIFIER = "same_identifier", "Bears the same identifier"
    OTHER_IDENTIFIER = "other_identifier", "Bears another identifier where there can be one only"
    SAME_WEBSITE = "same_website", "Has a website of the same domain"
    SAME_NAME = "same_name", "Bears the same name, accents and blanks aside"
    FORMER_NAME = "former_name", "Bore the name, or is known by it too"
    ACRONYM = "acronym", "Has the name as its acronym"
    SIMILAR_NAME = "similar_name", "Bears a similar name"
    SAME_COUNTRY = "same_country", "Has its seat in the same country"
    ACTIVE_THERE = "active_there", "Works in that country"
    OTHER_COUNTRY = "other_country", "Has its seat in another country"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is known of the organisation looked for. `key`: its name folded."""

    key: str
    country_id: str | None = None
    domain: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()


@dataclass(kw_only=True)
class Known:
    """An organisation of the register. `names`: folded text and kind of each that is current."""

    id: UUID
    display: str
    country_id: str | None = None
    domain: str = ""
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    names: list[tuple[str, str]] = field(default_factory=list)
    active_in: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Judgement:
    """A candidate, how likely it is the one (0 to 1), why, and whether no doubt is left."""

    known: Known
    score: float
    reasons: tuple[MatchReason, ...]
    is_certain: bool


def judge(asked: Asked, known: Known) -> Judgement:
    """Compare what was asked with one organisation."""
    alike, by_name = max(_names(asked.key, known.names), key=lambda found: found[0], default=(0.0, None))
    nearness, by_country = _country(asked.country_id, known)
    same_site = bool(asked.domain) and asked.domain == known.domain
    reasons = [by_name] if by_name else []
    reasons += [MatchReason.SAME_WEBSITE] if same_site else []
    reasons += [by_country] if by_country else []
    score = alike * nearness
    if same_site:
        score = min(0.99, max(score, SHOWN_FROM) + 0.2)
    if asked.identifiers & known.identifiers:
        return Judgement(known, 1.0, (MatchReason.SAME_IDENTIFIER, *reasons), True)
    if _contradict(asked.identifiers, known.identifiers):
        return Judgement(known, round(score / 2, 2), (MatchReason.OTHER_IDENTIFIER, *reasons), False)
    same_place = by_country is MatchReason.SAME_COUNTRY
    certain = (by_name is MatchReason.SAME_NAME and same_place) or (
        same_site and alike >= CHOSEN_FROM and by_country is not MatchReason.OTHER_COUNTRY
    )
    return Judgement(known, round(score, 2), tuple(reasons), certain)


def ranked(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those worth a look, the likeliest first."""
    worth = [judgement for judgement in judgements if judgement.is_certain or judgement.score >= SHOWN_FROM]
    return sorted(worth, key=lambda found: (not found.is_certain, -found.score, found.known.id))[:MAX_CANDIDATES]


def chosen(candidates: Sequence[Judgement]) -> Judgement | None:
    """The one that it is: the only certain one, or a likely one well ahead of the next; None in doubt."""
    if not candidates:
        return None
    first, second = candidates[0], candidates[1] if candidates[1:] else None
    if first.is_certain:
        return None if second and second.is_certain else first
    ahead = second is None or first.score - second.score >= CLEAR_LEAD
    return first if first.score >= CHOSEN_FROM and ahead else None


def core(key: str) -> str:
    """A folded name without the legal forms at its end: `hotel fictif nv` is `hotel fictif`."""
    words = key.split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _names(key: str, names: Iterable[tuple[str, str]]) -> Iterable[tuple[float, MatchReason]]:
    for text, kind in names:
        if key.replace(" ", "") == text.replace(" ", ""):
            if kind == "official":
                yield 1.0, MatchReason.SAME_NAME
            elif kind == "acronym":
                yield 0.8, MatchReason.ACRONYM
            else:
                yield 0.97, MatchReason.FORMER_NAME
        elif kind != "acronym":
            yield _alike(core(key), core(text)), MatchReason.SIMILAR_NAME


def _alike(asked: str, known: str) -> float:
    """0 to 0.97: spelt alike, the same words in another order, or (at most 0.85) one within the other."""
    spelt = max(fuzz.ratio(asked.replace(" ", ""), known.replace(" ", "")), fuzz.token_sort_ratio(asked, known))
    return max(0.97 * spelt, 0.85 * fuzz.token_set_ratio(asked, known)) / 100


def _country(asked: str | None, known: Known) -> tuple[float, MatchReason | None]:
    if not asked or not known.country_id:
        return 0.95, None
    if asked == known.country_id:
        return 1.0, MatchReason.SAME_COUNTRY
    if asked in known.active_in:
        return 0.95, MatchReason.ACTIVE_THERE
    return 0.75, MatchReason.OTHER_COUNTRY


def _contradict(asked: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> bool:
    theirs = {scheme for scheme, _ in known}
    return any(scheme in SINGLE and scheme in theirs for scheme, _ in asked)
