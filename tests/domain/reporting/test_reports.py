"""Beginning, answering and moving a report, without HTTP."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from codesign.companies.lifecycle import MembershipState
from codesign.reporting import actions, contents, figures
from codesign.reporting.models import Answer, Report, ReportMove, ReportObligation, ReportSnapshot
from members.scope import COMPANY_ROLES, Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, Refused, Stale
from tests.factories.reporting import (
    OPENED_AT,
    make_complete_report,
    make_member,
    make_report,
    make_year,
    section_versions,
)

pytestmark = pytest.mark.django_db

SECRETARIAT = Scope(day=OPENED_AT.date(), hats=(Hat(role=Role.SECRETARIAT),), label="secretariat")


def answer(report: Report, section: str, values: dict, *, version: int | None = None, at: datetime = OPENED_AT):
    return actions.answer_section(
        report_id=report.pk, section=section, answers=values, expected_version=version, actor=SYSTEM, at=at
    )


def submit(report: Report, at: datetime = OPENED_AT) -> Report:
    return actions.submit(report_id=report.pk, expected_version=None, actor=SYSTEM, at=at)


@pytest.mark.parametrize(
    ("zone", "at", "is_open"),
    [
        ("Pacific/Kiritimati", datetime(2025, 12, 31, 10, 0, tzinfo=UTC), True),
        ("Pacific/Kiritimati", datetime(2025, 12, 31, 9, 59, tzinfo=UTC), False),
        ("America/Los_Angeles", datetime(2026, 1, 1, 7, 59, tzinfo=UTC), False),
        ("America/Los_Angeles", datetime(2026, 1, 1, 8, 0, tzinfo=UTC), True),
    ],
)
def test_a_year_opens_in_the_companys_zone(zone, at, is_open):
    member = make_member(zone=zone)
    make_year(2025, at=datetime(2025, 12, 1, tzinfo=UTC))

    if is_open:
        assert actions.create(company_id=member.company_id, year=2025, actor=SYSTEM, at=at).state == "draft"
    else:
        with pytest.raises(Refused) as refusal:
            actions.create(company_id=member.company_id, year=2025, actor=SYSTEM, at=at)
        assert (refusal.value.code, Report.objects.count()) == ("year_not_open", 0)


def test_only_members_report():
    applicant = make_member(state=MembershipState.APPROVED, member_since=None)
    make_year(2025)

    with pytest.raises(Refused) as refusal:
        actions.create(company_id=applicant.company_id, year=2025, actor=SYSTEM, at=OPENED_AT)
    assert (refusal.value.code, Report.objects.count()) == ("not_a_member", 0)


def test_a_second_report_for_the_year_is_refused():
    report = make_report()

    with pytest.raises(Refused) as refusal:
        actions.create(company_id=report.company_id, year=2025, actor=SYSTEM, at=OPENED_AT)
    assert (refusal.value.code, refusal.value.details) == ("report_exists", {"report": str(report.pk)})
    assert Report.objects.count() == 1


def test_missing_is_unknown_and_never_zero():
    report = make_report()
    answer(report, "criterion-2", {"staff_total": 0, "staff_trained": 0})

    answer(report, "criterion-2", {"staff_trained": None}, at=datetime(2026, 1, 5, tzinfo=UTC))

    kept = Answer.objects.order_by("question__position").values_list("question__code", "value", "number", "answered_at")
    assert list(kept) == [
        ("staff_total", 0, Decimal(0), OPENED_AT),
        ("staff_trained", None, None, datetime(2026, 1, 5, tzinfo=UTC)),
    ]
    report.refresh_from_db()
    assert (report.completeness_share, report.version) == (Decimal("0.09"), 3)


def test_one_fault_keeps_the_whole_section_as_it_was():
    report = make_report(answers={"criterion-2": {"staff_total": 5}})
    events = AuditEvent.objects.count()

    with pytest.raises(Invalid) as refusal:
        answer(report, "criterion-2", {"staff_total": 6, "staff_trained": "many", "policy_date": "2024-05-01"})

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("/answers/staff_trained", "wrong_type"),
        ("/answers/policy_date", "unknown_question"),
    ]
    assert contents.values_of(report.pk) == {"staff_total": 5}
    assert (section_versions(report)["criterion-2"], AuditEvent.objects.count()) == (2, events)


def test_the_second_of_two_editors_is_told_what_stands_now():
    report = make_report()
    answer(report, "criterion-2", {"staff_total": 5}, version=1)

    with pytest.raises(Stale) as refusal:
        answer(report, "criterion-2", {"staff_total": 7}, version=1)
    answer(report, "criterion-3", {"contracts_total": 9}, version=1)

    assert refusal.value.details == {
        "of": str(report.pk),
        "version": 2,
        "answers": {"staff_total": 5, "staff_trained": None},
        "yours": {"staff_total": 7},
        "changed_by": "system",
    }
    assert contents.values_of(report.pk) == {"staff_total": 5, "contracts_total": 9}
    assert section_versions(report)["criterion-1"] == 1


def test_the_audit_log_names_questions_and_never_answers():
    report = make_report(answers={"criterion-2": {"staff_total": 123457}})

    event = AuditEvent.objects.get(action="reports.answer")
    assert (event.object_id, event.changes) == (
        report.pk,
        {"section": [None, "criterion-2"], "questions": [None, ["staff_total"]]},
    )


def test_an_incomplete_report_stays_a_draft():
    report = make_complete_report()
    answer(report, "criterion-2", {"staff_total": None})
    answer(report, "criterion-3", {"contracts_with_clause": 41})

    with pytest.raises(Refused) as refusal:
        submit(report)

    assert refusal.value.code == "report_incomplete"
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("/answers/staff_total", "missing"),
        ("/answers/contracts_with_clause", "above_other_answer"),
    ]
    report.refresh_from_db()
    assert (report.state, report.first_submitted_at) == ("draft", None)
    assert (ReportSnapshot.objects.count(), ReportMove.objects.count()) == (0, 0)
    assert ReportObligation.objects.filter(fulfilled_at=None).count() == 1


@pytest.mark.parametrize(
    ("zone", "at", "is_late", "fulfilled_on"),
    [
        ("Europe/Brussels", datetime(2026, 3, 31, 21, 59, tzinfo=UTC), False, date(2026, 3, 31)),
        ("Europe/Brussels", datetime(2026, 3, 31, 22, 0, tzinfo=UTC), True, date(2026, 4, 1)),
        ("America/Los_Angeles", datetime(2026, 4, 1, 6, 59, tzinfo=UTC), False, date(2026, 3, 31)),
    ],
)
def test_in_time_is_until_midnight_in_the_companys_zone(zone, at, is_late, fulfilled_on):
    report = submit(make_complete_report(membership=make_member(zone=zone)), at)

    shown = figures.with_due_on(Report.objects.all(), on=date(2026, 12, 1)).get()
    assert (shown.due_on, shown.is_late, report.first_submitted_on) == (date(2026, 3, 31), is_late, fulfilled_on)
    obligation = ReportObligation.objects.get()
    assert (obligation.fulfilled_at, obligation.fulfilled_on) == (at, fulfilled_on)


def test_the_first_submission_decides_and_each_takes_a_snapshot():
    report = submit(make_complete_report(), datetime(2026, 3, 1, tzinfo=UTC))
    actions.return_(
        report_id=report.pk,
        comments={"staff_trained": "With the seasonal staff?"},
        expected_version=None,
        actor=SECRETARIAT,
        at=datetime(2026, 4, 10, tzinfo=UTC),
    )
    answer(report, "criterion-2", {"staff_trained": 100})
    submit(report, datetime(2026, 5, 2, tzinfo=UTC))

    report.refresh_from_db()
    assert (report.first_submitted_on, report.submitted_at) == (date(2026, 3, 1), datetime(2026, 5, 2, tzinfo=UTC))
    assert (report.answer_due_on, report.review_due_on) == (None, date(2026, 7, 1))
    assert ReportObligation.objects.get().fulfilled_on == date(2026, 3, 1)
    trained = [
        next(a["value"] for a in snapshot.content["answers"] if a["code"] == "staff_trained")
        for snapshot in ReportSnapshot.objects.order_by("number")
    ]
    assert trained == [96, 100]
    for snapshot in ReportSnapshot.objects.all():
        assert hashlib.sha256(contents.canonical(snapshot.content)).hexdigest() == snapshot.sha256


def test_nobody_reviews_the_organisation_that_they_belong_to():
    report = submit(make_complete_report())
    own = Scope(day=OPENED_AT.date(), hats=(Hat(role=Role.LCR, organisation_id=report.company_id),))
    version = Report.objects.get().version

    with pytest.raises(Forbidden) as refusal:
        actions.accept(report_id=report.pk, expected_version=None, actor=own, at=OPENED_AT)
    assert refusal.value.code == "own_organisation"
    assert (Report.objects.get().state, Report.objects.get().version) == ("submitted", version)


def test_comments_are_bound_to_questions_and_describe_no_case():
    report = submit(make_complete_report())

    with pytest.raises(Invalid) as refusal:
        actions.return_(
            report_id=report.pk,
            comments={"ghost": "?", "staff_total": " ", "staff_trained": "Ask jan@hotel.example"},
            expected_version=None,
            actor=SECRETARIAT,
            at=OPENED_AT,
        )

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("/comments/ghost", "unknown_question"),
        ("/comments/staff_total", "wrong_length"),
        ("/comments/staff_trained", "looks_like_a_person"),
    ]
    assert (Report.objects.get().state, ReportMove.objects.count()) == ("submitted", 1)


def scope(role: Role, **fields) -> Scope:
    return Scope(day=OPENED_AT.date(), hats=(Hat(role=role, **fields),))


def test_each_role_sees_its_own_reports():
    belgian = make_report()
    dutch = make_report(membership=make_member(country="NL", zone="Europe/Amsterdam"))
    own = frozenset({belgian.company_id})
    expected = {
        **{role: {belgian.pk} if role in COMPANY_ROLES else set() for role in Role},
        Role.LCR: {dutch.pk},
        Role.APPLICANT: {belgian.pk},
        Role.SECRETARIAT: {belgian.pk, dutch.pk},
        Role.AUDITOR: {belgian.pk, dutch.pk},
    }

    def seen(role: Role) -> set:
        countries = frozenset({"NL"}) if role == Role.LCR else frozenset()
        organisations = frozenset() if role == Role.LCR else own
        caller = scope(role, organisation_ids=organisations, countries=countries)
        return set(Report.objects.visible_to(caller).values_list("pk", flat=True))

    assert {role: seen(role) for role in Role} == expected


def test_an_auditor_reads_no_answers():
    make_complete_report()

    assert Answer.objects.visible_to(scope(Role.AUDITOR)).count() == 0
    assert Answer.objects.visible_to(scope(Role.SECRETARIAT)).count() == 14
