"""Assemblies, resolutions and seats that public sources name, from their files."""

from __future__ import annotations

import pytest

from members.assemblies.figures import attendance, quorum_of
from members.assemblies.models import Assembly, CommitteeSeats, Resolution
from members.assemblies.rules import Quorum
from members.management.loading import NetworkLoad

pytestmark = pytest.mark.django_db


def test_each_is_added_once_with_its_source(at):
    NetworkLoad(at=at).run()
    counts = NetworkLoad(at=at).run()

    kinds = ("assemblies", "resolutions", "committee-seats")
    assert [(counts[kind, "created"], counts[kind, "unchanged"]) for kind in kinds] == [(0, 5), (0, 1), (0, 5)]
    columns = ("number", "place", "starts_on", "ends_on", "mode")
    assert list(Assembly.objects.order_by("starts_earliest", "pk").values_list(*columns)) == [
        (None, "Paris", "2011-11", "", "unknown"),
        (6, "Paris", "2014-12-02", "2014-12-03", "unknown"),
        (None, "Bogotá", "2018-06", "", "unknown"),
        (8, "", "2021", "", "online"),
        (9, "", "2023-03", "", "online"),
    ]
    assert not Assembly.objects.filter(source="").exists()
    assert set(Assembly.objects.values_list("organisation__name", "kind")) == {("ECPAT International", "network")}


def test_ten_seats_by_region_and_one_resolution(at):
    NetworkLoad(at=at).run()

    assert dict(CommitteeSeats.objects.current().values_list("region_id", "seat_count")) == {
        "americas": 2,
        "sub-saharan-africa": 2,
        "europe": 2,
        "middle-east-and-north-africa": 1,
        "asia-and-the-pacific": 3,
    }
    (resolution,) = Resolution.objects.values_list("assembly__number", "titles", "result", "votes_for")
    assert resolution == (6, {"en": "Strategic framework 2015–2018"}, "adopted", None)


def test_from_sources_alone_no_vote_is_certain(at):
    NetworkLoad(at=at).run()
    assembly = Assembly.objects.get(number=6)

    counted = attendance(assembly)

    assert counted.present is not None
    assert counted.entitled is not None
    assert (counted.present.most, counted.entitled.certain) == (0, 0)
    assert counted.entitled.uncertain > 0
    assert quorum_of(assembly, counted) == Quorum(None, "no_rule")
