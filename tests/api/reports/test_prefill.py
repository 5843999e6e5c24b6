"""What a year's report says before anybody answers, from where, and what is compared with the year before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from codesign.companies.models import HeadCount, VoluntourismDeclaration
from codesign.reporting import actions
from codesign.reporting.models import Answer, Report, SiteAnswer
from registry.kernel.audit.actor import SYSTEM
from tests.factories.companies import make_site
from tests.factories.criteria import make_evidence, make_plan_action
from tests.factories.reporting import (
    GROUP_ANSWERS,
    OPENED_AT,
    answer_site,
    make_member,
    make_year,
    returns_of,
)
from tests.factories.training import complete, make_course, make_requirement, make_staff

pytestmark = pytest.mark.django_db
A_YEAR_BEFORE = datetime(2025, 1, 2, 8, tzinfo=UTC)
# Complete for a company without returns of sites, in the second and third questionnaire.
YEAR_2024: dict[str, dict[str, Any]] = {
    **GROUP_ANSWERS,
    "criterion-2": {"staff_total": 10, "staff_trained": 4, "training_languages": ["nl"]},
    "criterion-3": {"contracts_total": 40, "contracts_with_clause": 31, "suppliers_informed": 9},
    "criterion-4": {"travellers_informed": 1000, "material_languages": ["nl", "fr"], "material_items": 5},
    "criterion-5": {"stakeholder_actions": 2, "stakeholders": ["civil_society"], "given_amount": 120.5},
    "criterion-6": {"sites_in_scope": 1, "sites_answering": 1, "sites_committed": 1},
}


def begin(member: Any, year: int, at: datetime, **options: Any) -> Report:
    return actions.create(company_id=member.company_id, year=year, actor=SYSTEM, at=at, **options)


def say(report: Report, at: datetime, **sections: dict[str, Any]) -> None:
    for section, answers in sections.items():
        actions.answer_section(
            report_id=report.pk,
            section=section.replace("_", "-"),
            answers=answers,
            expected_version=None,
            actor=SYSTEM,
            at=at,
        )


def reported(member: Any, **changes: Any) -> Report:
    """The report of 2024, handed in."""
    make_year(2024, version=2, at=A_YEAR_BEFORE)
    report = begin(member, 2024, A_YEAR_BEFORE, by_site=False)
    for section, answers in YEAR_2024.items():
        known = {code: changes.get(code, value) for code, value in answers.items()}
        say(report, A_YEAR_BEFORE, **{section: known})
    return actions.submit(report_id=report.pk, expected_version=None, actor=SYSTEM, at=A_YEAR_BEFORE)


def questions(client: Any, report: Report) -> dict[str, dict[str, Any]]:
    sections = client.get(f"reports/{report.pk}/preview/").json()["sections"]
    return {question["code"]: question for section in sections for question in section["questions"]}


def save(client: Any, report: Report, section: str, answers: Any, **more: Any) -> Any:
    path = f"reports/{report.pk}/sections/{section}/"
    return client.patch(path, {"answers": answers, **more}, if_match=client.get(path)["ETag"])


def errors(client: Any, report: Report) -> list[tuple[str, str]]:
    found = client.get(f"reports/{report.pk}/check/").json()["findings"]
    return [(one["question"], one["code"]) for one in found if one["level"] == "error"]


def recorded_year() -> Any:
    """A hotel in whose year of 2025 every source has something to say."""
    make_requirement()
    member = make_member()
    site = make_site(company=member.company, name="Seaside")
    HeadCount.objects.create(site=site, staff_count=14, valid_from=date(2025, 2, 1), recorded_at=OPENED_AT)
    course = make_course()
    trained, leaves = (make_staff(site, at=OPENED_AT, hired_on=date(2024, 1, 1)) for _ in range(2))
    make_staff(site, at=OPENED_AT, hired_on=date(2024, 1, 1))
    complete(trained, course, date(2025, 5, 4), at=OPENED_AT)
    # Too long ago to count on the last day of the year.
    complete(leaves, course, date(2023, 5, 4), at=OPENED_AT)
    for number, done_on in enumerate([date(2025, 3, 1), date(2025, 12, 31), date(2024, 12, 31), None]):
        state = "open" if done_on is None else "done"
        action = make_plan_action(state=state, membership=member, criterion_number=5, done_on=done_on)
        if number in {0, 2}:
            make_evidence(action)
        if number == 1:
            make_evidence(action, link="", title="", redacted_at=OPENED_AT, redaction_reason="names_a_person")
    VoluntourismDeclaration.objects.create(
        company=member.company,
        year=2025,
        offers_volunteering=True,
        offers_residential_care=False,
        measures=["We end these tours.", "We tell our guests why."],
        declared_on=date(2025, 6, 1),
        declared_by_label="company_editor",
        recorded_at=OPENED_AT,
    )
    return member


def test_a_report_is_filled_in_from_all_that_the_year_recorded_with_its_origins(client_for):
    member = recorded_year()
    reported(member)
    make_year(2025, version=3)
    company = client_for("company_editor", organisation=member.company_id)

    created = company.post("reports/", {"company": str(member.company_id), "year": 2025}).json()
    report = Report.objects.get(pk=created["id"])

    shown = questions(company, report)
    assert {code: (one["origin"], one["value"]) for code, one in shown.items() if one["value"] is not None} == {
        "has_policy": ("last_year", True),
        "policy_date": ("last_year", "2024-05-01"),
        "offers_voluntourism": ("declaration", True),
        "voluntourism_measures": ("declaration", "We end these tours.\nWe tell our guests why."),
        "staff_total": ("head_counts", 14),
        "staff_trained": ("training", 1),
        "training_languages": ("last_year", ["nl"]),
        "material_languages": ("last_year", ["fr", "nl"]),
        "stakeholder_actions": ("plan", 2),
        "stakeholder_actions_shown": ("evidence", 1),
        "stakeholders": ("last_year", ["civil_society"]),
        "sites_in_scope": ("sites", 1),
        "sites_committed": ("last_year", 1),
    }
    # Nobody said any of it yet, and what must be entered afresh is empty however well it was known last year.
    assert {one["answered_by"] for one in shown.values() if one["value"] is not None} == {"system"}
    fresh = {"contracts_with_clause": 31, "suppliers_informed": 9, "material_items": 5, "given_amount": 120.5}
    assert {code: (shown[code]["value"], shown[code]["last_year"]) for code in fresh} == {
        code: (None, before) for code, before in fresh.items()
    }
    # Two thirds of what a hotel must answer.
    required = [one for one in shown.values() if one["is_required"] and one["is_asked"]]
    assert (len([one for one in required if one["value"] is not None]), len(required)) == (9, 13)


def test_what_was_filled_in_is_somebodys_once_it_was_saved_and_stays_so(client_for):
    member = recorded_year()
    make_year(2025, version=3)
    report, company = begin(member, 2025, OPENED_AT), client_for("company_editor", organisation=member.company_id)

    save(company, report, "criterion-2", {"staff_total": 14, "staff_trained": 3})
    VoluntourismDeclaration.objects.update(offers_volunteering=False)
    assert company.post(f"reports/{report.pk}/prefill/").status_code == 200

    shown = questions(company, report)
    assert {code: (shown[code]["origin"], shown[code]["value"]) for code in ("staff_total", "staff_trained")} == {
        "staff_total": ("", 14),
        "staff_trained": ("", 3),
    }
    # What nobody claimed follows the register.
    assert (shown["offers_voluntourism"]["origin"], shown["offers_voluntourism"]["value"]) == ("declaration", False)


def test_what_nobody_recorded_stays_unknown_and_never_zero(client_for):
    member = make_member()
    make_year(2025, version=3)

    report = begin(member, 2025, OPENED_AT)

    assert not Answer.objects.filter(report=report).exists()


def test_last_years_figure_stands_beside_this_years_but_for_what_was_passed_on(client_for):
    member = recorded_year()
    reported(member)
    make_year(2025, version=3)
    report, company = begin(member, 2025, OPENED_AT), client_for("company_editor", organisation=member.company_id)
    save(company, report, "passed-on", {"passed_on": {"police": 900, "helpline": 0}})

    shown = questions(company, report)

    assert (shown["contracts_total"]["value"], shown["contracts_total"]["last_year"]) == (None, 40)
    assert (shown["passed_on"]["value"], shown["passed_on"]["last_year"]) == ({"police": 900, "helpline": 0}, None)
    assert "passed_on" not in [code for code, _ in errors(company, report)]
    assert save(company, report, "passed-on", {"passed_on": {"police": 1}}, comments={"passed_on": "x"}).json()[
        "errors"
    ] == [
        {
            "pointer": "/comments/passed_on",
            "code": "unknown_question",
            "message": "There is no question of this code here.",
        }
    ]


@pytest.mark.parametrize(
    ("before", "now", "asks"),
    [(40, 80, False), (40, 81, True), (40, 0, False), (40, 40, False), (0, 1, True), (0, 0, False), (None, 500, False)],
)
def test_a_jump_beyond_what_the_question_allows_asks_for_words(client_for, before, now, asks):
    member = recorded_year()
    if before is not None:
        reported(member, contracts_total=before, contracts_with_clause=0)
    make_year(2025, version=3)
    report, company = begin(member, 2025, OPENED_AT), client_for("company_editor", organisation=member.company_id)

    save(company, report, "criterion-3", {"contracts_total": now, "contracts_with_clause": 0})

    found = [code for question, code in errors(company, report) if question == "contracts_total"]
    assert found == (["jump_needs_comment"] if asks else [])


def test_a_jump_hinders_the_submission_until_it_is_explained(client_for):
    member = recorded_year()
    reported(member)
    make_year(2025, version=3)
    report, company = begin(member, 2025, OPENED_AT), client_for("company_editor", organisation=member.company_id)
    path = f"reports/{report.pk}/"
    for section, answers in (
        ("criterion-3", {"contracts_total": 400, "contracts_with_clause": 31}),
        ("criterion-4", {"travellers_informed": 1100}),
        ("criterion-6", {"sites_answering": 1}),
    ):
        save(company, report, section, answers)

    refused = company.post(f"{path}submit/", if_match=company.get(path)["ETag"])
    save(
        company, report, "criterion-3", {"contracts_total": 400}, comments={"contracts_total": "We took over a chain."}
    )
    taken = company.post(f"{path}submit/", if_match=company.get(path)["ETag"])

    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/answers/contracts_total", "jump_needs_comment")
    ]
    assert (refused.status_code, taken.status_code, taken.json()["state"]) == (409, 200, "submitted")


def chain() -> tuple[Any, Report]:
    """A chain whose sites answered for 2024, and its draft of 2025."""
    member = make_member(category="hotel_chain")
    for name in ("BE 0", "NL 0"):
        make_site(company=member.company, name=name, country_id=name[:2])
    make_year(2024, version=2, at=A_YEAR_BEFORE)
    former = begin(member, 2024, A_YEAR_BEFORE)
    for row in returns_of(former).values():
        answer_site(row, at=A_YEAR_BEFORE, staff_total=10, staff_trained=5)
        answer_site(row, "criterion-4", at=A_YEAR_BEFORE, travellers_informed=100)
        actions.submit_return(return_id=row.pk, expected_version=None, actor=SYSTEM, at=A_YEAR_BEFORE)
    for section, answers in GROUP_ANSWERS.items():
        say(former, A_YEAR_BEFORE, **{section: answers})
    actions.submit(report_id=former.pk, expected_version=None, actor=SYSTEM, at=A_YEAR_BEFORE)
    make_year(2025, version=3)
    return member, begin(member, 2025, OPENED_AT)


def test_a_site_reads_its_own_figure_of_last_year_and_explains_its_own_jump(client_for):
    member, report = chain()
    row = returns_of(report)["NL 0"]
    editor = client_for("site_editor", organisation=member.company_id, site=row.site_id)
    path = f"site-returns/{row.pk}/"
    section = f"{path}sections/criterion-2/"

    def keep(answers: Any, **more: Any) -> Any:
        return editor.patch(section, {"answers": answers, **more}, if_match=editor.get(section)["ETag"])

    shown = {one["code"]: one["last_year"] for one in editor.get(section).json()["questions"]}
    assert shown == {"staff_total": 10, "staff_trained": 5, "trains_newcomers": None}
    keep({"staff_total": 16, "staff_trained": 5})
    refused = editor.post(f"{path}submit/", if_match=editor.get(path)["ETag"])
    keep({"staff_total": 16}, comments={"staff_total": "The annex opened."})
    taken = editor.post(f"{path}submit/", if_match=editor.get(path)["ETag"])

    assert (refused.status_code, [(one["pointer"], one["code"]) for one in refused.json()["errors"]]) == (
        400,
        [("/answers/staff_total", "jump_needs_comment")],
    )
    assert (taken.status_code, taken.json()["state"]) == (200, "submitted")


def test_what_a_site_said_under_another_company_is_not_told_to_the_next(client_for):
    _, report = chain()
    row = returns_of(report)["NL 0"]
    other = make_member()
    row.site.company = other.company
    row.site.save(update_fields=["company"])
    report.company, report.membership = other.company, other
    report.save(update_fields=["company", "membership"])
    editor = client_for("site_editor", organisation=other.company_id, site=row.site_id)

    shown = editor.get(f"site-returns/{row.pk}/sections/criterion-2/").json()["questions"]

    assert {one["last_year"] for one in shown} == {None}


def test_a_site_is_filled_in_from_its_own_head_count_roster_and_plan(client_for):
    make_requirement()
    member = make_member(category="hotel_chain")
    one, two = (make_site(company=member.company, name=f"{country} 0", country_id=country) for country in ("BE", "NL"))
    HeadCount.objects.create(site=one, staff_count=8, valid_from=date(2025, 2, 1), recorded_at=OPENED_AT)
    person = make_staff(two, at=OPENED_AT, hired_on=date(2024, 1, 1))
    complete(person, make_course(), date(2025, 5, 4), at=OPENED_AT)
    make_year(2025, version=3)

    report = begin(member, 2025, OPENED_AT)

    found = SiteAnswer.objects.filter(site_return__report=report).order_by("site_return__site__name", "question__code")
    assert list(found.values_list("site_return__site__name", "question__code", "value", "origin")) == [
        ("BE 0", "staff_total", 8, "head_counts"),
        ("NL 0", "staff_total", 1, "head_counts"),
        ("NL 0", "staff_trained", 1, "training"),
    ]


def test_the_check_of_a_group_covers_every_site_with_who_holds_it(client_for, secretariat):
    member, report = chain()
    rows = returns_of(report)
    company = client_for("company_editor", organisation=member.company_id)
    secretariat.post(f"site-returns/{rows['BE 0'].pk}/links/", {"holder": "front office", "days": 30})
    answer_site(rows["NL 0"], staff_total=30, staff_trained=31)
    answer_site(rows["BE 0"], "criterion-4", travellers_informed=120)
    ids = {name: str(row.site_id) for name, row in rows.items()}

    body = company.get(f"reports/{report.pk}/check/").json()

    sites = {
        site["name"]: (
            site["state"],
            site["holders"],
            [(one["level"], one["pointer"], one["code"]) for one in site["findings"] if one["code"] != "unanswered"],
        )
        for site in body["sites"]
    }
    assert sites == {
        "BE 0": (
            "open",
            ["front office"],
            [
                ("warning", f"/answers/staff_total/{ids['BE 0']}", "missing"),
                ("warning", f"/answers/staff_trained/{ids['BE 0']}", "missing"),
            ],
        ),
        "NL 0": (
            "open",
            [],
            [
                ("error", f"/answers/staff_total/{ids['NL 0']}", "jump_needs_comment"),
                ("error", f"/answers/staff_trained/{ids['NL 0']}", "above_other_answer"),
                ("warning", f"/answers/travellers_informed/{ids['NL 0']}", "missing"),
            ],
        ),
    }
    assert body["is_ready"] is False
    totals = {total["question"]: (total["value"], total["sites_answering"]) for total in body["totals"]}
    assert (totals["staff_total"], totals["travellers_informed"]) == (("30", 1), ("120", 1))
    preview = company.get(f"reports/{report.pk}/preview/").json()
    assert [(site["name"], site["answers"]) for site in preview["sites"]] == [
        ("BE 0", {"travellers_informed": 120}),
        ("NL 0", {"staff_total": 30, "staff_trained": 31}),
    ]
    assert preview["totals"] == body["totals"]
