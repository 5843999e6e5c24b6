"""From the words that somebody typed to the words that stand in names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Value

from registry.kernel.search.models import SearchGram
from registry.kernel.search.rules import SHORTEST, grams_of, is_near, needed_grams


@dataclass
class Found:
    """Ids of known words: those that hold the word, and those that may be it misspelt (itself among both)."""

    holding: set[int] = field(default_factory=set)
    near: set[int] = field(default_factory=set)

    @property
    def both(self) -> list[int]:
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
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    for place, key, text in rows.values_list("place", "word_id", "word__text"):
        word = asked[place]
        if word in text:
            found[word].holding.add(key)
        if is_near(word, text):
            found[word].near.add(key)
    return found


def _candidates(place: int, word: str):  # type: ignore[no-untyped-def]
    """Known words that share enough trigrams with `word`."""
    return (
        SearchGram.objects.filter(gram__in=sorted(grams_of(word)))
        .order_by()
        .values("word_id", "word__text")
        .annotate(place=Value(place), shared=Count("gram"))
        .filter(shared__gte=needed_grams(word))
        .values("place", "word_id", "word__text")
    )
