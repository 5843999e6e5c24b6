"""Write names so that they are found. Called inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from members.organisations.models import NameKind, NameWord, OrganisationName
from registry.kernel.search.actions import learn
from registry.kernel.search.rules import written_words
from registry.kernel.text import search_key

BATCH = 1000


def write_name(
    organisation_id: UUID,
    text: str,
    kind: NameKind,
    language: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    *,
    at: datetime,
) -> OrganisationName:
    """A new current name of an organisation."""
    name = OrganisationName.objects.create(
        organisation_id=organisation_id,
        text=text,
        search_key=search_key(text),
        language=language,
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=at,
    )
    index([name])
    return name


def index(names: Iterable[OrganisationName]) -> None:
    """Make names findable by their words. Two statements for one name."""
    links = [NameWord(name_id=name.pk, word=word) for name in names for word in written_words(name.text)]
    learn(link.word for link in links)
    NameWord.objects.bulk_create(links, BATCH, ignore_conflicts=True)


def index_all() -> int:
    """Index every name that is not, such as rows that came past the actions; how many."""
    missing = OrganisationName.objects.filter(words=None).exclude(search_key="").order_by("pk")
    count = 0
    while names := list(missing[:BATCH]):
        index(names)
        count += len(names)
    return count
