"""The network's real initiatives from their files: each fact with its source, safe to repeat."""

from __future__ import annotations

from decimal import Decimal

import pytest

from members.initiatives.models import Initiative, InitiativeFigure, TrainingGiven
from members.management.loading import NetworkLoad

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts(at):
    return NetworkLoad(at=at).run()


def test_sixteen_initiatives_and_eight_trainings_once(counts, at):
    again = NetworkLoad(at=at).run()

    assert [counts[kind, "created"] for kind in ("initiatives", "trainings-given")] == [16, 8]
    assert [again[kind, "created"] for kind in ("initiatives", "trainings-given", "organisations")] == [0, 0, 0]
    assert [again[kind, "unchanged"] for kind in ("initiatives", "trainings-given")] == [16, 8]
    assert not Initiative.objects.filter(source="").exists()
    assert not TrainingGiven.objects.filter(source="").exists()
    assert not InitiativeFigure.objects.filter(source="").exists()


@pytest.mark.usefixtures("counts")
def test_react_is_funded_by_the_union_and_speaks_thirteen_languages():
    react = Initiative.objects.get(code="react")

    assert set(react.languages.values_list("language", flat=True)) == set(
        "fr en nl de ar vi zh sq ro bg ps fa pcm".split()
    )
    assert [(one.organisation.name, one.role) for one in react.participants.order_by("role")] == [
        ("European Union", "funder"),
        ("ECPAT Belgium", "partner"),
    ]
    assert [(one.target, one.reached) for one in react.figures.order_by("position")] == [(150, None), (250, None)]


@pytest.mark.usefixtures("counts")
def test_the_call_for_declic_reached_more_than_was_asked():
    figure = InitiativeFigure.objects.get(initiative__code="declic")

    assert (figure.unit, figure.target, figure.reached) == ("EUR", Decimal(3000), Decimal(3147))


@pytest.mark.usefixtures("counts")
def test_the_stop_group_is_one_lead_nine_partners_two_supporters():
    roles = list(Initiative.objects.get(code="i-say-stop").participants.values_list("role", flat=True))

    assert {role: roles.count(role) for role in set(roles)} == {"lead": 1, "partner": 9, "supporter": 2}


@pytest.mark.usefixtures("counts")
def test_three_sessions_for_accor_in_september_2015():
    sessions = TrainingGiven.objects.filter(partners__organisation__name="Accor Belgium").order_by("held_on")

    assert [(one.held_on, one.given_by.name, one.attendance) for one in sessions] == [
        (f"2015-09-{day}", "ECPAT Belgium", None) for day in ("08", "22", "29")
    ]
    assert Initiative.objects.get(kind="observance_day").recurs_on == "07-30"
