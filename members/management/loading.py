"""Brings the public facts of `members/data/*.csv` into the register, through the actions, safe to repeat.

What is there already is recognised by its natural key and left as it is: staff may have corrected it since.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from members.agreements import loading as agreements
from members.assemblies import loading as assemblies
from members.channels import actions as channels
from members.channels.models import ChannelCount, ReportingChannel
from members.countries.actions import load_countries
from members.countries.models import Country
from members.initiatives import loading as initiatives
from members.network.actions import groups, mandates, memberships
from members.network.models import Group, GroupParticipation, Mandate, NetworkMembership, PublishedSize
from members.organisations import actions as organisations
from members.organisations.models import Organisation, OrganisationName
from registry.kernel.audit.actor import Actor
from registry.kernel.text import search_key

DATA = Path(__file__).resolve().parent.parent / "data"
ACTOR = Actor(label="load_network")

LCR_KINDS = {"ecpat_member": "ngo", "other_ngo": "ngo", "tourism_ngo": "ngo", "public_body": "public_body"}
STOP_GROUP = "stop-group"
STOP_ROLES = {"coordinator": "coordinator", "member": "partner", "supporter": "supporter"}

Key = tuple[str, str]


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the data files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


class NetworkLoad:
    """One run. `counts` tells per kind of row how many were created and how many were there already."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.counts: Counter[tuple[str, str]] = Counter()
        self.same_as = {(row["file"], row["name"], row["iso2"]): row for row in rows("same_as")}
        self.links = {row["channel"]: row for row in rows("channel_links")}
        self.known: dict[Key, UUID] = {}
        self.named: set[UUID] = set()

    def run(self) -> Counter[tuple[str, str]]:
        """Load everything, lower capabilities first."""
        new = load_countries()
        self.counts["countries", "created"], self.counts["countries", "unchanged"] = new, Country.objects.count() - new
        self.counts["organisations", "created"] = 0
        self._read_known()
        self._member_groups()
        self._mandates()
        self._stop_group()
        self._channels()
        self._channel_counts()
        self._sizes()
        self._governance()
        self.counts["organisations", "unchanged"] = len(self.named) - self.counts["organisations", "created"]
        return self.counts

    def _count(self, kind: str, *, created: bool) -> None:
        self.counts[kind, "created" if created else "unchanged"] += 1

    # ── organisations ─────────────────────────────────────────────────────────────────────────

    def _read_known(self) -> None:
        """Every organisation by folded name and country; a present name wins over a former one."""
        columns = ("search_key", "organisation__country_id", "organisation_id")
        former = OrganisationName.objects.current().order_by("recorded_at", "pk").values_list(*columns)
        present = Organisation.objects.order_by("created_at", "pk").values_list("search_key", "country_id", "pk")
        for key, country, organisation in (*former, *present):
            self.known[key, country or ""] = organisation

    def _organisation(self, file: str, name: str, iso2: str, kind: str, row: dict[str, str]) -> UUID:
        """The one organisation of that name and country, registered when it is new."""
        same = self.same_as.get((file, name, iso2))
        if same:
            name = same["organisation"]
        key = (search_key(name), iso2)
        found = self.known.get(key)
        if found is None:
            found = organisations.register(
                kind=kind,
                name=name,
                country_id=iso2 or None,
                website=row.get("website", ""),
                source=row.get("source", ""),
                confidence=row.get("confidence", ""),
                note=row.get("note", ""),
                is_another=True,
                actor=ACTOR,
                at=self.at,
            ).pk
            self.known[key] = found
            self._count("organisations", created=True)
        self.named.add(found)
        if same and same["recorded_name"]:
            self._further_name(found, same)
        return found

    def _further_name(self, organisation_id: UUID, same: dict[str, str]) -> None:
        key = (search_key(same["recorded_name"]), same["iso2"])
        if key not in self.known:
            organisations.add_name(
                organisation_id=organisation_id,
                text=same["recorded_name"],
                kind=same["recorded_kind"],
                actor=ACTOR,
                at=self.at,
            )
            self.known[key] = organisation_id

    # ── network ───────────────────────────────────────────────────────────────────────────────

    def _member_groups(self) -> None:
        held = set(NetworkMembership.objects.current().values_list("organisation_id", flat=True))
        for row in rows("member_groups"):
            organisation_id = self._organisation("member_groups", row["name"], row["iso2"], "ngo", row)
            created = organisation_id not in held
            if created:
                memberships.record_membership(
                    organisation_id=organisation_id,
                    region_id=row["ecpat_region_2024"].lower().replace(" ", "-"),
                    kind=row["membership_kind"],
                    since=row["year"],
                    since_basis=row["year_basis"],
                    source=row["source"],
                    confidence=row["confidence"],
                    note=row["note"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("network-memberships", created=created)

    def _mandates(self) -> None:
        held = set(Mandate.objects.values_list("organisation_id", "country_id"))
        for row in rows("lcrs"):
            kind = LCR_KINDS[row["kind"]]
            organisation_id = self._organisation("lcrs", row["organisation"], row["iso2"], kind, row)
            created = (organisation_id, row["iso2"]) not in held
            if created:
                mandates.record(
                    organisation_id=organisation_id,
                    country_id=row["iso2"],
                    since=row["year"],
                    since_basis=row["year_basis"],
                    status_seen=row["status_seen"],
                    source=row["source"],
                    confidence=row["confidence"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("mandates", created=created)

    def _stop_group(self) -> None:
        group = Group.objects.filter(code=STOP_GROUP).first()
        self._count("groups", created=group is None)
        group = group or groups.create_group(
            code=STOP_GROUP,
            name="STOP Group",
            country_id="BE",
            source="http://jedisstop.be/groupe-stop-un-collectif-engage/",
            actor=ACTOR,
            at=self.at,
        )
        held = set(GroupParticipation.objects.current().filter(group=group).values_list("organisation_id", flat=True))
        for row in rows("stop_partners"):
            # A linked channel is a line that the group points to, not a body in it: see `_channels`.
            if row["role_in_group"] not in STOP_ROLES:
                continue
            organisation_id = self._organisation("stop_partners", row["name"], row["iso2"], row["kind"], row)
            created = organisation_id not in held
            if created:
                groups.join_group(
                    group_id=group.pk,
                    organisation_id=organisation_id,
                    role=STOP_ROLES[row["role_in_group"]],
                    source=row["source"],
                    confidence=row["confidence"],
                    note=row["note"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("group-participations", created=created)

    # ── channels and sizes ────────────────────────────────────────────────────────────────────

    def _channels(self) -> None:
        held = set(ReportingChannel.objects.values_list("name", flat=True))
        group_id = Group.objects.values_list("pk", flat=True).get(code=STOP_GROUP)
        for position, row in enumerate(rows("reporting_channels"), start=1):
            link = self.links.get(row["name"], {})
            holder_id = self._holder(link)
            created = row["name"] not in held
            if created:
                is_eu_wide = row["iso2"] == "EU"
                channels.register(
                    name=row["name"],
                    kind=row["kind"],
                    about=row["about"],
                    url=row["url"],
                    position=position,
                    country_id=None if is_eu_wide else row["iso2"] or None,
                    is_eu_wide=is_eu_wide,
                    covers=row["scope"],
                    what_it_takes=row["what_it_takes"],
                    handling=row["handling"],
                    organisation_id=holder_id,
                    linked_group_id=group_id if link.get("stop_row") else None,
                    source=row["source"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("reporting-channels", created=created)

    def _channel_counts(self) -> None:
        held = set(ChannelCount.objects.values_list("channel__name", "year", "definition"))
        keys = dict(ReportingChannel.objects.values_list("name", "pk"))
        for row in rows("channel_counts"):
            created = (row["channel"], int(row["year"]), row["definition"]) not in held
            if created:
                channels.record_count(
                    channel_id=keys[row["channel"]],
                    year=int(row["year"]),
                    value=int(row["value"]),
                    definition=row["definition"],
                    source=row["source"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("channel-counts", created=created)

    def _holder(self, link: dict[str, str]) -> UUID | None:
        if not link.get("holder"):
            return None
        row = {"source": link["source"], "confidence": "sourced"}
        return self._organisation("channel_links", link["holder"], link["iso2"], link["holder_kind"], row)

    def _sizes(self) -> None:
        held = set(PublishedSize.objects.values_list("scheme", "date_text", "basis"))
        for position, row in enumerate(rows("network_size_timeline"), start=1):
            created = (row["scheme"], row["date"], row["basis"]) not in held
            if created:
                memberships.record_size(
                    scheme=row["scheme"],
                    position=position,
                    date_text=row["date"],
                    members=int(row["members"]) if row["members"] else None,
                    countries=int(row["countries"]) if row["countries"] else None,
                    basis=row["basis"],
                    source=row["source"],
                    actor=ACTOR,
                    at=self.at,
                )
            self._count("published-sizes", created=created)

    # ── agreements and assemblies ─────────────────────────────────────────────────────────────

    def _governance(self) -> None:
        """What the capabilities load themselves."""
        known: dict[str, Any] = {"organisation_of": self._body, "actor": ACTOR, "at": self.at}
        held = [rows(name) for name in ("assemblies", "resolutions", "committee_seats")]
        told = json.loads((DATA / "initiatives.json").read_text(encoding="utf-8"))
        done = [rows(name) for name in ("trainings_given", "audiences_languages")]
        loaded = agreements.load(rows("agreements"), **known) | assemblies.load(*held, **known)
        for kind, counts in (loaded | initiatives.load(told, *done, **known)).items():
            self.counts[kind, "created"], self.counts[kind, "unchanged"] = counts

    def _body(self, name: str, iso2: str, kind: str, row: dict[str, str]) -> UUID:
        return self._organisation("", name, iso2, kind, row)
