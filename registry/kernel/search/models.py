"""The words that stand in names, and their trigrams."""

from __future__ import annotations

from django.db import models

__all__ = ["SearchGram", "SearchWord"]


class SearchWord(models.Model):
    """A folded word that stands, or once stood, in some name. Never edited, never removed."""

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.text


class SearchGram(models.Model):
    """A word holds a trigram.

    A table instead of each engine's own index: a list of words is short (a tenth of the names), and
    one form means that both engines find the same rows.
    """

    pk = models.CompositePrimaryKey("gram", "word")
    gram = models.CharField(max_length=3)
    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="+", db_index=False)
