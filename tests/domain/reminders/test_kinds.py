"""Each kind of reminder leaves on its days, to its roles, and stops when what it asks for is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.fees.models import Invoice
from codesign.overview.models import CompanyOverview
from codesign.reminders import actions
from codesign.reminders.explain import explain
from codesign.reminders.facts import facts_of
from codesign.reminders.forecasting import forecast
from codesign.reminders.mails import written
from codesign.reminders.models import ClosedPeriod, Occurrence, ReminderRule
from codesign.training.models import StatusTile
from members.people.models import ContactLanguage, ContactRole
from members.scope import Role
from tests.domain.reminders.test_foresight import Tray, a_day
from tests.factories import training
from tests.factories.agreements import make_agreement
from tests.factories.companies import make_membership, make_scope
from tests.factories.criteria import make_plan_action
from tests.factories.fees import make_invoice
from tests.factories.reminders import AT, make_body, make_contact, make_draft, make_obligation, make_rule

pytestmark = pytest.mark.django_db
SECRETARIAT = make_scope(Role.SECRETARIAT)
START = datetime.fromisoformat("2027-01-04T12:00:00+00:00")


def steps(code: str, *, days: int = 400, at: datetime = START) -> list[tuple[int, str, date]]:
    """What the rule would send from `at` on: step, role and day."""
    found = forecast(scope=SECRETARIAT, at=at, since=at, until=at + timedelta(days=days), rule_code=code)
    return [(row.step, row.contact_role, row.due_at.date()) for _, row in found]


def officers(membership: Any, representative: Any) -> None:
    """One contact for the company's reports, one for its representative."""
    make_contact(organisation=membership.company.organisation)
    make_contact(organisation=representative, role=ContactRole.LCR_OFFICER)


@pytest.fixture
def lcr() -> Any:
    """A Local Code Representative."""
    return make_body(name="ECPAT Belgium", kind="ngo")


def test_who_is_approved_and_unpaid_or_unsigned_hears_twice_then_the_lcr(lcr: Any) -> None:
    make_rule("joining")
    joining = make_membership(state="approved", representative=lcr, approved_on=date(2027, 1, 4))
    officers(joining, lcr)

    assert steps("joining") == [
        (14, "reporting_officer", date(2027, 1, 18)),
        (30, "reporting_officer", date(2027, 2, 3)),
        (44, "lcr_officer", date(2027, 2, 17)),
    ]
    type(joining).objects.update(state="active")
    assert steps("joining") == []


def test_a_fee_is_asked_for_before_and_after_its_day_by_the_finance_officer_if_there_is_one(lcr: Any) -> None:
    make_rule("fee-due")
    member = make_membership(representative=lcr)
    officers(member, lcr)
    finance = make_contact(organisation=member.company.organisation, role=ContactRole.FINANCE)
    make_invoice(membership=member, due_on=date(2027, 3, 1))

    found = forecast(scope=SECRETARIAT, at=START, since=START, until=START + timedelta(days=200))

    assert [(row.step, row.contact_role) for _, row in found] == [
        (-14, "finance"),
        (1, "finance"),
        (30, "finance"),
        (30, "lcr_officer"),
    ]
    assert found[0][1].contact_id == finance.pk
    Invoice.objects.update(state="waived")
    assert steps("fee-due") == []


def test_an_action_is_asked_for_before_on_and_after_its_day(lcr: Any) -> None:
    make_rule("action-due")
    member = make_membership(representative=lcr)
    officers(member, lcr)
    make_plan_action(membership=member, due_on=date(2027, 3, 1))

    assert [(step, role) for step, role, _ in steps("action-due")] == [
        (-14, "reporting_officer"),
        (0, "reporting_officer"),
        (14, "lcr_officer"),
        (14, "reporting_officer"),
    ]


def test_lapsing_training_is_told_once_a_month_and_a_falling_site_once(lcr: Any) -> None:
    make_rule("training-lapsing", "site-below-target")
    training.load_default_requirements()
    site = training.make_workplace(heads=None)
    member = make_membership(company=site.company, representative=lcr)
    make_contact(organisation=member.company.organisation, role=ContactRole.TRAINING_OFFICER)
    course = training.make_course()
    for number in range(5):  # five lapse in turn, in April and in June
        person = training.make_staff(site)
        training.make_completion(person, on=date(2026, 4, 20) if number < 2 else date(2026, 6, 10), course=course)
    lapses = sorted(StatusTile.objects.filter(status="lapsed").values_list("first_day", flat=True).distinct())
    months = sorted({day.replace(day=1) for day in lapses})

    found = steps("training-lapsing", days=800, at=training.AT)
    falls = steps("site-below-target", days=800, at=training.AT)

    assert [role for _, role, _ in found] == ["training_officer"] * len(months)
    assert [
        abs((day - (month - timedelta(days=31))).days) <= 2 for (_, _, day), month in zip(found, months, strict=True)
    ]
    # Five trained of five; two lapse: three of five are under four fifths from the first of these days on.
    assert [(step, abs((day - (lapses[0] - timedelta(days=30))).days) <= 2) for step, _, day in falls] == [(-30, True)]


def test_an_agreement_that_ends_is_told_to_its_parties_and_to_the_secretariat() -> None:
    make_rule("agreement-ending", "agreement-watch")
    party = make_body(kind="ngo")
    make_contact(organisation=party, role=ContactRole.DIRECTOR)
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT)
    agreement = make_agreement(parties=(party, make_body(kind="ngo")), ends_on="2027-06-30")

    assert steps("agreement-watch") == [
        (-90, "secretariat", date(2027, 4, 1)),
        (-30, "secretariat", date(2027, 5, 31)),
    ]
    actions.plan(at=datetime.fromisoformat("2027-04-02T12:00:00+00:00"))
    rows = Occurrence.objects.filter(rule_code="agreement-ending").order_by("state")
    assert list(rows.values_list("step", "state", "reason")) == [(-90, "due", ""), (-90, "suppressed", "no_contact")]
    type(agreement).objects.update(state="ended")
    assert steps("agreement-watch") == []


def test_the_lcr_hears_every_monday_while_something_needs_a_person(lcr: Any) -> None:
    make_rule("lcr-week")
    owed = make_obligation(representative=lcr, due_on=date(2027, 1, 2))
    make_contact(organisation=lcr, role=ContactRole.LCR_OFFICER)

    found = steps("lcr-week", days=21)

    assert found == [(0, "lcr_officer", date(2027, 1, day)) for day in (11, 18, 25)]
    type(owed).objects.update(fulfilled_on=date(2027, 1, 3), fulfilled_at=START)
    assert steps("lcr-week", days=21) == []


def test_a_step_repeats_until_what_it_asks_for_is_done() -> None:
    rule = make_draft(code="insisting", steps=((1, "reporting_officer"),), published_at=AT)
    rule.steps.update(repeat_days=30, repeat_times=3)
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation)

    assert [step for step, _, _ in steps("insisting")] == [1, 31, 61, 91]


def test_a_country_has_rules_of_its_own_from_their_day_on() -> None:
    make_draft(code="r", steps=((-10, "reporting_officer"),), published_at=AT)
    make_draft(
        code="r",
        version=2,
        country_id="NL",
        steps=((-20, "reporting_officer"),),
        effective_from=date(2027, 3, 1),
        published_at=AT,
    )
    for country in ("BE", "NL"):
        for due_on in (date(2027, 2, 26), date(2027, 4, 30)):
            owed = make_obligation(organisation=make_body(country_id=country), due_on=due_on)
            make_contact(organisation=owed.company.organisation)

    found = [(step, day.month) for step, _, day in steps("r")]

    assert sorted(found) == [(-20, 4), (-10, 2), (-10, 2), (-10, 4)]


def test_a_closed_season_moves_the_mail_to_the_next_open_day() -> None:
    make_rule()
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation)
    ClosedPeriod.objects.create(
        company=owed.company, first_on=date(2027, 2, 20), last_on=date(2027, 3, 12), created_at=AT
    )

    # −30 is Monday 1 March; the season ends on Friday 12 March.
    assert steps("report-due")[0] == (-30, "reporting_officer", date(2027, 3, 15))


@pytest.mark.parametrize("language", ContactLanguage.values)
def test_every_kind_has_its_words_in_every_language(lcr: Any, language: str) -> None:
    make_rule(*ReminderRule.objects.values_list("code", flat=True), *_codes())
    organisation = make_body(name="Hôtel <Mer> (DEMO)", is_demo=True)
    owed = make_obligation(organisation=organisation)
    subjects = {
        "report_due": owed.pk,
        "joining": owed.membership_id,
        "fee_due": make_invoice(membership=owed.membership).pk,
        "action_due": make_plan_action(membership=owed.membership, title="Adopt a policy").pk,
        "training_lapsing": owed.membership_id,
        "site_below_target": training.make_workplace(owed.company).pk,
        "agreement_ending": make_agreement(parties=(lcr, organisation)).parties.first().pk,
        "agreement_watch": make_agreement().pk,
        "lcr_digest": lcr.pk,
    }
    rows = [
        Occurrence(
            rule_code=kind,
            rule_version=1,
            kind=kind,
            subject_type=kind,
            subject_id=subject,
            organisation=organisation,
            membership=owed.membership,
            anchor_on=date(2027, 3, 31),
            step=step,
            contact_role=role,
            due_at=AT,
            planned_at=AT,
        )
        for kind, subject in subjects.items()
        for step, role in ((-7, "reporting_officer"), (30, "lcr_officer"))
    ]
    facts = facts_of(rows, at=START)

    single = [written([row], facts, language=language) for row in rows]
    together = written(rows, facts, language=language)

    for parts in single:
        assert parts["subject"].startswith("[DEMO] ")
        assert len(parts["subject"]) > 20
        why, what = parts["text"].split("\n\n")[1:3]
        assert len(why) > 40
        assert what.strip() or "worklist" in parts["text"]
        assert parts["text"].count("http") == 1
        assert "<Mer>" not in parts["page"]
        assert "None" not in parts["text"]
    assert together["page"].count("href=") == len(rows)
    assert str(len(rows)) in together["subject"]


@pytest.mark.parametrize("language", ContactLanguage.values)
def test_who_has_paid_is_asked_to_sign_and_nothing_else(language: str) -> None:
    joining = make_membership(state="approved")
    row = Occurrence(kind="joining", subject_id=joining.pk, membership=joining, anchor_on=START.date(), step=14)
    row.organisation, row.due_at, row.contact_role = joining.company.organisation, START, "reporting_officer"
    facts = facts_of([row], at=START)
    (said,) = facts.said.values()

    both = written([row], facts, language=language)["text"].split("\n\n")[2]
    said["is_paid"] = True
    unsigned = written([row], facts, language=language)["text"].split("\n\n")[2]

    assert both == both.strip()
    assert both.endswith(f". {unsigned}")


def _codes() -> list[str]:
    from codesign.reminders.actions import load_rules

    load_rules(at=AT)
    return list(ReminderRule.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("filters", "reached"),
    [
        ({}, ["Brussel", "Lille"]),
        ({"countries": ["FR"]}, ["Lille"]),
        ({"categories": ["airline"]}, []),
        ({"categories": ["hotel"], "countries": ["BE", "NL"]}, ["Brussel"]),
        ({"standings": ["report_overdue"]}, ["Lille"]),
        ({"schemes": ["the_code"]}, ["Brussel", "Lille"]),
        ({"schemes": ["another"]}, []),
    ],
)
def test_a_rule_is_for_those_whom_its_filters_let_through(filters: dict[str, list[str]], reached: list[str]) -> None:
    make_rule()
    ReminderRule.objects.update(**filters)
    for name, country, standing in (("Brussel", "BE", "good"), ("Lille", "FR", "report_overdue")):
        owed = make_obligation(organisation=make_body(name=name, country_id=country))
        make_contact(organisation=owed.company.organisation)
        CompanyOverview.objects.create(
            company=owed.company, counted_on=date(2027, 3, 1), standing=standing, shown="{}", shown_as=""
        )

    actions.plan(at=datetime(2027, 3, 1, 12, tzinfo=UTC))

    assert sorted(Occurrence.objects.values_list("organisation__name", flat=True)) == reached


def test_a_filter_is_asked_again_when_the_mail_leaves_and_shown_when_somebody_asks() -> None:
    make_rule()
    ReminderRule.objects.update(categories=["hotel"])
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation)
    at, tray = datetime(2027, 3, 1, 12, tzinfo=UTC), Tray()
    actions.plan(at=at)
    type(owed.company).objects.update(category="airline")

    a_day(at, tray)

    assert tray.mails == []
    assert list(Occurrence.objects.values_list("state", "reason")) == [("suppressed", "not_filter")]
    found = explain(rule_code="report-due", subject_id=owed.pk, scope=make_scope(Role.SECRETARIAT), at=at)
    assert (found.verdict, [(one.code, one.holds) for one in found.clauses if not one.holds]) == (
        "suppressed",
        [("filter", False)],
    )
