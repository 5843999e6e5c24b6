"""Which organisation a row means: one that the register has, a new one, or one in doubt.

The exact names and ids of a whole chunk are read in two queries; for the rows that these leave open the
likely ones are read in five more. No row costs a query of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from members.countries.models import Country, Region
from members.imports.cells import Codes
from members.imports.likely import Likely
from members.network.models import Group
from members.organisations import matching
from members.organisations.likeness import Asked, Judgement, Known
from members.organisations.models import NameKind, OrganisationName
from members.organisations.querysets import squeezed
from registry.kernel.errors import Fault
from registry.kernel.text import search_key

AMBIGUOUS = "Several organisations of this country bear the name; give the id of the one that is meant."
LIKELY = "The register may have this organisation already; give its id, or say is_another."


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What a row says of the organisation that it means."""

    id: UUID | None = None
    name: str = ""
    country_id: str | None = None
    website: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    is_another: bool = False
    id_column: str = "organisation_id"
    name_column: str = "organisation"

    @property
    def key(self) -> tuple[str, str | None]:
        """The folded name without blanks, and the country."""
        return bare(self.name), self.country_id

    @property
    def asked(self) -> Asked:
        """As the door would ask for it."""
        return matching.asked_for(
            name=self.name, country_id=self.country_id, website=self.website, identifiers=self.identifiers
        )


@dataclass(frozen=True)
class Found:
    """The organisation (None: it is new), or what stands in the way; `is_error`: the row itself is at fault."""

    id: UUID | None = None
    fault: Fault | None = None
    candidates: list[dict[str, Any]] = field(default_factory=list)
    is_error: bool = False


def bare(name: str) -> str:
    """The folded name without its blanks: how names are compared."""
    return search_key(name).replace(" ", "")


def codes() -> Codes:
    """The short lists that cells refer to. Three queries."""
    regions = {search_key(text): row.pk for row in Region.objects.all() for text in (row.pk, *row.names.values())}
    groups = {search_key(str(text)): row.pk for row in Group.objects.all() for text in (row.name, row.code, row.pk)}
    return Codes(frozenset(Country.objects.values_list("pk", flat=True)), regions, groups)


class Register:
    """The organisations that a chunk of rows means. `ours`: those that the same import made in earlier chunks.

    `likely_since`: names that differ are compared with organisations registered since then alone.
    """

    def __init__(
        self,
        meant: Iterable[Meant],
        *,
        on: date,
        ours: frozenset[UUID] = frozenset(),
        likely_since: datetime | None = None,
    ) -> None:
        self.on, self.ours, self.likely_since = on, ours, likely_since
        self.made: dict[UUID, str] = {}
        self.likely: Likely | None = None
        self.bearers: dict[tuple[str, str | None], dict[UUID, bool]] = defaultdict(dict)
        self.names: dict[UUID, set[str]] = defaultdict(set)
        self.wanted = wanted = list(meant)
        names = OrganisationName.objects.current().filter(organisation__merged_into=None).annotate(bare=squeezed())
        columns = ("bare", "kind", "organisation_id", "organisation__country_id")
        alike = names.filter(bare__in={bare(each.name) for each in wanted if each.name})
        for key, kind, organisation, country in alike.order_by("pk").values_list(*columns):
            official = kind == NameKind.OFFICIAL
            self.bearers[key, country][organisation] = official or self.bearers[key, country].get(organisation, False)
        own = names.filter(organisation_id__in={each.id for each in wanted if each.id})
        for key, _, organisation, _ in own.order_by("pk").values_list(*columns):
            self.names[organisation].add(key)

    def exactly(self, meant: Meant) -> UUID | None:
        """The one that the id or the exact name and country tell, without a further query."""
        if meant.id:
            return meant.id if meant.id in self.names else None
        bearers = self.bearers.get(meant.key, {})
        # A present name wins over a former one.
        chosen = [key for key, official in bearers.items() if official] or list(bearers)
        return chosen[0] if len(chosen) == 1 else None

    def find(self, meant: Meant) -> Found:
        """The organisation meant."""
        known = self.exactly(meant)
        if meant.id:
            if known is None:
                fault = Fault(meant.id_column, "unknown_organisation", "There is no organisation of this id.")
                return Found(fault=fault, is_error=True)
            if meant.name and bare(meant.name) not in self.names[known]:
                return Found(
                    known, Fault(meant.name_column, "differs", "The organisation of this id has another name.")
                )
            return Found(known)
        if known is None and self.bearers.get(meant.key):
            return Found(fault=Fault(meant.name_column, "ambiguous_name", AMBIGUOUS))
        return Found(known) if known or meant.is_another else self._likely(meant)

    def learn(self, organisation_id: UUID, meant: Meant) -> None:
        """Know an organisation that a row of this chunk has made."""
        self.made[organisation_id] = "|".join(str(part or "") for part in meant.key)
        self.bearers[meant.key][organisation_id] = True
        self.names[organisation_id].add(bare(meant.name))
        if self.likely:
            asked = meant.asked
            self.likely.add(
                Known(
                    id=organisation_id,
                    display=meant.name,
                    country_id=asked.country_id,
                    domain=asked.domain,
                    identifiers=set(asked.identifiers),
                    names=[(asked.key, NameKind.OFFICIAL)],
                )
            )

    def is_ours(self, organisation_id: UUID | None) -> bool:
        """Whether this import has made it."""
        return organisation_id in self.made or organisation_id in self.ours

    def _likely(self, meant: Meant) -> Found:
        if self.likely is None:
            asked = [each.asked for each in self.wanted if not each.is_another and self.exactly(each) is None]
            self.likely = Likely(asked, on=self.on, without=self.ours, since=self.likely_since)
        found = self.likely.find(meant.asked)
        certain = [each for each in found if each.is_certain]
        if len(certain) == 1:
            return Found(certain[0].known.id)
        if found:
            return Found(fault=Fault(meant.name_column, "likely_known", LIKELY), candidates=self._shown(found))
        return Found()

    def _shown(self, found: list[Judgement]) -> list[dict[str, Any]]:
        """Candidates; one of the same table has no id yet."""
        return [
            {
                "id": None if each.known.id in self.made else str(each.known.id),
                "display": each.known.display,
                "score": each.score,
                "reasons": list(each.reasons),
            }
            for each in found
        ]
