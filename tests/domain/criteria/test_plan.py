"""Plans: drafted, kept, done, verified; and what they say of the six criteria."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.lifecycle import CLOSED
from codesign.companies.models import CodeMembership, Company
from codesign.criteria import actions
from codesign.criteria.figures import with_criteria_states, with_plan_states
from codesign.criteria.lifecycle import TABLE, PlanActionMove, PlanActionState, target_of
from codesign.criteria.models import Criterion, PlanAction
from codesign.criteria.rules import state_of, states_in
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, MoveNotAllowed, Refused, Stale
from tests.factories.companies import OFFICER, make_company, make_membership, make_scope, make_site
from tests.factories.criteria import load_plan_templates, load_wordings, make_evidence, make_plan_action

pytestmark = pytest.mark.django_db
ACTOR = make_scope()
NEW = {"criterion_number": 4, "title": "Posters", "responsible_role": "director", "due_on": date(2027, 1, 31)}


@pytest.mark.parametrize(
    ("category", "count"), [("hotel", 10), ("hotel_chain", 10), ("tour_operator", 9), ("other", 8)]
)
def test_a_first_plan_has_an_action_on_every_criterion(at, category, count):
    load_plan_templates()
    membership = make_membership(state="submitted", company=make_company(category=category))

    drafted = actions.draft_plan(membership_id=membership.pk, language="fr", actor=ACTOR, at=at)

    assert len(drafted) == count
    assert {action.criterion_number for action in drafted} == {1, 2, 3, 4, 5, 6}
    first = membership.plan_actions.get(template_code="policy")
    assert (first.title, first.due_on) == (
        "Adopter et publier une politique de protection de l'enfance",
        date(2027, 2, 22),
    )


def test_a_plan_is_drafted_once(at):
    load_plan_templates()
    action = make_plan_action()

    with pytest.raises(Refused) as refused:
        actions.draft_plan(membership_id=action.membership_id, actor=ACTOR, at=at)

    assert (refused.value.code, PlanAction.objects.count()) == ("plan_exists", 1)


@pytest.mark.parametrize("state", ["plan_submitted", "recorded", *sorted(CLOSED)])
def test_a_plan_under_review_or_of_a_closed_membership_does_not_change(at, state):
    membership = make_membership(state=state)
    action = make_plan_action(membership=membership)
    code = "plan_under_review" if state == "plan_submitted" else "membership_closed"

    for attempt in (
        lambda: actions.add_action(membership_id=membership.pk, **NEW, actor=ACTOR, at=at),
        lambda: actions.update_action(action_id=action.pk, title="Another", actor=ACTOR, at=at),
        lambda: actions.remove_action(action_id=action.pk, actor=ACTOR, at=at),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code

    assert list(PlanAction.objects.values_list("title", "version")) == [("Adopt a policy", 1)]
    assert AuditEvent.objects.count() == 0


def test_an_action_stands_on_a_site_of_its_own_company(at):
    membership = make_membership(state="draft")
    foreign = make_site()

    with pytest.raises(Invalid) as invalid:
        actions.add_action(membership_id=membership.pk, site_id=foreign.pk, **NEW, actor=ACTOR, at=at)

    assert (invalid.value.faults[0].pointer, PlanAction.objects.count()) == ("/site", 0)


@pytest.mark.parametrize("state", PlanActionState)
@pytest.mark.parametrize("move", PlanActionMove)
def test_moves_of_an_action_start_from_one_state(move, state):
    source, target = TABLE[move]
    if state == source:
        assert target_of(move, state) == target
    else:
        with pytest.raises(MoveNotAllowed):
            target_of(move, state)


def test_done_and_verified_by_two_people(at):
    action = make_plan_action()
    doer = make_scope(Role.COMPANY_EDITOR, organisation_ids={action.membership.company_id})
    actions.mark_done(action_id=action.pk, done_on=date(2026, 11, 20), expected_version=1, actor=doer, at=at)

    with pytest.raises(Forbidden) as forbidden:
        actions.verify(action_id=action.pk, actor=make_scope(), at=at)  # the same user in another role

    action.refresh_from_db()
    assert forbidden.value.code == "verifier_is_doer"
    assert (action.state, action.done_by_id, action.verified_on, action.version) == ("done", OFFICER, None, 2)


def test_nobody_verifies_for_the_own_organisation(at):
    action = make_plan_action(state="done")
    own = make_scope(Role.LCR, organisation_id=action.membership.company_id, countries={"BE"})

    with pytest.raises(Forbidden) as forbidden:
        actions.verify(action_id=action.pk, actor=own, at=at)

    action.refresh_from_db()
    assert (forbidden.value.code, action.state) == ("own_organisation", "done")


def test_verified_from_outside(at):
    action = make_plan_action(state="done")
    make_evidence(action)

    actions.verify(action_id=action.pk, expected_version=1, actor=ACTOR, at=at)

    action.refresh_from_db()
    assert (action.state, action.verified_on, action.verified_by_id) == ("verified", date(2026, 11, 22), OFFICER)


def test_done_can_be_taken_back_and_not_changed_meanwhile(at):
    action = make_plan_action(state="done")
    with pytest.raises(Refused) as refused:
        actions.update_action(action_id=action.pk, title="Another", actor=ACTOR, at=at)
    assert refused.value.code == "action_not_open"

    actions.reopen(action_id=action.pk, actor=ACTOR, at=at)

    action.refresh_from_db()
    assert (action.state, action.done_on, action.title) == ("open", None, "Adopt a policy")


def test_done_tomorrow_is_refused_and_so_is_an_old_version(at):
    action = make_plan_action(version=2)

    with pytest.raises(Invalid):
        actions.mark_done(action_id=action.pk, done_on=date(2026, 11, 23), actor=ACTOR, at=at)
    with pytest.raises(Stale):
        actions.mark_done(action_id=action.pk, done_on=date(2026, 11, 1), expected_version=1, actor=ACTOR, at=at)
    with pytest.raises(Stale):
        actions.remove_action(action_id=action.pk, expected_version=1, actor=ACTOR, at=at)

    action.refresh_from_db()
    assert (action.state, action.version) == ("open", 2)


COUNTS = [
    ((), "none"),
    (("open", "open"), "planned"),
    (("open", "done"), "in_progress"),
    (("done", "done"), "in_progress"),
    (("verified", "open"), "in_progress"),
    (("verified", "verified"), "met"),
]


@pytest.mark.parametrize(("states", "expected"), COUNTS)
def test_a_criterion_is_met_when_every_action_on_it_is_verified(states, expected):
    membership = make_membership(state="active")
    for state in states:
        make_plan_action(membership=membership, state=state, criterion_number=3)
    make_plan_action(membership=membership, state="verified", criterion_number=5)
    make_plan_action(state="open", criterion_number=3)

    company = with_criteria_states(Company.objects.with_current()).get(pk=membership.company_id)
    plan = with_plan_states(CodeMembership.objects.all()).get(pk=membership.pk)

    by_number = {row["number"]: row["state"] for row in states_in(company.criteria_letters)}
    assert by_number == {1: "none", 2: "none", 3: expected, 4: "none", 5: "met", 6: "none"}
    assert plan.criteria_letters == company.criteria_letters
    done = [state for state in states if state != "open"]
    assert state_of(planned=len(states), done=len(done), verified=states.count("verified")) == expected


def test_without_a_plan_every_criterion_is_none():
    make_company()

    company = with_criteria_states(Company.objects.with_current()).get()

    assert {row["state"] for row in states_in(company.criteria_letters)} == {"none"}


def test_wordings_come_in_five_languages_and_the_newest_in_force_counts():
    assert (load_wordings(), load_wordings()) == (6, 0)
    first = Criterion.objects.get(number=2)
    Criterion.objects.create(
        number=2, version=2, names={"en": "Training"}, texts={"en": "…"}, effective_from=date(2027, 1, 1)
    )

    before, after = (
        dict(Criterion.objects.on(day).values_list("number", "version"))
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    )

    assert set(first.names) == set(first.texts) == {"en", "fr", "nl", "de", "es"}
    assert before == dict.fromkeys(range(1, 7), 1)
    assert after == {**before, 2: 2}
