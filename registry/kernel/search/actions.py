"""Take words into the list."""

from __future__ import annotations

from collections.abc import Iterable

from registry.kernel.search.models import SearchGram, SearchWord
from registry.kernel.search.rules import grams_of, words_of

BATCH = 500


def learn(keys: Iterable[str]) -> dict[str, int]:
    """Know every word of the folded texts; their ids by word. Five statements for any text of a name.

    Call it inside the transaction that writes the names.
    """
    # In order, so that two writers of the same words wait for each other instead of locking each other out.
    words = sorted({word for key in keys for word in words_of(key)})
    known = _ids(words)
    if new := [word for word in words if word not in known]:
        SearchWord.objects.bulk_create((SearchWord(text=word) for word in new), BATCH, ignore_conflicts=True)
        added = _ids(new)
        grams = (SearchGram(gram=gram, word_id=added[word]) for word in new for gram in sorted(grams_of(word)))
        SearchGram.objects.bulk_create(grams, BATCH, ignore_conflicts=True)
        known |= added
    return known


def _ids(words: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(words), BATCH):
        part = words[start : start + BATCH]
        found |= dict(SearchWord.objects.filter(text__in=part).order_by("pk").values_list("text", "pk"))
    return found
