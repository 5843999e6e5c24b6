"""The plan of a company on the six criteria, in the wording of the day, with its progress."""

from __future__ import annotations

import pytest

from codesign.criteria.models import Criterion
from codesign.training.models import HeadCountSession
from tests.factories.companies import make_membership
from tests.factories.criteria import load_wordings, make_plan_action

pytestmark = pytest.mark.django_db
WORDS = {language: f"Policy ({language})" for language in ("en", "fr", "nl", "de", "es")}
WORDING = {"number": 1, "names": WORDS, "texts": WORDS, "effective_from": "2027-01-01"}


def test_progress_counts_what_was_verified_and_nothing_else(client_for, lcr_nl):
    load_wordings()
    membership = make_membership()
    for number, state in ((1, "verified"), (1, "verified"), (2, "done"), (2, "open"), (3, "open")):
        make_plan_action(membership=membership, criterion_number=number, state=state, due_on="2026-11-01")
    editor = client_for("company_viewer", organisation=membership.company)

    shown = editor.get(f"companies/{membership.company_id}/plan/", headers={"Accept-Language": "nl"}).json()

    assert shown["membership_id"] == str(membership.pk)
    assert [
        (row["number"], row["state"], row["planned"], row["done"], row["verified"], row["overdue"], len(row["actions"]))
        for row in shown["criteria"]
    ] == [
        (1, "met", 2, 2, 2, 0, 2),
        (2, "in_progress", 2, 1, 0, 1, 2),
        (3, "planned", 1, 0, 0, 1, 1),
        *((number, "none", 0, 0, 0, 0, 0) for number in (4, 5, 6)),
    ]
    assert shown["criteria"][0]["name"] == "Beleid en procedures"
    assert HeadCountSession.objects.count() == 0  # nothing that training counts is asked for a criterion
    assert lcr_nl.get(f"companies/{membership.company_id}/plan/").status_code == 404


def test_a_new_wording_holds_from_its_day_and_the_old_one_before(secretariat, anonymous):
    load_wordings()

    answer = secretariat.post("criteria/", WORDING)

    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    names = [
        anonymous.get("criteria/", valid_on=day, headers={"Accept-Language": "de"}).json()["results"][0]["name"]
        for day in ("2026-12-31", "2027-01-01")
    ]
    assert names == ["Richtlinie und Verfahren", "Policy (de)"]
    listed = anonymous.get("criteria/wordings/").json()
    assert [(row["number"], row["version"]) for row in listed][:2] == [(1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"effective_from": "2018-01-01"}, "/effective_from"),
        ({"texts": WORDS | {"nl": ""}}, "/texts/nl"),
        ({"names": {"en": "Policy"}}, "/names/fr"),
        ({"number": 7}, "/number"),
    ],
)
def test_half_a_wording_is_refused(secretariat, change, pointer):
    load_wordings()

    answer = secretariat.post("criteria/", WORDING | change)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert Criterion.objects.count() == 6
