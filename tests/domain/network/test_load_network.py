"""The real network from its files: exact counts, one row per body, safe to repeat."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from members.channels.models import ReportingChannel
from members.management.loading import NetworkLoad
from members.network.models import Group, GroupParticipation, Mandate, NetworkMembership, PublishedSize
from members.organisations.models import Organisation, OrganisationName
from registry.kernel.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

SIZES = {
    "countries": 250,
    "organisations": 80,
    "network-memberships": 50,
    "mandates": 24,
    "groups": 1,
    "group-participations": 12,
    "reporting-channels": 11,
    "channel-counts": 1,
    "published-sizes": 26,
    "agreements": 5,
    "assemblies": 5,
    "resolutions": 1,
    "committee-seats": 5,
    "initiatives": 16,
    "trainings-given": 8,
}


@pytest.fixture
def loaded(at) -> None:
    NetworkLoad(at=at).run()


@pytest.mark.usefixtures("loaded")
def test_a_second_run_changes_nothing():
    before = list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True))
    printed = StringIO()

    call_command("load_network", stdout=printed)

    assert printed.getvalue().splitlines() == [f"{kind}: 0 created, {size} unchanged" for kind, size in SIZES.items()]
    assert list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert [
        model.objects.count()
        for model in (
            Organisation,
            NetworkMembership,
            Mandate,
            Group,
            GroupParticipation,
            ReportingChannel,
            PublishedSize,
        )
    ] == [80, 50, 24, 1, 12, 11, 26]


@pytest.mark.usefixtures("loaded")
def test_every_row_is_in_the_log_with_the_loader_as_actor():
    counted = Counter(AuditEvent.objects.values_list("action", "actor_label"))

    assert counted == {
        ("organisations.create", "load_network"): 80,
        ("organisations.add_name", "load_network"): 5,
        ("network-memberships.create", "load_network"): 50,
        ("mandates.create", "load_network"): 24,
        ("groups.create", "load_network"): 1,
        ("group-participations.create", "load_network"): 12,
        ("reporting-channels.create", "load_network"): 11,
        ("published-sizes.create", "load_network"): 26,
        ("channel-counts.create", "load_network"): 1,
        ("agreements.create", "load_network"): 5,
        ("assemblies.create", "load_network"): 5,
        ("resolutions.create", "load_network"): 1,
        ("committee-seats.create", "load_network"): 5,
        ("initiatives.create", "load_network"): 16,
        ("trainings-given.create", "load_network"): 8,
    }


@pytest.mark.usefixtures("loaded")
def test_one_body_in_several_lists_is_one_organisation():
    belgium = Organisation.objects.get(name="ECPAT Belgium")

    assert (
        belgium.network_memberships.count(),
        belgium.mandates.count(),
        list(belgium.participations.values_list("role", flat=True)),
        list(belgium.channels.values_list("name", flat=True)),
    ) == (1, 1, ["coordinator"], ["Je dis STOP / Ik zeg stop (BE)"])
    assert set(Organisation.objects.filter(country_id="US").values_list("name", flat=True)) == {
        "PACT (originally ECPAT-USA)"
    }
    assert set(OrganisationName.objects.exclude(kind="official").values_list("text", "kind")) == {
        ("ECPAT-USA", "former"),
        ("ECPAT New Zealand", "alias"),
        ("ECPAT/STOP Japan", "alias"),
        ("Beyond Borders", "alias"),
        ("PSGR", "acronym"),
    }
    assert Organisation.objects.filter(country_id="NP").count() == 2


@pytest.mark.usefixtures("loaded")
def test_ten_partners_and_two_supporters_and_no_channel_stand_in_the_stop_group(day):
    roles = Counter(GroupParticipation.objects.values_list("role", flat=True))

    assert roles == {"coordinator": 1, "partner": 9, "supporter": 2}
    assert Group.objects.with_partners(on=day).values_list("partner_count", flat=True).get() == 10
    assert set(ReportingChannel.objects.exclude(linked_group=None).values_list("name", flat=True)) == {
        "dontlookaway.report",
        "stopchildporno.be (BE)",
        "INHOPE",
        "IWF portals",
    }


@pytest.mark.usefixtures("loaded")
def test_imported_mandates_give_no_access(day):
    assert set(Mandate.objects.values_list("state", flat=True)) == {"recorded"}
    assert Mandate.objects.confirmed_on(day).count() == 0


@pytest.mark.usefixtures("loaded")
def test_confidence_is_kept_and_doubt_is_shown_as_of_a_day(at, day):
    confidence = Counter(NetworkMembership.objects.values_list("confidence", flat=True))
    memberships = NetworkMembership.objects

    assert confidence == {
        "sourced": 32,
        "sourced_inferred": 1,
        "sourced_country_only": 10,
        "partner_sourced_membership_unverified": 7,
    }
    assert memberships.with_certainty(on=day).filter(is_uncertain=True).count() == 18
    bogota = memberships.get(since_basis__startswith="admitted at")
    on_2018 = memberships.with_certainty(on=date(2018, 6, 30)).get(pk=bogota.pk)
    assert (bogota.since, bogota.valid_from.isoformat(), on_2018.is_uncertain) == ("2018", "2018-01-01", True)


@pytest.mark.usefixtures("loaded")
def test_what_staff_corrected_is_found_again_and_left_alone(at):
    from members.organisations import actions
    from registry.kernel.audit.actor import SYSTEM

    member = Organisation.objects.get(name="CEFACOM")
    actions.rename(organisation_id=member.pk, name="CEFACOM Viet Nam", effective_on=at.date(), actor=SYSTEM, at=at)

    counts = NetworkLoad(at=at).run()

    assert counts["organisations", "created"] == 0
    assert Organisation.objects.get(pk=member.pk).name == "CEFACOM Viet Nam"
