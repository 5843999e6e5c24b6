"""Top Member: an award per year, with the criteria that it rested on."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.register import public_register
from codesign.criteria.models import PlanAction
from codesign.recognition import actions
from codesign.recognition.figures import awarded, with_awards
from codesign.recognition.models import Award, RecognitionDecision
from codesign.reporting.models import Report
from registry.kernel.errors import Refused, Stale
from tests.factories.companies import make_membership, make_scope
from tests.factories.recognition import make_award, make_worthy

pytestmark = pytest.mark.django_db
ACTOR = make_scope()


def give(membership, at, year=2025):
    return actions.give_award(membership_id=membership.pk, year=year, actor=ACTOR, at=at)


def test_it_rests_on_six_criteria_and_a_published_report(at):
    membership = make_membership()
    report = make_worthy(membership)

    award = give(membership, at)

    assert (award.kind, award.year, award.given_on) == ("top_member", 2025, date(2026, 11, 22))
    assert award.criteria == [{"number": number, "actions": 1, "verified": 1} for number in range(1, 7)]
    assert award.report_id == report.pk
    PlanAction.objects.all().delete()
    award.refresh_from_db()
    assert len(award.criteria) == 6


def test_each_criterion_that_is_not_met_is_named(at):
    membership = make_membership()
    make_worthy(membership)
    PlanAction.objects.filter(criterion_number=2).update(state="done", verified_on=None)
    PlanAction.objects.filter(criterion_number=5).delete()
    Report.objects.update(state="accepted")

    with pytest.raises(Refused) as refused:
        give(membership, at)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/criteria/2", "criterion_not_met"),
        ("/criteria/5", "criterion_not_met"),
        ("/year", "report_unpublished"),
    ]
    assert (Award.objects.count(), RecognitionDecision.objects.count()) == (0, 0)


def test_once_a_year_and_again_after_it_was_withdrawn(at):
    membership = make_membership()
    make_worthy(membership)
    first = give(membership, at)
    with pytest.raises(Refused) as refused:
        give(membership, at)
    assert [fault.code for fault in refused.value.faults] == ["award_exists"]
    with pytest.raises(Stale):
        actions.withdraw_award(award_id=first.pk, reason_code="error", expected_version=9, actor=ACTOR, at=at)

    actions.withdraw_award(award_id=first.pk, reason_code="error", actor=ACTOR, at=at)

    assert give(membership, at).pk != first.pk


@pytest.mark.parametrize(("in_error", "before"), [(False, 2025), (True, None)])
def test_the_past_keeps_what_was_withdrawn_and_forgets_what_was_given_in_error(at, in_error, before):
    membership = make_membership()
    award = make_award(membership=membership)

    actions.withdraw_award(award_id=award.pk, reason_code="review", was_in_error=in_error, actor=ACTOR, at=at)

    days = (date(2026, 11, 19), date(2026, 11, 21), date(2026, 11, 22))
    seen = [with_awards(public_register(on=day), on=day).get().top_member_year for day in days]
    assert seen == [None, before, None]
    held = [awarded(public_register(on=day), years=[2025], on=day).exists() for day in days]
    assert held == [False, not in_error, False]
