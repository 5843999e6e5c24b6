"""The plan says of every row what writing it would do, before anything is written."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from codesign.rosters.models import RosterRow
from codesign.training.actions import staff
from tests.factories import rosters, training
from tests.factories.training import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def site():
    training.load_default_requirements()
    return training.make_workplace(name="Hotel Fictif Royal")


def test_every_kind_of_row_gets_its_label_and_nothing_is_written(site):
    other = training.make_workplace(company=site.company, name="Hotel Fictif Central")
    for reference in ("E1", "E2", "E3"):
        training.make_staff(site, reference=reference)
    before = rosters.state_of(site.company)

    roster = rosters.plan(
        site.company,
        rosters.csv_of(
            ["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"],
            ["E2", str(other.pk), "Front Desk", "2024-01-01"],
            ["E4", "hotel fictif  ROYAL", "security", "2026-11-01"],
            ["E5", "Hotel Nowhere", "security", "2026-11-01"],
        ),
        mode="complete",
        at=LATER,
    )

    assert rosters.labels(roster) == {"E1": "unchanged", "E2": "update", "E4": "create", "E5": "error", "E3": "end"}
    assert (roster.state, rosters.faults(roster)) == ("planned", [(5, "site", "unknown_site")])
    assert rosters.state_of(site.company) == before
    counted = {
        row["name"]: {name: row[name] for name in ("create", "update", "unchanged", "end", "error", "staff", "is_many")}
        for row in roster.sites
    }
    nothing = dict.fromkeys(("create", "update", "unchanged", "end", "error"), 0)
    assert counted == {
        "Hotel Fictif Central": {**nothing, "update": 1, "staff": 0, "is_many": False},
        "Hotel Fictif Royal": {**nothing, "create": 1, "unchanged": 1, "end": 1, "staff": 3, "is_many": True},
        "": {**nothing, "error": 1, "staff": 0, "is_many": False},
    }


def test_faults_name_every_column_at_once_and_repeat_no_value(site):
    header = (
        "reference",
        "site",
        "role",
        "employment",
        "language",
        "hired_on",
        "left_on",
        "since",
        "course",
        "completed_on",
    )
    good = ["E1", "Hotel Fictif Royal", "front_desk", "", "", "2024-01-01", "", "", "", ""]

    def with_values(**values: str) -> list[str]:
        return [values.get(name, cell) for name, cell in zip(header, good, strict=True)]

    roster = rosters.plan(
        site.company,
        rosters.csv_of(
            with_values(reference="Invented Person", role="chief", hired_on="01/02/2024"),
            with_values(reference="invented@fictif.example"),
            with_values(reference="+32 470 00 00 00"),
            with_values(reference="=1+1", site="=A1"),
            with_values(reference="E2", language="english", employment="sometimes"),
            with_values(reference="E3", hired_on="2300-01-01", left_on="1800-01-01"),
            with_values(reference="E4", left_on="2023-12-31"),
            with_values(reference="E5", since="2026-12-24"),
            with_values(reference="E6", course="unheard-of", completed_on="2026-11-30"),
            with_values(reference="E7", completed_on="2026-11-01"),
            with_values(reference="E8", site="", role="", hired_on=""),
            with_values(reference=""),
            header=header,
        ),
    )

    assert rosters.faults(roster) == [
        (2, "role", "unknown_role"),
        (2, "hired_on", "invalid_date"),
        (2, "reference", "looks_like_name"),
        (3, "reference", "looks_like_email"),
        (4, "reference", "looks_like_phone"),
        (5, "site", "formula"),
        (5, "reference", "formula"),
        (6, "employment", "unknown_employment"),
        (6, "language", "bad_language"),
        (7, "hired_on", "out_of_range"),
        (7, "left_on", "out_of_range"),
        (8, "left_on", "out_of_order"),
        (9, "since", "in_future"),
        (10, "course", "unknown_course"),
        (10, "completed_on", "in_future"),
        (11, "course", "required"),
        (12, "site", "required"),
        (12, "role", "required"),
        (12, "hired_on", "required"),
        (13, "reference", "required"),
    ]


@pytest.mark.parametrize(
    "told", "02/12/2014 2.12.2014 2014/12/02 20141202 2014-12-2 14-12-02 2014-W49-2 2014-02-30 41975 0000-01-01".split()
)
def test_a_day_in_another_notation_is_an_error_and_never_another_day(site, told: str):
    roster = rosters.plan(site.company, rosters.csv_of(["E1", "Hotel Fictif Royal", "front_desk", told]))

    assert rosters.faults(roster) == [(2, "hired_on", "invalid_date")]


def test_the_same_person_twice_counts_once_whatever_the_case(site):
    course = training.make_course(code="basics")
    header = (*rosters.HEADER, "course", "completed_on")
    start = ["Hotel Fictif Royal", "front_desk", "2024-01-01"]

    roster = rosters.plan(
        site.company,
        rosters.csv_of(
            ["e1a", *start, course.code, "2026-01-01"],
            ["E1A", *start, course.code, "2026-02-01"],
            ["E1a", *start, course.code, "2026-01-01"],
            ["E1A", "Hotel Fictif Royal", "security", "2024-01-01", course.code, "2026-03-01"],
            ["E2", *start, "", ""],
            ["E2", *start, "", ""],
            header=header,
        ),
    )

    found = list(roster.rows.order_by("number").values_list("number", "label"))
    assert found == [(2, "create"), (3, "further"), (4, "error"), (5, "error"), (6, "create"), (7, "error")]
    assert {code for _, _, code in rosters.faults(roster)} == {"repeated"}
    assert roster.counts["completions"] == 2


def test_a_number_that_lost_its_zeros_is_nobody_new(site):
    """Spreadsheets drop zeros in front: the same staff would be there twice."""
    for reference in ("0001", "002", "A01"):
        training.make_staff(site, reference=reference)
    before = rosters.state_of(site.company)

    row = ["Hotel Fictif Royal", "security", "2026-01-01"]
    told = [[reference, *row] for reference in ("1", "2", "3", "10", "1a", "A1", "0002")]
    roster = rosters.apply(site.company, rosters.csv_of(*told, ["1", *row]))

    new = dict.fromkeys(("3", "10", "1a", "A1", "0002"), "create")
    assert {row.reference: row.label for row in roster.rows.exclude(number=9)} == {"1": "error", "2": "error", **new}
    zeros = [(2, "reference", "zeros_lost"), (3, "reference", "zeros_lost")]
    assert rosters.faults(roster) == [*zeros, (9, "reference", "repeated")]
    assert [row for row in rosters.state_of(site.company)["people"] if row in before["people"]] == before["people"]
    assert roster.applied == {"created": 5}


def test_a_complete_file_ends_nobody_whose_number_lost_its_zeros(site):
    for reference in ("0001", "0002", "0003"):
        training.make_staff(site, reference=reference)

    row = ["Hotel Fictif Royal", "front_desk", "2024-01-01"]
    roster = rosters.plan(site.company, rosters.csv_of(["1", *row], ["0002", *row]), mode="complete", at=LATER)

    assert rosters.labels(roster) == {"1": "error", "0002": "unchanged", "0003": "end"}
    assert rosters.faults(roster) == [(2, "reference", "zeros_lost")]


def test_a_number_with_zeros_of_another_company_is_nobodys_matter():
    training.load_default_requirements()
    group, (first, second) = rosters.make_group("Hotel Fictif Royal", "Hotel Fictif Central")
    training.make_staff(first, reference="0001")
    rows = [["1", site.name, "security", "2026-01-01"] for site in (first, second)]

    roster = rosters.plan(group, rosters.csv_of(*rows), reach="group", actor=rosters.group_editor_of(group))

    assert list(roster.rows.order_by("number").values_list("company_id", "label")) == [
        (first.company_id, "error"),
        (second.company_id, "create"),
    ]
    assert rosters.faults(roster) == [(2, "reference", "zeros_lost")]


def test_an_empty_cell_says_nothing_except_for_the_last_day(site):
    training.make_staff(site, reference="E1", employment="seasonal", language="fr", left_on=date(2026, 1, 31))
    cells = {"language": "", "employment": "", "site": "", "role": "", "hired_on": ""}

    kept = rosters.plan(site.company, rosters.csv_of(["E1", *cells.values()], header=("reference", *cells)))
    reopened = rosters.plan(site.company, rosters.csv_of(["E1", ""], header=("reference", "left")))

    assert (kept.state, rosters.labels(kept)) == ("done", {"E1": "unchanged"})
    assert (reopened.state, rosters.labels(reopened)) == ("planned", {"E1": "update"})


def test_what_others_changed_after_the_file_is_a_conflict(site):
    for reference in ("E1", "E2", "E3"):
        training.make_staff(site, reference=reference)
    changed = training.staff_item(site, "E1", role="security")
    staff.register(items={0: changed}, actor=training.editor_of(site.company), at=LATER)

    roster = rosters.plan(
        site.company,
        rosters.csv_of(
            ["E1", "Hotel Fictif Royal", "sales", "2024-01-01"],
            ["E2", "Hotel Fictif Royal", "sales", "2024-01-01"],
        ),
        mode="complete",
        as_of=AT + timedelta(minutes=30),
        at=LATER + timedelta(hours=1),
    )

    assert rosters.labels(roster) == {"E1": "conflict", "E2": "update", "E3": "end"}
    assert rosters.faults(roster) == [(2, "reference", "changed_after")]


def test_days_that_contradict_an_earlier_employment_are_told_in_the_plan(site):
    training.make_staff(site, reference="E1", hired_on=date(2020, 1, 1), left_on=date(2020, 12, 31))
    training.register(site, training.staff_item(site, "E1", hired_on=date(2022, 1, 1)))

    roster = rosters.plan(site.company, rosters.csv_of(["E1", "Hotel Fictif Royal", "sales", "2020-06-01"]), at=LATER)

    assert rosters.faults(roster) == [(2, "hired_on", "out_of_order")]


def test_a_complete_file_ends_nobody_who_was_hired_since_or_left_or_has_a_bad_row(site):
    training.make_staff(site, reference="E1")
    training.make_staff(site, reference="E2", hired_on=date(2026, 11, 22))
    training.make_staff(site, reference="E3", left_on=date(2026, 10, 31))
    training.make_staff(site, reference="E4", left_on=date(2026, 12, 31))
    training.make_staff(site, reference="E5")

    roster = rosters.plan(
        site.company,
        rosters.csv_of(["E5", "Hotel Nowhere", "front_desk", "2024-01-01"]),
        mode="complete",
        most_ends_share=Decimal("0.9"),
        at=LATER,
    )

    assert rosters.labels(roster) == {"E5": "error", "E1": "end", "E4": "end"}
    assert set(RosterRow.objects.filter(label="end").values_list("left_on", flat=True)) == {date(2026, 11, 21)}


def test_a_site_editor_touches_the_own_site_alone(site):
    from members.scope import Role

    other = training.make_workplace(company=site.company, name="Hotel Fictif Central")
    training.make_staff(other, reference="E1")
    training.make_staff(site, reference="E2")
    editor = training.scope_for(Role.SITE_EDITOR, company=site.company, site_ids=frozenset({site.pk}))

    roster = rosters.plan(
        site.company,
        rosters.csv_of(
            ["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"],
            ["E3", "Hotel Fictif Central", "front_desk", "2024-01-01"],
        ),
        actor=editor,
        mode="complete",
        at=LATER,
    )

    assert rosters.labels(roster) == {"E1": "error", "E3": "error", "E2": "end"}
    assert [code for _, _, code in rosters.faults(roster)] == ["taken", "unknown_site"]
