"""Certificates: issued when everything is there, checked on any day, withdrawn by a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from codesign.companies.models import CodeMembership
from codesign.fees.models import Waiver
from codesign.recognition import actions
from codesign.recognition.figures import due_for_certificate, status_of, with_status
from codesign.recognition.models import Certificate, RecognitionDecision, RecognitionRule
from codesign.recognition.rules import status_on
from codesign.reporting.models import ReportObligation
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError, Forbidden
from tests.factories.companies import make_company, make_decision, make_membership, make_scope, make_site
from tests.factories.fees import make_agreement, make_invoice
from tests.factories.recognition import make_certificate, make_worthy

pytestmark = pytest.mark.django_db
ACTOR = make_scope()
SIGNED = {"company_signed_on": date(2026, 11, 3), "representative_signed_on": date(2026, 11, 4)}


def worthy(**values):
    """A member with the fee of 2026 paid and both signatures."""
    membership = make_membership(**values)
    make_invoice(membership=membership, state="paid", paid_on=date(2026, 11, 5))
    make_agreement(membership=membership, **SIGNED)
    return membership


def issue(membership, at, **more):
    return actions.issue_certificate(membership_id=membership.pk, actor=ACTOR, at=at, **more)


def codes(call):
    """The faults of a refusal, and that nothing was written."""
    with pytest.raises(DomainError) as refused:
        call()
    assert RecognitionDecision.objects.count() == AuditEvent.objects.count() == 0
    return {fault.code for fault in refused.value.faults} or {refused.value.code}


def test_a_certificate_says_what_was_true_when_it_was_issued(at):
    membership = worthy(company=make_company(name="Hôtel Fictif (DEMO)"))
    make_site(company=membership.company, name="Bruxelles")
    make_site(company=membership.company, name="Liège", closed_on=date(2026, 1, 1))

    certificate = issue(membership, at)

    assert (certificate.year, certificate.issued_on, certificate.valid_until) == (
        2026,
        date(2026, 11, 22),
        date(2027, 3, 31),
    )
    assert certificate.scope == {
        "name": "Hôtel Fictif (DEMO)",
        "country": "BE",
        "category": "hotel",
        "member_number": membership.number,
        "member_since": "2024-03-01",
        "site_count": 1,
        "sites": ["Bruxelles"],
    }
    decision = certificate.decisions.get()
    assert (decision.move, decision.effective_on, decision.actor_label) == ("issue", date(2026, 11, 22), "secretariat")


@pytest.mark.parametrize("state", ["approved", "suspended", "recorded", "terminated"])
def test_only_a_member_gets_one(at, state):
    membership = worthy(state=state)

    assert "not_a_member" in codes(lambda: issue(membership, at))
    assert not due_for_certificate(year=2026, on=at.date()).exists()


def test_everything_that_is_missing_is_told_at_once(at):
    membership = make_membership()
    reporting_year = make_worthy(membership, year=2024).reporting_year
    ReportObligation.objects.create(
        membership=membership,
        company=membership.company,
        reporting_year=reporting_year,
        due_on=date(2025, 3, 31),
        lapses_on=date(2025, 6, 29),
        created_at=at,
    )

    assert codes(lambda: issue(membership, at)) == {"fee_unsettled", "agreement_unsigned", "report_lapsed"}
    RecognitionRule.objects.create(effective_from=date(2026, 1, 1), asks_report=False)
    assert codes(lambda: issue(membership, at, year=2020)) == {"out_of_range", "fee_unsettled", "agreement_unsigned"}


def test_a_waiver_serves_as_fee_and_one_certificate_a_year(at):
    membership = make_membership()
    make_agreement(membership=membership, **SIGNED)
    given = {"membership": membership, "reason_code": "pilot", "granted_on": date(2026, 1, 5), "created_at": at}
    Waiver.objects.create(year=2026, **given)

    assert list(due_for_certificate(year=2026, on=at.date())) == [membership]
    issue(membership, at)

    with pytest.raises(DomainError) as refused:
        issue(membership, at)
    assert [fault.code for fault in refused.value.faults] == ["certificate_exists"]
    assert (Certificate.objects.count(), due_for_certificate(year=2026, on=at.date()).count()) == (1, 0)


def test_nobody_recognises_the_own_organisation(at):
    membership = worthy()
    insider = make_scope("lcr", countries={"BE"}, organisation_id=membership.company_id)

    assert codes(lambda: actions.issue_certificate(membership_id=membership.pk, actor=insider, at=at)) == {
        "own_organisation"
    }
    assert actions.issue_due(actor=insider, at=at) == []
    certificate = make_certificate(membership=membership)
    with pytest.raises(Forbidden):
        actions.withdraw_certificate(certificate_id=certificate.pk, reason_code="error", actor=insider, at=at)


def test_all_that_are_due_are_issued_in_the_callers_countries(at):
    first, second = worthy(), worthy()
    worthy(company=make_company(country="NL"))
    make_membership()
    lcr = make_scope("lcr", countries={"BE"})

    issued = [actions.issue_due(actor=lcr, at=at) for _ in range(2)]

    assert [{row.membership_id for row in rows} for rows in issued] == [{first.pk, second.pk}, set()]


def test_withdrawn_it_says_so_and_another_may_follow(at):
    membership = worthy()
    certificate = issue(membership, at)
    withdrawn = {"certificate_id": certificate.pk, "reason_code": "issued_in_error", "actor": ACTOR, "at": at}

    actions.withdraw_certificate(**withdrawn, expected_version=1)
    with pytest.raises(DomainError) as refused:
        actions.withdraw_certificate(**withdrawn)
    again = issue(membership, at)

    assert refused.value.code == "withdrawn_already"
    assert [status_of(row.number, on=at.date()) for row in (certificate, again)] == ["withdrawn", "valid"]
    assert sorted(certificate.decisions.values_list("move", "reason_code")) == [
        ("issue", ""),
        ("withdraw", "issued_in_error"),
    ]


def test_the_check_in_sql_and_in_python_agree_on_every_day_of_many_histories(at):
    """Suspended, back again, overturned, ended, withdrawn."""
    plain = make_membership()
    suspended = make_membership(state="suspended")
    make_decision(membership=suspended, effective_on=date(2026, 12, 1))
    back = make_membership()
    make_decision(membership=back, effective_on=date(2026, 12, 1))
    make_decision(
        membership=back, move="reinstate", from_state="suspended", to_state="active", effective_on=date(2026, 12, 10)
    )
    overturned = make_membership()
    undone = make_decision(membership=overturned, effective_on=date(2026, 12, 1))
    make_decision(
        membership=overturned,
        move="reinstate",
        from_state="suspended",
        to_state="active",
        effective_on=date(2026, 12, 5),
        overturns=undone,
    )
    ended = make_membership(state="resigned", ended_on=date(2026, 12, 15))
    rows = [make_certificate(membership=each) for each in (plain, suspended, back, overturned, ended)]
    rows.append(make_certificate(membership=plain, year=2025, withdrawn_on=date(2026, 12, 20)))
    days = [date(2026, 11, 20) + timedelta(days=days) for days in (0, 10, 11, 15, 20, 25, 30, 131, 132, 200)]

    expected = {plain: "v", suspended: "vvllllllll", back: "vvllvvvvll", overturned: "v", ended: "vvvvvlllll"}
    for day in days:
        found = dict(with_status(Certificate.objects.all(), on=day).values_list("pk", "status"))
        for row in rows:
            public = _public_status(row.membership, day)
            assert found[row.pk] == status_on(
                day, valid_until=row.valid_until, withdrawn_on=row.withdrawn_on, public_status=public
            ), (row.membership.state, day)
    for row in rows[:5]:
        said = "".join(status_of(row.number, on=day)[0] for day in days)
        assert (
            said == (expected[row.membership] + "v" * 7)[:8] + "ll"
            if len(expected[row.membership]) == 1
            else (said == expected[row.membership])
        )


def _public_status(membership: CodeMembership, day: date) -> str:
    """By hand: the newest upheld decision of the day."""
    if membership.ended_on and membership.ended_on <= day:
        return "former"
    decisions = membership.decisions.filter(effective_on__lte=day, overturned_by=None, overturns=None)
    newest = decisions.order_by("-effective_on", "-version").first()
    return "suspended" if newest and newest.to_state == "suspended" else "member"
