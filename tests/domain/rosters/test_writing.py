"""Writing does what the plan said, once; taking back leaves the register as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from codesign.companies.models import Company
from codesign.rosters import actions
from codesign.rosters.actions import leasing, ranges
from codesign.rosters.models import Roster, RosterPiece, RosterRow
from codesign.training.actions import completions, staff, tiles
from codesign.training.models import Completion, Posting, StaffMember
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import MoveNotAllowed, Refused
from tests.factories import rosters, training
from tests.factories.training import AT

pytestmark = pytest.mark.django_db
LATER, LATEST = AT + timedelta(hours=1), AT + timedelta(hours=2)
HEADER = ("reference", "site", "role", "hired_on", "left_on", "course", "completed_on")


@pytest.fixture
def company() -> Company:
    """Four people at one site; another site is empty."""
    training.load_default_requirements()
    site = training.make_workplace(name="Hotel Fictif Royal")
    training.make_workplace(company=site.company, name="Hotel Fictif Central")
    training.make_course(code="basics")
    for reference in ("E1", "E2", "E3", "E4"):
        training.make_staff(site, reference=reference)
    training.complete(StaffMember.objects.get(reference="E1"), training.make_course(code="old"), date(2025, 1, 1))
    return site.company


FILE = rosters.csv_of(
    ["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01", "", "basics", "2026-03-01"],
    ["E2", "Hotel Fictif Central", "sales", "2024-01-01", "", "", ""],
    ["E3", "Hotel Fictif Royal", "front_desk", "2024-02-01", "2026-06-30", "", ""],
    ["E5", "Hotel Fictif Central", "security", "2026-01-01", "", "basics", "2026-02-01"],
    ["E5", "Hotel Fictif Central", "security", "2026-01-01", "", "old", "2026-03-01"],
    ["E6", "Hotel Nowhere", "security", "2026-01-01", "", "", ""],
    header=HEADER,
)


def test_the_plan_is_written_and_the_same_file_again_writes_nothing(company):
    roster = rosters.apply(company, FILE, mode="complete", at=LATER)

    assert roster.applied == {"created": 1, "updated": 2, "ended": 1, "completions": 3}
    people = StaffMember.objects.filter(company=company).order_by("reference")
    assert list(people.values_list("reference", "site__name", "role", "hired_on", "left_on", "version")) == [
        ("E1", "Hotel Fictif Royal", "front_desk", date(2024, 1, 1), None, 1),
        ("E2", "Hotel Fictif Central", "sales", date(2024, 1, 1), None, 2),
        ("E3", "Hotel Fictif Royal", "front_desk", date(2024, 2, 1), date(2026, 6, 30), 2),
        ("E4", "Hotel Fictif Royal", "front_desk", date(2024, 1, 1), date(2026, 11, 21), 2),
        ("E5", "Hotel Fictif Central", "security", date(2026, 1, 1), None, 1),
    ]
    assert list(
        Posting.objects.current()
        .filter(staff_member__reference="E2")
        .order_by("valid_from")
        .values_list("valid_from", "valid_until")
    ) == [
        (date(2024, 1, 1), date(2026, 11, 21)),
        (date(2026, 11, 22), None),
    ]
    assert set(Completion.objects.filter(source="roster").values_list("staff_member__reference", "course__code")) == {
        ("E1", "basics"),
        ("E5", "basics"),
        ("E5", "old"),
    }
    assert tiles.recount() == 0
    (event,) = AuditEvent.objects.filter(action="rosters.apply")
    assert event.changes == {"completions": [0, 3], "created": [0, 1], "ended": [0, 1], "updated": [0, 2]}

    written = (
        AuditEvent.objects.filter(action="rosters.apply").count(),
        Posting.objects.count(),
        rosters.state_of(company),
    )
    again = rosters.plan(company, FILE.replace(b"E6,Hotel Nowhere", b"E1,Hotel Nowhere", 0), mode="complete", at=LATEST)
    assert (again.counts["create"], again.counts["update"], again.counts["end"], again.counts["completions"]) == (
        0,
        0,
        0,
        0,
    )
    assert written == (
        AuditEvent.objects.filter(action="rosters.apply").count(),
        Posting.objects.count(),
        rosters.state_of(company),
    )


def test_a_file_that_changes_nothing_is_done_without_a_word(company):
    lines = [["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"]]

    roster = rosters.plan(company, rosters.csv_of(*lines), at=LATER)

    assert (roster.state, roster.counts["unchanged"], roster.applied) == ("done", 1, {})


@pytest.mark.parametrize("size", [1, 2, 2000])
def test_taking_back_leaves_the_register_as_it_was(company, size: int, monkeypatch):
    monkeypatch.setattr(ranges.next_range, "__kwdefaults__", {"size": size})
    before = rosters.state_of(company)
    roster = rosters.apply(company, FILE, mode="complete", at=LATER)
    assert rosters.state_of(company) != before

    undone = rosters.undo(roster, at=LATEST)

    assert rosters.state_of(company) == before
    assert (undone.state, undone.undone) == ("undone", {"created": 1, "changed": 3, "completions": 1})
    assert tiles.recount() == 0


def test_taking_back_leaves_alone_what_others_have_touched_since(company):
    roster = rosters.apply(company, FILE, mode="complete", at=LATER)
    editor = training.editor_of(company)
    moved = StaffMember.objects.get(reference="E2")
    staff.leave(staff_id=moved.pk, left_on=date(2026, 11, 22), actor=editor, at=LATER)
    completions.push(
        items={0: {"reference": "E5", "course": "basics", "completed_on": date(2026, 10, 1)}}, actor=editor, at=LATER
    )

    undone = rosters.undo(roster, at=LATEST)

    assert undone.undone == {"changed": 2, "completions": 3, "kept": 2}
    left = dict(StaffMember.objects.filter(company=company).values_list("reference", "left_on"))
    assert left == {"E1": None, "E2": date(2026, 11, 22), "E3": None, "E4": None, "E5": None}
    assert tiles.recount() == 0


def test_what_changed_between_plan_and_writing_is_left_alone(company):
    roster = rosters.plan(company, FILE, at=LATER)
    editor = training.editor_of(company)
    site = StaffMember.objects.get(reference="E4").site
    staff.register(
        items={
            0: training.staff_item(site, "E2", role="management"),
            1: training.staff_item(site, "E5", role="management"),
        },
        actor=editor,
        at=LATER,
    )

    actions.confirm(roster_id=roster.pk, actor=editor, at=LATER)
    rosters.work(at=LATER)

    roster.refresh_from_db()
    assert {(row, code) for row, _, code in rosters.faults(roster)} >= {
        (3, "changed_since_plan"),
        (5, "changed_since_plan"),
    }
    roles = dict(StaffMember.objects.filter(company=company).values_list("reference", "role"))
    assert (roles["E2"], roles["E5"], roster.applied["updated"]) == ("management", "management", 1)
    assert tiles.recount() == 0


def test_many_ends_wait_for_a_word(company):
    editor = training.editor_of(company)
    roster = rosters.plan(
        company,
        rosters.csv_of(["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"]),
        mode="complete",
        confirms_itself=True,
        at=LATER,
    )

    with pytest.raises(Refused) as refused:
        actions.confirm(roster_id=roster.pk, actor=editor, at=LATER)

    site = StaffMember.objects.get(reference="E1").site_id
    assert (roster.state, refused.value.code, refused.value.details["sites"]) == ("planned", "many_ends", [str(site)])
    assert StaffMember.objects.filter(left_on=None).count() == 4

    actions.confirm(roster_id=roster.pk, accept_ends=True, actor=editor, at=LATER)
    rosters.work(at=LATER)

    assert set(StaffMember.objects.filter(left_on=None).values_list("reference", flat=True)) == {"E1"}


def test_a_roster_may_confirm_itself_when_nothing_bars(company):
    lines = rosters.csv_of(["E9", "Hotel Fictif Royal", "front_desk", "2024-01-01"])

    done = rosters.plan(company, lines, confirms_itself=True, at=LATER)
    barred = rosters.plan(
        company, lines.replace(b"E9", b"E8") + b"E7,Nowhere,sales,2024-01-01\r\n", confirms_itself=True, at=LATER
    )

    assert (done.state, done.applied) == ("done", {"created": 1})
    assert (barred.state, barred.applied) == ("planned", {})


def test_a_worker_that_lost_its_lease_writes_nothing(company):
    rosters.send(company, FILE, at=LATER)
    lost = leasing.claim(now=LATER)
    again = leasing.claim(now=LATER + timedelta(minutes=2))
    assert leasing.claim(now=LATER) is None

    with pytest.raises(leasing.LeaseLost):
        leasing.hold(lost, now=LATER, row_count=9)

    leasing.hold(again, now=LATER, row_count=1)
    assert Roster.objects.get().row_count == 1


def test_a_roster_that_ends_its_workers_is_given_up(company):
    roster = rosters.send(company, FILE, at=LATER)
    Roster.objects.update(attempts=leasing.MOST_ATTEMPTS)

    rosters.work(at=LATER)

    roster.refresh_from_db()
    assert (roster.state, roster.failure, roster.rows.count()) == ("failed", "worker_lost", 0)


def test_an_aborted_roster_writes_nothing_more_and_moves_no_further(company):
    before = rosters.state_of(company)
    roster = rosters.plan(company, FILE, at=LATER)
    editor = training.editor_of(company)

    actions.abort(roster_id=roster.pk, actor=editor, at=LATER)
    rosters.work(at=LATER)

    assert rosters.state_of(company) == before
    for move in (actions.confirm, actions.abort):
        with pytest.raises(MoveNotAllowed):
            move(roster_id=roster.pk, actor=editor, at=LATER)
    with pytest.raises(Refused) as refused:
        actions.undo(roster_id=roster.pk, actor=editor, at=LATER)
    assert refused.value.code == "nothing_written"


def test_files_and_rows_are_erased_after_a_week_and_counts_stay(company):
    roster = rosters.apply(company, FILE, at=LATER)
    planned = rosters.plan(company, FILE.replace(b"E5", b"E7"), at=LATER)

    assert actions.forget(at=LATER + timedelta(days=6, hours=23)) == 0
    assert actions.forget(at=LATER + timedelta(days=7, hours=1)) == 2
    with pytest.raises(Refused) as refused:
        actions.confirm(roster_id=planned.pk, actor=training.editor_of(company), at=LATER)
    assert refused.value.code == "erased"

    roster.refresh_from_db()
    assert (RosterRow.objects.count(), RosterPiece.objects.count(), roster.file_name) == (0, 0, "")
    assert (roster.counts["create"], roster.applied["created"]) == (1, 1)
    with pytest.raises(Refused) as refused:
        actions.undo(roster_id=roster.pk, actor=training.editor_of(company), at=LATER)
    assert refused.value.code == "erased"


def test_a_company_has_only_so_many_open_rosters(company):
    for _ in range(5):
        rosters.send(company, FILE)

    with pytest.raises(Refused) as refused:
        rosters.send(company, FILE)

    assert (refused.value.code, Roster.objects.count()) == ("too_many_open", 5)
