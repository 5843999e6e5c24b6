"""The trigrams of the words that stand in names."""

from __future__ import annotations

from django.db import models

from registry.kernel.search.rules import WORD_LENGTH

__all__ = ["SearchGram"]


class SearchGram(models.Model):
    """A folded word that stands, or once stood, in some name holds a trigram. Never edited, never removed.

    A table instead of each engine's own index: the words of names are far fewer than the names, the key
    alone answers the question, and one form means that both engines find the same rows.
    """

    pk = models.CompositePrimaryKey("gram", "word")
    gram = models.CharField(max_length=3)
    word = models.CharField(max_length=WORD_LENGTH)
