"""Brings the public facts of `members/data/` into the register, safe to repeat: the lists through the importer.

What is there already is recognised by its natural key and left as it is: staff may have corrected it since.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.agreements import loading as agreements
from members.assemblies import loading as assemblies
from members.channels import actions as channels
from members.channels.models import ChannelCount, ReportingChannel
from members.countries.actions import load_countries
from members.countries.models import Country
from members.imports import lists
from members.imports.columns import Line
from members.imports.judging import Chunk
from members.imports.kinds import IMPORTERS
from members.imports.lifecycle import ImportKind, RowLabel
from members.imports.lists import DATA, STOP_GROUP, rows
from members.initiatives import loading as initiatives
from members.network.actions import groups, memberships
from members.network.models import Group, PublishedSize
from members.organisations import actions as organisations
from members.organisations.models import Organisation, OrganisationName
from registry.kernel.audit.actor import Actor
from registry.kernel.text import search_key

ACTOR = Actor(label="load_network")


class NetworkLoad:
    """One run. `counts` tells per kind of row how many were created and how many were there already."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.counts: Counter[tuple[str, str]] = Counter()
        self.known: dict[tuple[str, str], UUID] = {}
        self.named: set[UUID] = set()

    def run(self) -> Counter[tuple[str, str]]:
        """Load everything, lower capabilities first."""
        new = load_countries()
        self.counts["countries", "created"], self.counts["countries", "unchanged"] = new, Country.objects.count() - new
        self.counts["organisations", "created"] = 0
        self._bring(ImportKind.NETWORK_MEMBERSHIPS)
        self._bring(ImportKind.MANDATES)
        self._stop_group()
        self._bring(ImportKind.GROUP_PARTICIPATIONS)
        self._bring(ImportKind.REPORTING_CHANNELS)
        self._channel_counts()
        self._sizes()
        self._read_known()
        self._governance()
        self.counts["organisations", "unchanged"] = len(self.named) - self.counts["organisations", "created"]
        return self.counts

    def _count(self, kind: str, *, created: bool) -> None:
        self.counts[kind, "created" if created else "unchanged"] += 1

    # ── what goes through the importer ────────────────────────────────────────────────────────

    @transaction.atomic
    def _bring(self, kind: ImportKind) -> None:
        """One published list: its new rows are written, whatever else the plan has for the others."""
        file, _ = lists.LISTS[kind]
        lines = [_line(kind, number, row) for number, row in enumerate(rows(file), start=2)]
        chunk = Chunk(IMPORTERS[kind], filter(None, lines), at=self.at)
        for judgement in chunk.judgements():
            if judgement.label == RowLabel.ERROR:
                raise ValueError(f"{file}.csv, row {judgement.line.number}: {judgement.faults}")
            created = judgement.label == RowLabel.CREATE
            if created:
                chunk.carry_out(judgement, actor=ACTOR)
                self.counts["organisations", "created"] += judgement.is_new_organisation
            if judgement.organisation_id:
                self.named.add(judgement.organisation_id)
            self._count(kind, created=created)

    def _stop_group(self) -> None:
        created = not Group.objects.filter(code=STOP_GROUP).exists()
        if created:
            groups.create_group(
                code=STOP_GROUP,
                name="STOP Group",
                country_id="BE",
                source="http://jedisstop.be/groupe-stop-un-collectif-engage/",
                actor=ACTOR,
                at=self.at,
            )
        self._count("groups", created=created)

    # ── counts and sizes ──────────────────────────────────────────────────────────────────────

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

    # ── agreements, assemblies, initiatives ───────────────────────────────────────────────────

    def _governance(self) -> None:
        """What the capabilities load themselves."""
        known: dict[str, Any] = {"organisation_of": self._organisation, "actor": ACTOR, "at": self.at}
        held = [rows(name) for name in ("assemblies", "resolutions", "committee_seats")]
        told = json.loads((DATA / "initiatives.json").read_text(encoding="utf-8"))
        done = [rows(name) for name in ("trainings_given", "audiences_languages")]
        loaded = agreements.load(rows("agreements"), **known) | assemblies.load(*held, **known)
        for kind, counts in (loaded | initiatives.load(told, *done, **known)).items():
            self.counts[kind, "created"], self.counts[kind, "unchanged"] = counts

    def _read_known(self) -> None:
        """Every organisation by folded name and country; a present name wins over a former one."""
        columns = ("search_key", "organisation__country_id", "organisation_id")
        former = OrganisationName.objects.current().order_by("recorded_at", "pk").values_list(*columns)
        standing = Organisation.objects.standing().order_by("created_at", "pk")
        present = standing.values_list("search_key", "country_id", "pk")
        for key, country, organisation in (*former, *present):
            self.known[key, country or ""] = organisation

    def _organisation(self, name: str, iso2: str, kind: str, row: dict[str, str]) -> UUID:
        """The one organisation of that name and country, registered when it is new."""
        key = (search_key(name), iso2)
        if key not in self.known:
            self.known[key] = organisations.register(
                kind=kind,
                name=name,
                country_id=iso2 or None,
                source=row.get("source", ""),
                confidence=row.get("confidence", ""),
                is_another=True,
                actor=ACTOR,
                at=self.at,
            ).pk
            self._count("organisations", created=True)
        self.named.add(self.known[key])
        return self.known[key]


def _line(kind: ImportKind, number: int, row: dict[str, str]) -> Line | None:
    """A row for the importer. The lists were compared by hand (`same_as.csv`): another name is another body."""
    # A linked channel is a line that the group points to, not a body in it: it stands in the list of channels.
    if row.get("role_in_group") == "linked_channel":
        return None
    line = lists.line(kind, number, row)
    return replace(line, cells={**line.cells, "is_another": "true"})
