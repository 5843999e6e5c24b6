"""GET /training/forecast/ and /training/plan/."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.models import HeadCount
from codesign.training import figures
from codesign.training.forecasts import forecast
from tests.factories.training import (
    AT,
    complete,
    editor_of,
    load_default_requirements,
    make_course,
    make_staff,
    make_workplace,
)


@pytest.fixture
def hotel(db):
    """Ten people: four lapse on 5 May 2027, five on 2 June 2027, one in grace until 30 January 2027 and untrained."""
    load_default_requirements()
    site, course = make_workplace(name="North", heads=9), make_course()
    for number in range(4):
        complete(make_staff(site, reference=f"A{number}", language="fr"), course, date(2026, 5, 4))
    for number in range(5):
        complete(make_staff(site, reference=f"B{number}", language="nl"), course, date(2026, 6, 1))
    make_staff(site, reference="C0", hired_on=date(2026, 11, 1), language="nl")
    return site


@pytest.fixture
def editor(client_for, hotel):
    return client_for("company_editor", organisation=hotel.company_id)


def test_a_hotel_sees_when_it_falls_under_target(editor, hotel):
    answer = editor.get(
        "training/forecast/", scope=f"company:{hotel.company_id}", until="2027-06-30", step="month"
    ).json()

    seen = [(s["on"], s["in_scope"], s["in_grace"], s["valid"], s["lapsing"], s["share"]) for s in answer["steps"]]
    assert (answer["valid_on"], answer["first_day_under_target"]) == ("2026-11-22", "2027-05-05")
    assert seen[:3] == [
        ("2026-11-22", 10, 1, 9, 0, "1.00"),
        ("2026-12-22", 10, 1, 9, 0, "1.00"),
        ("2027-01-22", 10, 1, 9, 0, "1.00"),
    ]
    assert seen[-3:] == [
        ("2027-05-22", 10, 0, 5, 4, "0.50"),
        ("2027-06-22", 10, 0, 0, 5, "0.00"),
        ("2027-06-30", 10, 0, 0, 0, "0.00"),
    ]


def test_every_step_is_the_coverage_of_its_day(hotel):
    """Moves, leavers, a head count that ends and a site that closes, all of them known today."""
    other = make_workplace(hotel.company, name="South", heads=3, closed_on=date(2027, 4, 30))
    make_staff(other, left_on=date(2027, 2, 15))
    make_staff(other, role="driver", hired_on=date(2027, 1, 10))
    HeadCount.objects.filter(site=hotel).update(valid_until=date(2027, 3, 31))
    HeadCount.objects.create(site=hotel, staff_count=14, valid_from=date(2027, 4, 1), recorded_at=AT)
    scope = editor_of(hotel.company)

    found = forecast(scope, first=AT.date(), until=date(2027, 7, 31), step="day")

    assert len(found.steps) == 252
    for step in found.steps[::9]:
        assert [step.coverage] == figures.coverage(scope, on=step.on), step.on


def test_the_plan_names_the_fewest_and_by_when(editor, hotel):
    answer = editor.get("training/plan/", scope=f"site:{hotel.pk}", on="2027-05-31").json()

    assert (answer["share_without"], answer["share_with"], answer["target_share"]) == ("0.50", "0.80", "0.80")
    assert (answer["people"], answer["is_reachable"], answer["suppressed"]) == (3, True, False)
    assert [(s["language"], s["people"], s["sessions"], s["train_by"]) for s in answer["sessions"]] == [
        ("fr", 3, 1, "2027-05-04")
    ]
    assert {one["staff_member"]["display"] for one in answer["trainees"]} < {"A0", "A1", "A2", "A3"}
    assert {(one["train_from"], one["train_by"], one["status"]) for one in answer["trainees"]} == {
        ("2026-11-22", "2027-05-04", "lapsed")
    }


def test_at_the_target_nobody_needs_training(editor):
    answer = editor.get("training/plan/", on="2027-01-10", target="0.95").json()

    assert (answer["people"], answer["sessions"], answer["trainees"]) == (0, [], [])


def test_a_representative_reads_both_without_references(lcr_be, hotel):
    small = make_workplace(hotel.company, name="Small")
    make_staff(small, reference="S1")

    answer = lcr_be.get("training/plan/", scope=f"company:{hotel.company_id}", on="2027-06-30", target="1").json()

    assert (answer["people"], len(answer["trainees"])) == (11, 10)
    assert {(one["staff_member"]["display"], one["language"]) for one in answer["trainees"]} == {("", None)}
    assert {(s["site"] and s["site"]["display"], s["people"]) for s in answer["sessions"]} == {("North", 10), (None, 1)}
    hidden = [lcr_be.get(path, scope=f"site:{small.pk}", on="2027-06-30") for path in ("training/plan/",)]
    hidden.append(lcr_be.get("training/forecast/", scope=f"site:{small.pk}"))
    assert [response.json()["suppressed"] for response in hidden] == [True, True]
    assert hidden[0].json()["people"] is None
    assert {step["valid"] for step in hidden[1].json()["steps"]} == {None}


@pytest.mark.parametrize(
    ("path", "params", "pointer", "code"),
    [
        ("forecast", {"until": "2026-11-21"}, "?until", "out_of_range"),
        ("forecast", {"until": "2030-01-01"}, "?until", "out_of_range"),
        ("forecast", {"scope": "country:be"}, "?scope", "bad_scope"),
        ("forecast", {"scope": "company:x"}, "?scope", "unknown_reference"),
        ("forecast", {"scope": "site:0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11"}, "?scope", "unknown_reference"),
        ("plan", {}, "?on", "required"),
        ("plan", {"on": "2028-01-01"}, "?on", "out_of_range"),
    ],
)
def test_bad_questions_are_refused(editor, path, params, pointer, code):
    response = editor.get(f"training/{path}/", **params)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
