"""One file for a group whose hotels are companies of their own: everybody lands in their own company."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F

from codesign.companies.models import Company, Site
from codesign.rosters.actions import forgetting, ranges
from codesign.rosters.models import Roster, RosterPiece, RosterRow
from codesign.training.actions import handing_over, staff, tiles
from codesign.training.models import Completion, StaffMember, StatusTile
from members.organisations.models import Parentage
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import Invalid, Refused
from tests.factories import rosters, training
from tests.factories.training import AT

pytestmark = pytest.mark.django_db
LATER, LATEST = AT + timedelta(hours=1), AT + timedelta(hours=2)
HEADER = ("reference", "site", "role", "hired_on", "left_on", "course", "completed_on")
NAMES = ("Hotel Fictif Royal", "Hotel Fictif Central", "Hotel Fictif Haven")


@pytest.fixture
def group() -> Company:
    """Three hotels, each a company that numbers its own people: two have a 001."""
    training.load_default_requirements()
    training.make_course(code="basics")
    found, sites = rosters.make_group(*NAMES)
    for site in sites[:2]:
        for reference in ("001", "002"):
            training.make_staff(site, reference=reference)
    return found


def _site(name: str) -> Site:
    return Site.objects.get(name=name)


FILE = rosters.csv_of(
    ["001", NAMES[0], "front_desk", "2024-01-01", "", "basics", "2026-03-01"],  # trained
    ["001", NAMES[1], "sales", "2024-01-01", "", "", ""],  # another person, in another role
    ["002", NAMES[0], "front_desk", "2024-01-01", "2026-06-30", "", ""],  # leaves here …
    ["002", NAMES[2], "front_desk", "2026-07-01", "", "basics", "2026-03-01"],  # … and is new there
    ["002", NAMES[2], "front_desk", "2026-07-01", "", "basics", "2026-08-01"],
    ["003", NAMES[2], "security", "2026-01-01", "", "", ""],
    ["004", "Hotel Elsewhere", "security", "2026-01-01", "", "", ""],
    ["005", "", "security", "2026-01-01", "", "", ""],
    header=HEADER,
)


def _planned(group: Company, content: bytes = FILE, **options) -> Roster:
    options = {"mode": "complete", "reach": "group", "at": LATER} | options
    return rosters.plan(group, content, actor=rosters.group_editor_of(group), **options)


def _labels(roster: Roster) -> list[tuple]:
    rows = roster.rows.exclude(number=None).order_by("number")
    return list(rows.values_list("number", "label", "company_id"))


def _states(group: Company) -> list[dict]:
    return [rosters.state_of(_site(name).company) for name in NAMES]


def test_each_row_is_of_the_company_whose_site_it_names_and_nothing_is_written_yet(group):
    before = _states(group)

    roster = _planned(group)

    royal, central, haven = (_site(name).company_id for name in NAMES)
    assert _labels(roster) == [
        (2, "unchanged", royal),
        (3, "update", central),
        (4, "update", royal),
        (5, "create", haven),
        (6, "further", haven),
        (7, "create", haven),
        (8, "error", None),
        (9, "error", None),
    ]
    assert list(roster.rows.filter(number=None).values_list("reference", "label", "company_id")) == [
        ("002", "end", central)
    ]
    assert rosters.faults(roster) == [(8, "site", "unknown_site"), (9, "site", "required")]
    assert {(row["name"], row["company_id"], row["create"], row["end"]) for row in roster.sites if row["id"]} == {
        (NAMES[0], str(royal), 0, 0),
        (NAMES[1], str(central), 0, 1),
        (NAMES[2], str(haven), 2, 0),
    }
    assert (roster.state, _states(group)) == ("planned", before)


@pytest.mark.parametrize("size", [1, 2, 2000])
def test_people_land_in_their_own_companies_and_the_same_file_again_writes_nothing(group, size: int, monkeypatch):
    monkeypatch.setattr(ranges.next_range, "__kwdefaults__", {"size": size})

    roster = _planned(group)
    rosters.confirm(roster, at=LATER)

    assert roster.applied == {"created": 2, "updated": 2, "ended": 1, "completions": 3}
    people = StaffMember.objects.order_by("reference", "site__name")
    assert list(people.values_list("reference", "site__name", "role", "left_on")) == [
        ("001", NAMES[1], "sales", None),
        ("001", NAMES[0], "front_desk", None),
        ("002", NAMES[1], "front_desk", date(2026, 11, 21)),
        ("002", NAMES[2], "front_desk", None),
        ("002", NAMES[0], "front_desk", date(2026, 6, 30)),
        ("003", NAMES[2], "security", None),
    ]
    assert not people.exclude(company=F("site__company")).exists()
    assert not StatusTile.objects.exclude(company=F("site__company")).exists()
    days = Completion.objects.filter(staff_member__reference="002").values_list("completed_on", flat=True)
    assert sorted(days) == [date(2026, 3, 1), date(2026, 8, 1)]
    assert tiles.recount() == 0
    written = (_states(group), Completion.objects.count())

    again = _planned(group, b"\r\n".join(FILE.split(b"\r\n")[:7]) + b"\r\n", at=LATEST)

    assert (again.state, again.applied, again.counts["unchanged"]) == ("done", {}, 5)
    assert (_states(group), Completion.objects.count()) == written


@pytest.mark.parametrize("size", [1, 2000])
def test_taking_back_leaves_every_company_as_it_was(group, size: int, monkeypatch):
    monkeypatch.setattr(ranges.next_range, "__kwdefaults__", {"size": size})
    before = _states(group)
    roster = _planned(group)
    rosters.confirm(roster, at=LATER)

    undone = rosters.undo(roster, at=LATEST)

    assert (undone.state, undone.undone) == ("undone", {"created": 2, "changed": 3, "completions": 1})
    assert _states(group) == before
    assert tiles.recount() == 0


def test_somebody_of_an_unreadable_row_is_not_taken_for_absent(group):
    lines = [["001", NAMES[0], "front_desk", "2024-01-01"], ["002", "Hotel Elsewhere", "front_desk", "2024-01-01"]]

    roster = _planned(group, rosters.csv_of(*lines))

    ends = roster.rows.filter(label="end").values_list("reference", "company_id")
    assert list(ends) == [("001", _site(NAMES[1]).company_id)]


def test_a_name_that_two_hotels_have_means_neither(group):
    training.make_workplace(company=_site(NAMES[0]).company, name=NAMES[2])
    named = [["009", NAMES[2], "security", "2026-01-01"], ["010", str(_twin().pk), "security", "2026-01-01"]]

    roster = _planned(group, rosters.csv_of(*named), mode="partial")

    assert rosters.faults(roster) == [(2, "site", "ambiguous_site")]
    assert rosters.labels(roster)["010"] == "create"


def _twin() -> Site:
    return Site.objects.filter(name=NAMES[2]).latest("created_at", "pk")


def test_without_the_word_a_file_reaches_the_company_itself_alone(group):
    roster = _planned(group, reach="company")

    codes = [code for _, _, code in rosters.faults(roster)]
    assert codes == ["unknown_site"] * 7 + ["required"] * 1


def test_only_who_holds_all_of_a_company_sends_for_its_group(group):
    site = _site(NAMES[0])
    holder = training.scope_for(training.Role.SITE_EDITOR, company=site.company, site_ids=frozenset({site.pk}))

    with pytest.raises(Invalid) as refused:
        rosters.send(site.company, FILE, actor=holder, reach="group")

    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code, Roster.objects.count()) == ("/reach", "not_yours", 0)


def test_a_hotel_reaches_no_sister_of_it(group):
    hotel = _site(NAMES[0]).company

    roster = rosters.plan(hotel, FILE, actor=rosters.group_editor_of(hotel), reach="group", mode="complete", at=LATER)

    assert roster.company_ids == [str(hotel.pk)]
    found = [(number, label) for number, label, _ in _labels(roster)]
    assert found == [(2, "unchanged"), (3, "error"), (4, "update"), *((number, "error") for number in range(5, 10))]
    assert roster.counts["end"] == 0


def test_a_company_that_has_left_the_group_is_written_into_no_more(group):
    before = _states(group)
    roster = _planned(group)
    Parentage.objects.filter(child=_site(NAMES[0]).company_id).delete()

    with pytest.raises(Refused) as refused:
        rosters.confirm(roster, at=LATER)

    assert (refused.value.code, _states(group)) == ("group_changed", before)
    roster.refresh_from_db()
    assert roster.state == "planned"


def test_what_a_hotel_changed_itself_between_plan_and_writing_is_left_alone(group):
    roster = _planned(group)
    site = _site(NAMES[1])
    staff.register(
        items={0: training.staff_item(site, "001", role="management")}, actor=training.editor_of(site.company), at=LATER
    )
    taken = _site(NAMES[2])
    staff.register(items={0: training.staff_item(taken, "003")}, actor=training.editor_of(taken.company), at=LATER)

    rosters.confirm(roster, at=LATER)

    late = {(number, code) for number, _, code in rosters.faults(roster)}
    assert late >= {(3, "changed_since_plan"), (7, "changed_since_plan")}
    assert StaffMember.objects.get(site=site, reference="001").role == "management"
    assert StaffMember.objects.get(site=taken, reference="003").role == "front_desk"
    assert tiles.recount() == 0


def test_nobody_is_hired_at_a_site_that_has_changed_hands_since_the_plan(group):
    roster = _planned(group, mode="partial")
    buyer = training.make_hotel_company()
    handing_over.hand_over_site(
        site_id=_site(NAMES[2]).pk, to_company_id=buyer.pk, since=AT.date(), actor=SYSTEM, at=LATER
    )

    rosters.confirm(roster, at=LATEST)

    assert not StaffMember.objects.filter(site__name=NAMES[2]).exists()
    assert roster.applied.get("created") is None
    assert tiles.recount() == 0


def test_erasing_somebody_takes_the_files_of_the_group_too(group):
    roster = _planned(group)
    person = StaffMember.objects.get(site__name=NAMES[0], reference="001")

    forgetting.forget_people([person.pk], ["001"])

    assert not RosterPiece.objects.filter(roster=roster).exists()
    assert not RosterRow.objects.filter(roster=roster, reference_key="001").exists()
