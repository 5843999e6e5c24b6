"""Who is meant: scores, reasons and the choice."""

from __future__ import annotations

from uuid import UUID

import pytest

from members.organisations.likeness import Asked, Known, chosen, core, judge, ranked

KEY = UUID(int=1)


def known(name: str = "reseau fictif", *, kind: str = "official", number: int = 1, **facts) -> Known:
    return Known(id=UUID(int=number), display=name, names=[(name, kind)], **{"country_id": "BE", **facts})


@pytest.mark.parametrize(
    ("asked", "candidate", "score", "reasons", "certain"),
    [
        ({}, known(), 1.0, ("same_name", "same_country"), True),
        ({"key": "reseaufictif"}, known(), 1.0, ("same_name", "same_country"), True),
        ({"country_id": None}, known(), 0.95, ("same_name",), False),
        ({"country_id": "FR"}, known(), 0.75, ("same_name", "other_country"), False),
        ({"country_id": "FR"}, known(active_in={"FR"}), 0.95, ("same_name", "active_there"), False),
        ({}, known(kind="former"), 0.97, ("former_name", "same_country"), False),
        ({"key": "rf"}, known("rf", kind="acronym"), 0.8, ("acronym", "same_country"), False),
        ({"key": "reseau fictif asbl"}, known(), 0.97, ("similar_name", "same_country"), False),
        ({"key": "fictif reseau"}, known(), 0.97, ("similar_name", "same_country"), False),
        ({"key": "reseau"}, known(), 0.85, ("similar_name", "same_country"), False),
        (
            {"key": "resau fictif", "domain": "fictif.example"},
            known(domain="fictif.example"),
            0.99,
            ("similar_name", "same_website", "same_country"),
            True,
        ),
        (
            {"key": "autre", "identifiers": frozenset({("lei", "A")})},
            known("maison", identifiers={("lei", "A")}),
            1.0,
            ("same_identifier", "similar_name", "same_country"),
            True,
        ),
        (
            {"identifiers": frozenset({("lei", "A")})},
            known(identifiers={("lei", "B")}),
            0.5,
            ("other_identifier", "same_name", "same_country"),
            False,
        ),
        (
            {"identifiers": frozenset({("company_number", "BE1")})},
            known(identifiers={("company_number", "FR1")}),
            1.0,
            ("same_name", "same_country"),
            True,
        ),
    ],
)
def test_what_speaks_for_a_candidate(asked, candidate, score, reasons, certain):
    judgement = judge(Asked(**{"key": "reseau fictif", "country_id": "BE", **asked}), candidate)

    assert (judgement.score, judgement.reasons, judgement.is_certain) == (score, reasons, certain)


def test_the_only_certain_one_is_chosen_and_of_two_none():
    asked = Asked(key="reseau fictif", country_id="BE")
    one = judge(asked, known())
    likely = judge(asked, known(kind="former", number=2))
    twin = judge(asked, known(number=3))

    assert chosen(ranked([likely, one])) is one
    assert chosen(ranked([likely, one, twin])) is None


def test_a_likely_one_is_chosen_when_no_other_is_near_it():
    asked = Asked(key="reseau fictif", country_id="BE")
    likely, rival = (judge(asked, known(kind="former", number=number)) for number in (1, 2))
    weak = judge(asked, known("reseau", number=3))

    assert chosen(ranked([weak, likely])) is likely
    assert (chosen(ranked([likely, rival])), chosen(ranked([weak])), chosen([])) == (None, None, None)


def test_what_is_hardly_alike_is_not_shown():
    assert ranked([judge(Asked(key="reseau fictif", country_id="BE"), known("maison du monde"))]) == []


def test_legal_forms_at_the_end_are_no_part_of_a_name():
    assert (core("hotel fictif nv sa"), core("sa"), core("gmbh fictif")) == ("hotel fictif", "sa", "gmbh fictif")
