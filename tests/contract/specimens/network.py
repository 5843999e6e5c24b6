"""Specimens of the network: countries, organisations, memberships, mandates, channels, contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

from members.countries.models import Country, Region
from members.network.models import Mandate, PublishedSize
from members.scope import Role
from tests.contract.places import OF_COMPANIES, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import network, people

LUXEMBOURG = "LU"


def organisation(place: Place) -> Any:
    """A public one, or one that nothing makes public."""
    if not place.is_own:
        return place.organisation(is_listed=False)
    return network.make_network_membership().organisation


def membership(place: Place) -> Any:
    """Of a listed organisation, or of an unlisted one elsewhere."""
    if place.is_own:
        return network.make_network_membership()
    return network.make_network_membership(organisation=place.organisation(is_listed=False), region_id="americas")


def participation(place: Place) -> Any:
    """A partner, or a supporter of a group that the caller is not in."""
    return network.make_participation(
        **({} if place.is_own else {"role": "supporter", "organisation": place.organisation()})
    )


def published_size(place: Place) -> Any:
    """A count."""
    position = PublishedSize.objects.count() + 1
    return PublishedSize.objects.create(
        scheme="ecpat", position=position, date_text=str(1990 + position), members=17, basis="groups", source="demo"
    )


def mandate(place: Place) -> Any:
    """One that the caller sees: its own, or for a company the confirmed one of its country."""
    if place.is_own and place.role in OF_COMPANIES:
        place.company()
        kept = Mandate.objects.filter(state="confirmed", country_id=place.country).first()
        return kept or network.make_mandate(state="confirmed", country_id=place.country)
    country = LUXEMBOURG if place.is_own and place.role is not Role.LCR else place.country
    return network.make_mandate(organisation=place.kept_organisation(), country_id=country)


def confirmed_mandate(place: Place) -> Any:
    """A confirmed one of a country that no caller's mandate covers."""
    return network.make_mandate(state="confirmed", country_id=LUXEMBOURG)


def contact(place: Place) -> Any:
    """Of an organisation whose contacts the caller keeps."""
    return people.make_contact(organisation=place.kept_organisation())


def _contact_body(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(place.kept_organisation().pk), "role": "finance", "email": "office@hotel.example"}


def _mandate_body(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(place.organisation(kind="ngo").pk), "country": LUXEMBOURG}


NETWORK: dict[str, Specimen] = {
    **reads("countries", lambda place: Country.objects.get(pk="BE"), is_shared=True),
    **reads("regions", lambda place: Region.objects.get(pk="europe"), is_shared=True),
    **reads("organisations", organisation),
    "organisations_roles": Specimen(row=organisation),
    "organisations_create": Specimen(body=sent(name="Réseau Fictif", kind="ngo", country="BE"), status=201),
    "organisations_put": Specimen(
        body=sent(name="Réseau Fictif", kind="ngo", country="BE"),
        path={"scheme": "lei", "value": "00000000000000000098"},
    ),
    "organisations_update": Specimen(row=organisation, body=sent(website="https://reseau-fictif.example/")),
    "organisations_rename": Specimen(row=organisation, body=sent(name="Réseau Fictif Neuf", effective_on="2026-11-01")),
    "organisations_names": Specimen(row=organisation, body=sent(text="RF", kind="acronym"), status=201),
    "organisations_identifiers": Specimen(
        row=organisation, body=sent(scheme="lei", value="00000000000000000098"), status=201
    ),
    "organisations_parent": Specimen(
        row=organisation, body=lambda place, row: {"parent": str(place.organisation().pk), "kind": "owned"}
    ),
    "organisations_profile": Specimen(row=lambda place: place.kept_organisation(), body=sent(languages=["fr"])),
    **reads("network_memberships", membership),
    **reads("groups", lambda place: network.make_group(), is_shared=True),
    **reads("group_participations", participation),
    **reads("published_sizes", published_size, is_shared=True),
    **reads("reporting_channels", lambda place: network.make_channel(), is_shared=True),
    "directory_entries": Specimen(),
    "directory_geojson": Specimen(),
    "directory_as_csv": Specimen(),
    "reporting_channels_find": Specimen(query=lambda place, row: {"country": "BE"}),
    **reads("mandates", mandate),
    "mandates_moves": Specimen(row=mandate),
    "mandates_create": Specimen(body=_mandate_body, refs=("organisation",), status=201),
    "mandates_update": Specimen(
        row=lambda place: network.make_mandate(country_id=LUXEMBOURG), body=sent(since="2018", confidence="sourced")
    ),
    "mandates_confirm": Specimen(
        row=lambda place: network.make_mandate(country_id=LUXEMBOURG), body=sent(valid_from=date(2018, 1, 1))
    ),
    "mandates_end": Specimen(row=confirmed_mandate, body=sent(valid_until=date(2026, 12, 31))),
    **reads("contacts", contact),
    "contacts_create": Specimen(body=_contact_body, refs=("organisation",), status=201),
    "contacts_update": Specimen(row=contact, body=sent(language="nl")),
    "contacts_end": Specimen(row=contact, body=sent(valid_until="2026-12-31")),
}
