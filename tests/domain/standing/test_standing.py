"""Standing: the rules on their edges, and the same answer from SQL for histories thrown together at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from codesign.companies.models import CodeMembership, Company
from codesign.fees.models import Invoice, Waiver
from codesign.reporting import actions as reporting
from codesign.reporting.models import Report, ReportingYear, ReportMove, ReportObligation
from codesign.standing.facts import standing_of
from codesign.standing.figures import with_standing
from codesign.standing.rules import FeeFact, ReportFact, Standing, TrainingFact, verdict
from registry.kernel.audit.actor import SYSTEM
from tests.factories.reporting import make_complete_report, make_member, make_questionnaire
from tests.factories.standing import officer
from tests.factories.training import make_requirement, make_staff, make_workplace

ON = date(2026, 11, 22)
DAY = timedelta(days=1)
TRAINED = TrainingFact(is_rostered=True, trained=8, staff=10, target_share=Decimal("0.80"))


def fee(due_on: date, settled_on: date | None = None) -> FeeFact:
    return FeeFact(number="INV-1", year=2026, amount_eur=Decimal(300), due_on=due_on, settled_on=settled_on)


def report(due_on: date, handed_in_on: date | None = None, answer_due_on: date | None = None) -> ReportFact:
    lapses_on = due_on + 90 * DAY
    return ReportFact(
        year=2025, due_on=due_on, lapses_on=lapses_on, handed_in_on=handed_in_on, answer_due_on=answer_due_on
    )


def training(trained: int, staff: int, *, is_rostered: bool = True) -> TrainingFact:
    return TrainingFact(is_rostered=is_rostered, trained=trained, staff=staff, target_share=Decimal("0.80"))


@pytest.mark.parametrize(
    ("facts", "standing", "changes_on"),
    [
        ({}, "good", None),
        ({"fees": [fee(ON)]}, "good", ON + DAY),
        ({"fees": [fee(ON - DAY)]}, "fee_overdue", None),
        ({"fees": [fee(ON - DAY, ON)]}, "good", None),
        ({"fees": [fee(ON - DAY, ON + DAY)]}, "fee_overdue", None),
        ({"reports": [report(ON)]}, "good", ON + DAY),
        ({"reports": [report(ON - DAY)]}, "report_overdue", ON + 89 * DAY),
        ({"reports": [report(ON - 89 * DAY)]}, "report_overdue", ON + DAY),
        ({"reports": [report(ON - 90 * DAY)]}, "report_lapsed", None),
        ({"reports": [report(ON - 90 * DAY, ON)]}, "good", None),
        ({"reports": [report(ON - 90 * DAY, ON + DAY)]}, "report_lapsed", None),
        ({"reports": [report(ON - 90 * DAY, ON - 80 * DAY, ON)]}, "good", ON + DAY),
        ({"reports": [report(ON - 90 * DAY, ON - 80 * DAY, ON - DAY)]}, "report_overdue", None),
        ({"training": training(7, 10)}, "training_below_target", None),
        ({"training": training(4, 5)}, "good", None),
        ({"training": training(0, 0)}, "good", None),
        ({"training": training(0, 0, is_rostered=False)}, "training_unproven", None),
        ({"fees": [fee(ON - DAY)], "reports": [report(ON - DAY)]}, "fee_overdue", ON + 89 * DAY),
        ({"fees": [fee(ON - DAY)], "reports": [report(ON - 90 * DAY)]}, "report_lapsed", None),
    ],
)
def test_the_rules_on_their_edges(facts: dict[str, Any], standing: str, changes_on: date | None) -> None:
    found = verdict(**{"fees": [], "reports": [], "training": TRAINED, **facts}, on=ON)

    assert (found.standing, found.changes_on) == (standing, changes_on)


def test_every_finding_is_told_gravest_first_with_what_restores_it() -> None:
    found = verdict(fees=[fee(ON - DAY)], reports=[report(ON - DAY)], training=training(5, 10), on=ON)

    told = [(finding.rule, finding.since, finding.restored_by) for finding in found.findings]
    assert told == [
        ("fee_overdue", ON, "Full payment of invoice INV-1, or a waiver for 2026."),
        ("report_overdue", ON, "Submitting the report for 2025."),
        ("training_below_target", None, "Valid training for 3 more of the staff in scope."),
    ]


class History:
    """Rows of many companies at random, of which each rule hits some."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.years = [
            ReportingYear.objects.create(
                year=year,
                questionnaire=make_questionnaire(),
                opens_on=date(year + 1, 1, 1),
                due_on=date(year + 1, 3, 31),
                created_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
            for year in (2024, 2025)
        ]
        make_requirement()
        for number in range(40):
            self.company(number)

    def day(self, first: date = date(2025, 6, 1), last: date = date(2027, 2, 1)) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days))

    def maybe(self, value: Any, share: float = 0.5) -> Any:
        return value if self.random.random() < share else None

    def company(self, number: int) -> None:
        ended_on = self.maybe(self.day(date(2026, 6, 1)), 0.15)
        state = "resigned" if ended_on else "active"
        membership = make_member(member_since=self.day(date(2024, 1, 1)), ended_on=ended_on, state=state)
        if self.maybe(True, 0.6):
            self.money(membership, number)
        for year in self.years:
            if self.maybe(True):
                self.obligation(membership, year)
        self.staff(membership.company)

    def money(self, membership: CodeMembership, number: int) -> None:
        issued_on = self.day(last=date(2026, 12, 20))
        paid_on = self.maybe(issued_on + timedelta(days=self.random.randrange(90)), 0.6)
        state = "paid" if paid_on else self.random.choice(["open", "part_paid", "cancelled"])
        Invoice.objects.create(
            number=f"INV-{number}",
            membership=membership,
            year=2026,
            band="to_2_5m",
            amount_eur=300,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=30),
            state=state,
            paid_on=paid_on,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        if not paid_on and self.maybe(True, 0.3):
            at = datetime(2026, 1, 1, tzinfo=UTC)
            Waiver.objects.create(
                membership=membership, year=2026, reason_code="x", granted_on=self.day(), created_at=at
            )

    def obligation(self, membership: CodeMembership, year: ReportingYear) -> None:
        due_on = year.due_on + timedelta(days=self.random.choice([0, 0, 30, 200]))
        fulfilled_on = self.maybe(year.opens_on + timedelta(days=self.random.randrange(400)))
        at = datetime(2026, 1, 1, tzinfo=UTC)
        ReportObligation.objects.create(
            membership=membership,
            company=membership.company,
            reporting_year=year,
            due_on=due_on,
            lapses_on=due_on + timedelta(days=90),
            fulfilled_on=fulfilled_on,
            fulfilled_at=fulfilled_on and at,
            created_at=at,
        )
        if fulfilled_on:
            self.report(membership, year, fulfilled_on)

    def report(self, membership: CodeMembership, year: ReportingYear, handed_in_on: date) -> None:
        """Handed in, and then returned and answered any number of times; in the end accepted, or not."""
        at = datetime(2026, 1, 1, tzinfo=UTC)
        report = Report.objects.create(
            company=membership.company, membership=membership, reporting_year=year, state="submitted", created_at=at
        )
        on, version, state = handed_in_on, 1, "draft"
        for move, to_state in self.moves():
            version += 1
            due = on + timedelta(days=30) if move == "return" else None
            ReportMove.objects.create(
                report=report,
                version=version,
                move=move,
                from_state=state,
                to_state=to_state,
                at=at,
                moved_on=on,
                answer_due_on=due,
                actor_label="",
            )
            state, report.answer_due_on = to_state, due
            on += timedelta(days=self.random.randrange(120))
        report.state, report.version = state, version
        report.save()

    def moves(self) -> Iterator[tuple[str, str]]:
        yield "submit", "submitted"
        while self.maybe(True, 0.6):
            yield "return", "returned"
            if self.maybe(True, 0.4):
                return
            yield "submit", "submitted"
        if self.maybe(True):
            yield "accept", "accepted"

    def staff(self, company: Company) -> None:
        if not self.maybe(True, 0.6):
            return
        site = make_workplace(company, heads=self.maybe(self.random.randrange(6), 0.3))
        for _ in range(self.random.randrange(1, 4)):
            make_staff(site, hired_on=self.day(date(2024, 1, 1), date(2026, 11, 1)))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_and_python_agree_on_random_histories(seed: int) -> None:
    history = History(seed)

    seen = set()
    for on in (ON, *(history.day() for _ in range(3))):
        in_sql = dict(with_standing(Company.objects.all(), on=on).values_list("pk", "standing"))
        in_python = {key: (found := standing_of(key, on=on, looks_ahead=False)) and found.standing for key in in_sql}
        assert in_sql == in_python
        seen |= set(in_sql.values())
    assert {Standing.REPORT_LAPSED, Standing.FEE_OVERDUE, Standing.TRAINING_UNPROVEN, None} <= seen


@pytest.mark.django_db
def test_a_report_is_judged_by_what_it_was_on_the_day() -> None:
    """Handed in on 15 March, returned on 1 April, handed in again on 20 May, accepted in June."""
    membership = make_member()
    report = make_complete_report(membership=membership)
    given: dict[str, Any] = {"report_id": report.pk, "expected_version": None}
    reviewer = officer()

    def at(month: int, day: int) -> datetime:
        return datetime(2026, month, day, 10, tzinfo=UTC)

    reporting.submit(**given, actor=SYSTEM, at=at(3, 15))
    reporting.return_(**given, comments={"has_policy": "Since when?"}, actor=reviewer, at=at(4, 1))
    reporting.submit(**given, actor=SYSTEM, at=at(5, 20))
    reporting.accept(**given, actor=reviewer, at=at(6, 1))

    told = {}
    for on in (date(2026, 4, 10), date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 19), date(2026, 5, 20), ON):
        found = standing_of(membership.company_id, on=on, looks_ahead=False)
        assert found is not None
        in_sql = with_standing(Company.objects.all(), on=on).values_list("standing", flat=True).get()
        assert in_sql == found.standing
        told[on] = [
            finding.facts.get("answer_due_on") for finding in found.findings if finding.rule == "report_overdue"
        ]

    due = date(2026, 5, 1)
    assert list(told.values()) == [[], [], [due], [due], [], []]


@pytest.mark.django_db
def test_standing_of_any_number_of_companies_costs_one_query(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_member()

    with django_assert_num_queries(1):
        found = with_standing(Company.objects.all(), on=ON).order_by("pk").values_list("standing", flat=True)
        assert list(found) == ["training_unproven"] * 3
