"""Specimens of what changes the network: moves of memberships, groups, channels with their counts, handovers."""

from __future__ import annotations

from datetime import date
from typing import Any

from codesign.handovers.models import Handover
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Row, Specimen, reads, sent
from tests.factories import network

DECISION = {"effective_on": "2026-11-20", "reason": "Decided by the Assembly."}
LUXEMBOURG = "LU"


def membership(**values: Any) -> Row:
    """One of the organisation whose record the caller keeps, or of an unlisted one elsewhere."""

    def make(place: Place) -> Any:
        if place.is_own:
            return network.make_network_membership(**{"organisation": place.kept_organisation(), **values})
        organisation = place.organisation(is_listed=False)
        return network.make_network_membership(**{"organisation": organisation, "region_id": "americas", **values})

    return make


def applicant(place: Place) -> Any:
    """An applicant."""
    return network.make_applicant(organisation=place.organisation())


def group(place: Place) -> Any:
    """One that the caller's organisation coordinates, or one of somebody else."""
    made = network.make_group()
    network.make_participation(group=made, organisation=place.kept_organisation(), role="coordinator")
    return made


def participation(place: Place) -> Any:
    """A partner of such a group."""
    return network.make_participation(group=group(place))


def channel(place: Place) -> Any:
    """One of the mandate's country, or of another."""
    return network.make_channel(country_id=place.country)


def handover(place: Place) -> Any:
    """To the organisation of the caller, or to another; each in a year of its own, as mandates never overlap."""
    year = 1990 + Handover.objects.count()
    mandate = network.make_mandate(
        organisation=place.kept_organisation(),
        country_id=LUXEMBOURG,
        state="confirmed",
        valid_from=date(year, 1, 1),
        valid_until=date(year, 12, 31),
    )
    return Handover.objects.create(
        country_id=LUXEMBOURG, successor=mandate, effective_on=mandate.valid_from, created_at=AT
    )


def _application(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(place.organisation().pk), "region": "europe"}


def _joining(place: Place, row: Any) -> dict[str, Any]:
    organisation = network.make_network_membership().organisation
    return {"group": str(group(place).pk), "organisation": str(organisation.pk), "role": "partner"}


def _line(place: Place, row: Any) -> dict[str, Any]:
    return {
        "name": "Ligne Fictive (DEMO)",
        "kind": "hotline",
        "about": "travel",
        "contact": "https://ligne.example/",
        "country": place.country,
    }


def _count(place: Place, row: Any) -> dict[str, Any]:
    return {
        "channel": str(channel(place).pk),
        "year": 2025,
        "value": 17,
        "definition": "Reports received.",
        "source": "https://ligne.example/2025",
    }


def _handing_over(place: Place, row: Any) -> dict[str, Any]:
    organisation = network.make_network_membership().organisation
    return {"country": LUXEMBOURG, "organisation": str(organisation.pk), "effective_on": "2026-12-01"}


def _move(state: str, **body: Any) -> Specimen:
    return Specimen(row=membership(state=state), body=sent(**DECISION, **body))


NETWORK_CHANGES: dict[str, Specimen] = {
    "network_memberships_create": Specimen(body=_application, status=201),
    "network_memberships_apply": Specimen(body=_application, status=201),
    "network_memberships_update": Specimen(row=membership(), body=sent(note="Seen again.")),
    "network_memberships_admit": Specimen(row=applicant, body=sent(**DECISION, kind="full")),
    "network_memberships_confirm": _move("recorded", kind="full"),
    "network_memberships_decline": _move("recorded"),
    "network_memberships_change_kind": _move("active", kind="affiliate"),
    "network_memberships_make_dormant": _move("active"),
    "network_memberships_suspend": _move("active"),
    "network_memberships_reinstate": _move("suspended"),
    "network_memberships_leave": _move("active"),
    "network_memberships_expel": _move("suspended"),
    "network_memberships_moves": Specimen(row=membership()),
    "network_memberships_decisions": Specimen(row=membership()),
    "network_memberships_counts": Specimen(),
    "groups_create": Specimen(body=sent(code="groupe-fictif", name="Groupe Fictif (DEMO)", country="BE"), status=201),
    "groups_update": Specimen(row=group, body=sent(name="Groupe Fictif Neuf")),
    "group_participations_create": Specimen(body=_joining, refs=("group",), status=201),
    "group_participations_update": Specimen(row=participation, body=sent(valid_from="2020-01-01")),
    "group_participations_end": Specimen(row=participation, body=sent(valid_until="2026-12-31")),
    "reporting_channels_create": Specimen(body=_line, refs=("country",), status=201),
    "reporting_channels_update": Specimen(row=channel, body=sent(covers="Travel.")),
    "reporting_channels_check": Specimen(row=channel, body=sent(checked_on="2026-11-20")),
    "reporting_channels_close": Specimen(row=channel, body=sent(closed_on="2026-12-31")),
    **reads("channel_counts", lambda place: network.make_channel_count(), is_shared=True),
    "channel_counts_create": Specimen(body=_count, refs=("channel",), status=201),
    "channel_counts_update": Specimen(
        row=lambda place: network.make_channel_count(channel=channel(place)),
        body=sent(value=18, source="https://ligne.example/errata"),
    ),
    **reads("handovers", handover),
    "handovers_create": Specimen(body=_handing_over, status=201),
}
