"""Which words count as the same word misspelt. Pure: folded text in, no database."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from registry.kernel.text import search_key

MAX_WORDS = 10
WORD_LENGTH = 64
# Shorter than this a word has no trigram of its own and is looked for at the beginning of words.
SHORTEST = 3


def words_of(key: str) -> list[str]:
    """The distinct words of a folded text, in their order."""
    return list(dict.fromkeys(word[:WORD_LENGTH] for word in key.split()))


def written_words(text: str) -> list[str]:
    """The words under which a text is found: as folded, and whole where a sign parts one that people write as one.

    >>> written_words("Don't Look (A)way")
    ['don', 't', 'look', 'a', 'way', 'dont', 'away']
    """
    whole = (search_key(part).replace(" ", "") for part in text.split() if " " in search_key(part))
    return list(dict.fromkeys([*words_of(search_key(text)), *(word[:WORD_LENGTH] for word in whole)]))


def grams_of(word: str) -> set[str]:
    """The trigrams of a word with a blank on either side, so that its ends count too.

    >>> sorted(grams_of("stop"))
    [' st', 'op ', 'sto', 'top']
    """
    padded = f" {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def allowed_edits(word: str) -> int:
    """Letters that may be wrong, missing, surplus or swapped: none below 4 letters, one below 8, else two."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def needed_grams(word: str) -> int:
    """Trigrams that another word has to share before it is compared: a swap spoils four of them, an edit three.

    Two swaps in one word may spoil more: such a word is not found, the same on every engine.
    """
    spoilt = (0, 4, 7)[allowed_edits(word)]
    return max(1, min(len(grams_of(word)) - spoilt, len(word) - 2))


def is_near(word: str, known: str) -> bool:
    """Whether `known` may be `word` misspelt. The first letter has to agree: nearly nobody errs there."""
    edits = allowed_edits(word)
    return known[:1] == word[:1] and OSA.distance(word, known, score_cutoff=edits) <= edits
