"""GET /reports/, /reports/{id}/, check/ and preview/."""

from __future__ import annotations

import pytest

from tests.factories.reporting import make_complete_report, make_member, make_report, make_year

pytestmark = pytest.mark.django_db


def ids(response) -> set[str]:
    return {row["id"] for row in response.json()["results"]}


def test_a_report_shows_where_it_stands(secretariat):
    report = make_complete_report()

    body = secretariat.get(f"reports/{report.pk}/").json()

    assert body["company"]["id"] == str(report.company_id)
    wanted = {
        "country": "BE",
        "year": 2025,
        "state": "draft",
        "completeness_share": "1.00",
        "due_on": "2026-03-31",
        "days_late": 236,
        "first_submitted_at": None,
        "submitted_at": None,
    }
    assert {name: body[name] for name in wanted} == wanted
    assert [(row["code"], row["version"]) for row in body["sections"]] == [(f"criterion-{n}", 2) for n in range(1, 7)]


def test_lateness_follows_the_day_that_is_asked_about(secretariat):
    report = make_report()

    def late(day: str) -> tuple[int, str]:
        body = secretariat.get(f"reports/{report.pk}/", valid_on=day).json()
        return body["days_late"], body["lateness"]

    days = ("2026-03-31", "2026-04-01", "2026-06-29")
    assert [late(day) for day in days] == [(0, "pending"), (1, "overdue"), (90, "lapsed")]


def test_a_report_that_is_not_owed_is_never_late(secretariat):
    make_year(2025)
    report = make_report(membership=make_member(member_since="2025-06-01"))

    body = secretariat.get(f"reports/{report.pk}/").json()

    assert (body["due_on"], body["days_late"], body["lateness"]) == (None, None, None)


def test_filters_find_by_year_state_country_company_and_lateness(secretariat):
    belgian = make_complete_report()
    dutch = make_report(membership=make_member(country="NL", zone="Europe/Amsterdam"))
    path = f"reports/{belgian.pk}/"
    secretariat.post(f"{path}submit/", if_match=secretariat.get(path)["ETag"])
    both = {str(belgian.pk), str(dutch.pk)}

    def found(**filters) -> set[str]:
        response = secretariat.get("reports/", **filters)
        assert response.status_code == 200
        return ids(response)

    assert found(year=2025) == both
    assert found(year=2024) == set()
    assert found(state="submitted") == {str(belgian.pk)}
    assert found(state=["submitted", "draft"]) == both
    assert found(country="NL") == {str(dutch.pk)}
    assert found(company=str(dutch.company_id)) == {str(dutch.pk)}
    assert (found(late="true"), found(late="false")) == (both, set())
    assert found(valid_on="2026-03-31", late="true") == set()


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"late": "maybe"}, "?late"),
        ({"state": "lost"}, "?state"),
        ({"year": "x"}, "?year"),
        ({"company": "x"}, "?company"),
        ({"colour": "red"}, "?colour"),
        ({"ordering": "answers"}, "?ordering"),
    ],
)
def test_bad_parameters_are_named(secretariat, parameters, pointer):
    response = secretariat.get("reports/", **parameters)

    assert response.status_code == 400
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_each_role_lists_its_own(client_for, secretariat, auditor, evaluator, lcr_be, lcr_nl, anonymous):
    report = make_report()
    other = make_report()
    company = client_for("company_viewer", organisation=report.company_id)

    both = {str(report.pk), str(other.pk)}
    assert ids(company.get("reports/")) == {str(report.pk)}
    assert ids(lcr_be.get("reports/")) == both
    assert ids(lcr_nl.get("reports/")) == set()
    assert ids(secretariat.get("reports/")) == ids(auditor.get("reports/")) == both
    assert (evaluator.get("reports/").status_code, anonymous.get("reports/").status_code) == (403, 401)
    assert lcr_nl.get(f"reports/{report.pk}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_list(secretariat, django_assert_num_queries):
    make_report()
    secretariat.get("reports/")
    for _ in range(3):
        make_report()

    with django_assert_num_queries(3):
        secretariat.get("reports/")


def test_check_finds_errors_and_warnings_at_once(secretariat):
    report = make_report(answers={"criterion-2": {"staff_total": 5, "staff_trained": 6}})

    body = secretariat.get(f"reports/{report.pk}/check/").json()

    assert (body["is_ready"], body["completeness_share"]) == (False, "0.18")
    found = {(row["level"], row["question"], row["code"]) for row in body["findings"]}
    assert ("error", "staff_trained", "above_other_answer") in found
    assert ("error", "has_policy", "missing") in found
    assert ("warning", "contracts_ended", "unanswered") in found
    assert "policy_date" not in {question for _, question, _ in found}
    assert len(found) == 13


def test_preview_reads_the_whole_report_in_the_callers_language(client_for, auditor):
    report = make_complete_report()
    company = client_for("company_viewer", organisation=report.company_id)

    body = company.get(f"reports/{report.pk}/preview/", headers={"Accept-Language": "fr"}).json()

    assert (body["year"], body["state"], len(body["sections"])) == (2025, "draft", 6)
    assert body["sections"][3]["title"] == "Information des voyageurs"
    languages = body["sections"][3]["questions"][1]
    assert (languages["value"], languages["options"][4]) == (["fr", "nl"], {"code": "fr", "text": "Français"})
    assert auditor.get(f"reports/{report.pk}/preview/").status_code == 403
