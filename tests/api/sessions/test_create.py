"""POST /sessions/, /sessions/{id}/tick/ and /staff/number/."""

from __future__ import annotations

import pytest

from codesign.training.models import Completion, HeadCountSession, StaffMember, StatusTile, TrainingSession
from tests.factories.training import (
    load_default_requirements,
    make_course,
    make_session,
    make_staff,
    make_workplace,
)


@pytest.fixture
def site(db):
    """A hotel with people 001 to 006."""
    load_default_requirements()
    site = make_workplace(name="North")
    for number in range(1, 7):
        make_staff(site, reference=f"{number:03}")
    return site


@pytest.fixture
def editor(client_for, site):
    return client_for("company_editor", organisation=site.company_id)


def body(site, course, *attended, **more):
    held = {"sites": [site.pk], "course": course.pk, "held_on": "2026-11-02", "language": "fr", "place": "Lobby"}
    return {**held, "attended": list(attended), **more}


def found(items):
    return [(item["index"], item["status"], [(f["pointer"], f["code"]) for f in item["errors"]]) for item in items]


def test_one_request_makes_the_session_and_a_completion_for_each_tick(editor, site):
    course, other = make_course(), make_workplace(site.company, name="South")
    make_staff(other, reference="101")

    response = editor.post("sessions/", body(site, course, "001", "002", "101", "999", "002"))

    answer = response.json()
    assert response.status_code == 201
    assert found(answer["attended"]) == [
        (0, "created", []),
        (1, "created", []),
        (2, "error", [("/attended/2", "other_site")]),
        (3, "error", [("/attended/3", "unknown_reference")]),
        (4, "unchanged", []),
    ]
    row = editor.get(answer["session"]["url"]).json()
    assert (row["attendance"], row["language"], row["place"], row["trainer"]) == (2, "fr", "Lobby", None)
    assert [covered["site"]["display"] for covered in row["sites"]] == ["North"]
    ticked = editor.get("completions/", session=row["id"]).json()["results"]
    assert {(c["staff_member"]["display"], c["source"], c["completed_on"]) for c in ticked} == {
        ("001", "session", "2026-11-02"),
        ("002", "session", "2026-11-02"),
    }
    assert StatusTile.objects.filter(status="valid", first_day="2026-11-02").count() == 2
    assert HeadCountSession.objects.count() == 0


def test_more_are_ticked_later_and_nobody_twice(editor, site):
    session = make_session(site)

    answers = [editor.post(f"sessions/{session.pk}/tick/", {"attended": ["001", "003"]}).json() for _ in range(2)]

    assert [found(answer) for answer in answers] == [
        [(0, "created", []), (1, "created", [])],
        [(0, "unchanged", []), (1, "unchanged", [])],
    ]
    assert Completion.objects.filter(session=session).count() == 2


def test_a_corrected_tick_counts_no_more(editor, site):
    session = make_session(site)
    (item,) = editor.post(f"sessions/{session.pk}/tick/", {"attended": ["001"]}).json()

    editor.post(f"completions/{item['id']}/correct/", {"reason": "not_completed"})

    assert editor.get(f"sessions/{session.pk}/").json()["attendance"] == 0


def test_from_outside_few_ticks_are_no_number(editor, site, lcr_be, lcr_nl, secretariat):
    session = make_session(site)
    seen = []
    for reference in ("001", "002", "003", "004", "005"):
        editor.post(f"sessions/{session.pk}/tick/", {"attended": [reference]})
        seen.append(lcr_be.get(f"sessions/{session.pk}/").json()["attendance"])

    assert seen == [None, None, None, None, 5]
    assert secretariat.get("sessions/").json()["results"][0]["attendance"] == 5
    assert lcr_nl.get(f"sessions/{session.pk}/").status_code == 404


def test_a_representative_holds_a_session_and_the_company_ticks(editor, lcr_be, site):
    response = lcr_be.post("sessions/", body(site, make_course(), "001"))

    answer = response.json()
    assert found(answer["attended"]) == [(0, "error", [("/attended/0", "unknown_reference")])]
    (tick,) = editor.post(f"sessions/{answer['session']['id']}/tick/", {"attended": ["001"]}).json()
    assert tick["status"] == "created"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"held_on": "2026-11-23"}, "/held_on", "in_future"),
        ({"sites": ["0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11"]}, "/sites", "unknown_reference"),
        ({"sites": []}, "/sites", "min_length"),
    ],
)
def test_a_bad_session_is_refused_whole(editor, site, change, pointer, code):
    response = editor.post("sessions/", body(site, make_course(), "001", **change))

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (TrainingSession.objects.count(), Completion.objects.count()) == (0, 0)


def test_a_hotel_without_numbers_gets_a_list_and_ticks_it(client_for, db):
    load_default_requirements()
    site = make_workplace()
    make_staff(site, reference="104233")
    editor = client_for("company_editor", organisation=site.company_id)
    asked = {"site": site.pk, "role": "housekeeping", "hired_on": "2026-11-01", "count": 3}

    first, second = (editor.post("staff/number/", asked) for _ in range(2))
    ticks = editor.post("sessions/", body(site, make_course(), "001", "005")).json()["attended"]

    numbers = [[row["reference"] for row in response.json()] for response in (first, second)]
    assert (first.status_code, numbers) == (201, [["001", "002", "003"], ["004", "005", "006"]])
    assert [tick["status"] for tick in ticks] == ["created", "created"]
    assert StaffMember.objects.filter(role="housekeeping", hired_on="2026-11-01").count() == 6
