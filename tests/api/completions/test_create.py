"""POST /completions/ and its corrections."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codesign.training.models import Completion
from tests.factories.training import make_completion, make_course, make_staff, make_workplace, register, staff_item


@pytest.fixture
def site(db):
    site = make_workplace()
    make_course(code="basics")
    register(site, *(staff_item(site, f"A{n}") for n in range(20)))
    return site


def row(reference="A1", **more):
    return {"reference": reference, "course": "basics", "completed_on": "2026-05-04", **more}


def test_a_push_is_idempotent_and_tells_what_is_wrong(client_for, site):
    make_staff(reference="F1")
    system = client_for("company_system", organisation=site.company_id, scopes=["training:write"])
    rows = [row(), row("F1"), row(completed_on="31/05/2026"), row(surplus=1)]

    answers = [system.post("completions/", rows).json() for _ in range(2)]

    assert [[item["status"] for item in answer] for answer in answers] == [
        ["created", "error", "error", "error"],
        ["unchanged", "error", "error", "error"],
    ]
    assert [[fault["code"] for fault in item["errors"]] for item in answers[0]] == [
        [],
        ["unknown_reference"],
        ["invalid"],
        ["unknown_field"],
    ]
    assert list(Completion.objects.values_list("staff_member__reference", "source")) == [("A1", "company_system")]


def test_another_companys_push_changes_nothing(client_for, site):
    stranger = client_for("company_system", organisation=make_workplace().company_id)

    answer = stranger.post("completions/", [row(), row(company=site.company_id)]).json()

    assert [item["errors"][0]["code"] for item in answer] == ["unknown_reference"] * 2
    assert Completion.objects.count() == 0


def test_more_than_a_thousand_are_refused(client_for, site):
    response = client_for("company_editor", organisation=site.company_id).post("completions/", [row()] * 1001)

    assert (response.status_code, response.json()["code"]) == (413, "too_many_items")
    assert Completion.objects.count() == 0


def test_statements_do_not_grow_with_the_list(client_for, site):
    system = client_for("company_system", organisation=site.company_id)
    numbers = []
    for rows in ([row("A0")], [row(f"A{n}") for n in range(1, 20)]):
        with CaptureQueriesContext(connection) as queries:
            assert system.post("completions/", rows).status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_correction_answers_what_stands(client_for, site):
    completion = make_completion(on=date(2026, 5, 4))
    editor = client_for("company_editor", organisation=completion.staff_member.company_id)

    response = editor.post(
        f"completions/{completion.pk}/correct/", {"reason": "wrong_day", "completed_on": "2026-04-04"}
    )
    again = editor.post(f"completions/{completion.pk}/correct/", {"reason": "not_completed"})

    assert response.status_code == 200
    assert response.json()["completed_on"] == "2026-04-04"
    assert response.json()["corrects"]["id"] == str(completion.pk)
    assert (again.status_code, again.json()["code"]) == (409, "superseded")


def test_the_list_shows_own_completions_alone(client_for, site):
    completion = make_completion(on=date(2026, 5, 4))
    owner = client_for("company_viewer", organisation=completion.staff_member.company_id)
    other = client_for("company_viewer", organisation=site.company_id)

    assert [row["id"] for row in owner.get("completions/").json()["results"]] == [str(completion.pk)]
    assert other.get("completions/").json()["results"] == []
    assert other.get(f"completions/{completion.pk}/").status_code == 404
