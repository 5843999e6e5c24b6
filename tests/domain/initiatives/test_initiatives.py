"""Initiatives and trainings: who keeps them, what the log says, what a merge of organisations does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from members.initiatives.actions import initiatives, trainings
from members.initiatives.models import Initiative, InitiativeParticipant, TrainingGiven
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.initiatives import make_initiative, make_training_given
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def changes_of(action):
    return AuditEvent.objects.filter(action=action).order_by("recorded_at", "pk").values_list("changes", flat=True)


def test_a_change_says_what_was_and_what_is(at):
    initiative = make_initiative(since="2025", audiences=["traveller"], languages=["fr"])

    initiatives.update(
        initiative_id=initiative.pk, until="2026-03", audiences=["youth", "traveller"], languages=["fr"],
        expected_version=1, actor=SYSTEM, at=at,
    )  # fmt: skip

    initiative.refresh_from_db()
    assert list(changes_of("initiatives.update")) == [
        {"until": ["", "2026-03"], "audiences": [["traveller"], ["traveller", "youth"]]}
    ]
    assert (initiative.version, initiative.latest_on.isoformat()) == (2, "2026-03-31")


def test_figures_keep_unknown_apart_from_zero(at):
    figures = [
        {
            "unit": "EUR",
            "definition": "Money asked for.",
            "target": Decimal(3000),
            "reached": Decimal(3147),
            "source": "s",
        },
        {"unit": "sessions", "definition": "Sessions planned.", "target": Decimal(111), "source": "s"},
        {"unit": "people", "definition": "People who complained.", "reached": Decimal(0), "source": "s"},
    ]

    initiative = make_initiative(figures=figures)

    held = initiative.figures.order_by("position").values_list("unit", "target", "reached")
    assert list(held) == [("EUR", 3000, 3147), ("sessions", 111, None), ("people", None, 0)]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"since": "2026", "until": "2025"}, "/until", "before_start"),
        ({"recurs_on": "07-30"}, "/recurs_on", "not_a_day"),
        ({"figures": [{"unit": "EUR", "definition": "d", "source": "s"}]}, "/figures/0", "says_nothing"),
    ],
)
def test_a_bad_change_writes_nothing(at, fields, pointer, code):
    initiative = make_initiative(since="2025")
    events = AuditEvent.objects.count()

    with pytest.raises(Invalid) as refusal:
        initiatives.update(initiative_id=initiative.pk, **fields, actor=SYSTEM, at=at)

    assert (refusal.value.faults[0].pointer, refusal.value.faults[0].code) == (pointer, code)
    initiative.refresh_from_db()
    assert (initiative.version, initiative.since, initiative.figures.count(), AuditEvent.objects.count()) == (
        1,
        "2025",
        0,
        events,
    )


def test_an_organisation_has_a_role_once(at):
    lead = make_organisation()
    twice = [{"organisation_id": lead.pk, "role": "lead"}] * 2

    with pytest.raises(Invalid) as refusal:
        make_initiative(participants=twice)

    assert (refusal.value.faults[0].pointer, refusal.value.faults[0].code) == ("/participants/1", "duplicate")
    assert Initiative.objects.count() == 0


def test_a_code_is_given_once(at):
    make_initiative(code="once")

    with pytest.raises(Refused) as refusal:
        make_initiative(code="once")

    assert (refusal.value.code, Initiative.objects.count()) == ("initiative_exists", 1)


def test_an_old_version_changes_nothing(at):
    training = make_training_given(attendance=25)

    with pytest.raises(Stale):
        trainings.update(training_id=training.pk, attendance=30, expected_version=4, actor=SYSTEM, at=at)

    assert TrainingGiven.objects.get().attendance == 25


def test_a_training_outlives_its_initiative(at):
    initiative = make_initiative()
    training = make_training_given(initiative_id=initiative.pk)

    initiatives.remove(initiative_id=initiative.pk, actor=SYSTEM, at=at)

    training.refresh_from_db()
    assert (training.initiative_id, Initiative.objects.count()) == (None, 0)
    assert list(changes_of("initiatives.destroy")) == [{"code": [initiative.code, None]}]


def test_two_rows_of_one_body_are_one_participant_after_their_merge(secretariat):
    kept, other = make_organisation(name="Maison Fictive"), make_organisation(name="Maison Fictive bis")
    initiative = make_initiative(
        participants=[
            {"organisation_id": kept.pk, "role": "lead"},
            {"organisation_id": other.pk, "role": "lead"},
            {"organisation_id": other.pk, "role": "funder"},
        ]
    )

    response = secretariat.post(
        f"organisations/{other.pk}/merge/", {"into": str(kept.pk), "reason": "The same house."}, if_match="*"
    )

    assert response.status_code == 200, response.content
    held = InitiativeParticipant.objects.filter(initiative=initiative).order_by("role")
    assert list(held.values_list("organisation_id", "role")) == [(kept.pk, "funder"), (kept.pk, "lead")]
