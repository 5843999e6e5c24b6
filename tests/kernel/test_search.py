"""Words and how they may be misspelt."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.kernel.search import lookup
from registry.kernel.search.actions import learn
from registry.kernel.search.models import SearchGram
from registry.kernel.search.rules import allowed_edits, grams_of, is_near, needed_grams


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("reseau", "reseau", True),
        ("resau", "reseau", True),  # a letter missing
        ("ecapt", "ecpat", True),  # two letters swapped
        ("kinderschtz", "kinderschutz", True),
        ("kindrschtz", "kinderschutz", True),  # two errors in a long word
        ("rsau", "reseau", False),  # two errors in a short one
        ("paris", "maris", False),  # another first letter
        ("spa", "spy", False),  # too short for any error
    ],
)
def test_a_word_is_near_when_few_letters_differ(word, known, near):
    assert is_near(word, known) is near


@pytest.mark.parametrize(
    ("word", "edits", "grams"), [("spa", 0, 1), ("stop", 1, 1), ("enfants", 1, 3), ("kinderschutz", 2, 5)]
)
def test_longer_words_forgive_more_and_ask_for_more_trigrams(word, edits, grams):
    assert (allowed_edits(word), needed_grams(word)) == (edits, grams)


@pytest.mark.django_db
def test_words_are_learned_once_with_all_their_trigrams():
    learn(["reseau", "fictif", "fictif"])
    learn(["reseau"])

    assert set(SearchGram.objects.values_list("gram", "word")) == {
        (gram, word) for word in ("reseau", "fictif") for gram in grams_of(word)
    }


@pytest.mark.django_db
def test_the_words_meant_are_found_by_one_query():
    learn("hotels hotel hostel metropole metropolitan spa".split())

    with CaptureQueriesContext(connection) as queries:
        found = lookup.find(["hotel", "metropol", "sp"])

    assert len(queries) == 1
    assert {word: (words.holding, words.near) for word, words in found.items()} == {
        "hotel": ({"hotel", "hotels"}, {"hotel", "hotels", "hostel"}),
        "metropol": ({"metropole", "metropolitan"}, {"metropole"}),
    }


@pytest.mark.django_db
def test_nothing_to_look_for_costs_no_query():
    with CaptureQueriesContext(connection) as queries:
        assert lookup.find(["a", "de"]) == {}

    assert len(queries) == 0
