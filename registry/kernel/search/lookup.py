"""From the words that somebody typed to the words that stand in names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Value

from registry.kernel.search.models import SearchGram
from registry.kernel.search.rules import SHORTEST, WORD_LENGTH, grams_of, is_near, needed_grams


@dataclass
class Found:
    """Known words that hold a word, and those that may be it misspelt (itself among both)."""

    holding: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)

    @property
    def both(self) -> list[str]:
        """All of them, in order."""
        return sorted(self.holding | self.near)


def find(words: Sequence[str]) -> dict[str, Found]:
    """The known words for each of `words`; one query for them all.

    Which words count is told by the pair of words alone, so that no other name, seen or hidden, changes it.
    Words shorter than three letters are left out.
    """
    found = {word: Found() for word in words if len(word) >= SHORTEST}
    if not found:
        return found
    asked = list(found)
    parts = [_candidates(place, word) for place, word in enumerate(asked)]
    for place, known in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        word = asked[place]
        if word in known:
            found[word].holding.add(known)
        if is_near(word, known):
            found[word].near.add(known)
    return found


def beginning_with(word: str) -> tuple[str, str]:
    """The first and the last word that begin with `word`, for a comparison that an index answers.

    Words are letters a to z and digits, so that z is the last of them in every collation.
    """
    return word, word.ljust(WORD_LENGTH, "z")


def _candidates(place: int, word: str) -> QuerySet:
    """Known words that share enough trigrams with `word`."""
    return (
        SearchGram.objects.filter(gram__in=sorted(grams_of(word)))
        .order_by()
        .values("word")
        .annotate(place=Value(place), shared=Count("gram"))
        .filter(shared__gte=needed_grams(word))
        .values_list("place", "word")
    )
