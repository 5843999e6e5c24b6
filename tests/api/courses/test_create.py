"""/courses/ and /head-count-sessions/."""

from __future__ import annotations

from codesign.training.models import Course, HeadCountSession
from tests.factories.training import make_course, make_workplace

BODY = {"code": "basics", "names": {"en": "Basics", "fr": "Les bases"}, "kind": "elearning", "provider": "lcr"}


def test_the_secretariat_adds_courses_for_everyone(secretariat, client_for):
    created = secretariat.post("courses/", BODY)
    twice = secretariat.post("courses/", BODY)

    assert (created.status_code, created.json()["company"], twice.status_code) == (201, None, 409)
    listed = client_for("company_viewer").get("courses/", headers={"Accept-Language": "fr"}).json()["results"]
    assert [row["name"] for row in listed] == ["Les bases"]


def test_a_company_adds_its_own_and_others_do_not_see_it(client_for):
    company = make_workplace().company
    editor = client_for("company_editor", organisation=company.pk)

    created = editor.post("courses/", {**BODY, "company": company.pk})
    without = editor.post("courses/", {**BODY, "code": "other"})
    changed = editor.patch(f"courses/{created.json()['id']}/", {"duration_minutes": 45})
    foreign = client_for("company_editor").get("courses/")

    assert (created.status_code, without.status_code) == (201, 400)
    assert changed.json()["duration_minutes"] == 45
    assert foreign.json()["results"] == []
    assert Course.objects.count() == 1


def test_a_companys_editor_leaves_everyones_course_alone(client_for):
    course = make_course(duration_minutes=30)

    response = client_for("company_editor").patch(f"courses/{course.pk}/", {"duration_minutes": 45})

    assert (response.status_code, response.json()["code"]) == (409, "not_yours_to_change")
    course.refresh_from_db()
    assert course.duration_minutes == 30


def test_a_session_by_heads_is_noted_once(client_for):
    site, course = make_workplace(), make_course()
    editor = client_for("company_editor", organisation=site.company_id)
    body = {"site": site.pk, "course": course.pk, "held_on": "2026-05-04", "attendance": 25}

    created, twice = editor.post("head-count-sessions/", body), editor.post("head-count-sessions/", body)

    assert (created.status_code, created.json()["attendance"], twice.status_code) == (201, 25, 409)
    assert HeadCountSession.objects.get().company_id == site.company_id
