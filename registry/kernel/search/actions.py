"""Take words into the list."""

from __future__ import annotations

from collections.abc import Iterable

from registry.kernel.search.models import SearchGram
from registry.kernel.search.rules import grams_of

BATCH = 400


def learn(words: Iterable[str]) -> None:
    """Know these words from now on. One statement for the words of a name.

    Call it inside the transaction that writes the name.
    """
    # In order, so that two writers of the same words wait for each other instead of locking each other out.
    rows = sorted((gram, word) for word in set(words) for gram in grams_of(word))
    grams = (SearchGram(gram=gram, word=word) for gram, word in rows)
    SearchGram.objects.bulk_create(grams, BATCH, ignore_conflicts=True)
