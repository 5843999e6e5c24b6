"""Play the demo book: reference data first, then every diary in the order of its days, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time

from django.core.management import call_command
from django.db import transaction

from codesign.reporting import actions as reporting
from codesign.training.actions import courses
from members.network.actions import mandates
from members.network.models import Mandate
from members.organisations import actions as organisations
from members.organisations.models import Organisation, OrganisationKind
from members.people import actions as people
from members.people.models import ContactRole
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from registry.management.demo import cast
from registry.management.demo.book import FIRST_YEAR, STORIES
from registry.management.demo.diary import Entry
from registry.management.demo.playing import Company

OFFICE_HOURS = time(10, tzinfo=UTC)
BEGINNING = datetime.combine(cast.SINCE, OFFICE_HOURS)
ECPAT_BELGIUM = "ECPAT Belgium"


class AlreadySeeded(Exception):
    """The database holds the demo book."""


@transaction.atomic
def seed(*, at: datetime, scale: int = 1, write: Callable[[str], object] = print) -> int:
    """Write the book `scale` times over and open the years up to `at`; how many companies. Raises AlreadySeeded."""
    if Organisation.objects.filter(is_demo=True).exists():
        raise AlreadySeeded
    _references(write)
    players = _cast()
    stories = [story if number == 1 else story.copy(number) for number in range(1, scale + 1) for story in STORIES]
    companies = [Company(story, players) for story in stories]
    for moment, play in sorted(_calendar(companies, at=at), key=lambda entry: entry[0]):
        play(moment)
    _editor(companies[1], at=BEGINNING)
    return len(companies)


def _references(write: Callable[[str], object]) -> None:
    """What every register holds: the network, the criteria, the fees, the rules and the questionnaire."""
    for command in ("load_network", "load_scheme", "load_signatories"):
        call_command(command, stdout=_Quiet())
    write("The network, the criteria, the fees and the rules are there.")


class _Quiet:
    def write(self, text: str) -> None:
        """Keep what the loaders say to themselves: the book is what was asked for."""


def _cast() -> cast.Cast:
    """The secretariat, the confirmed mandate of ECPAT Belgium, its officer, and the auditor."""
    office = organisations.register(
        kind=OrganisationKind.NETWORK,
        name="Secretariat of The Code (DEMO)",
        country_id="BE",
        is_listed=False,
        is_demo=True,
        actor=cast.SEEDER,
        at=BEGINNING,
    )
    officer = cast.hire(cast.SECRETARIAT, role=Role.SECRETARIAT, at=BEGINNING)
    cast.hire(cast.SECOND_OFFICER, role=Role.SECRETARIAT, at=BEGINNING)
    cast.hire(cast.AUDITOR, role=Role.AUDITOR, at=BEGINNING)
    secretariat = cast.scope(officer, at=BEGINNING)
    belgium = Organisation.objects.get(name=ECPAT_BELGIUM, country_id="BE")
    mandate = Mandate.objects.get(organisation=belgium, country_id="BE")
    mandates.confirm(mandate_id=mandate.pk, valid_from=cast.SINCE, actor=secretariat, at=BEGINNING)
    lcr_officer = cast.hire(cast.LCR, role=Role.LCR, organisation_id=belgium.pk, language="fr", at=BEGINNING)
    for organisation, role, login in (
        (office, ContactRole.SECRETARIAT, cast.SECRETARIAT),
        (belgium, ContactRole.LCR_OFFICER, cast.LCR),
    ):
        people.add(
            organisation_id=organisation.pk,
            role=role,
            email=login.email,
            language="fr" if login is cast.LCR else "en",
            zone=cast.ZONE,
            valid_from=cast.SINCE,
            actor=secretariat,
            at=BEGINNING,
        )
    for code, kind, name in (
        ("code-elearning-demo", "elearning", "E-learning on The Code (DEMO)"),
        ("code-refresher-demo", "refresher", "Refresher cards (DEMO)"),
    ):
        courses.add(code=code, names={"en": name}, kind=kind, provider="lcr", actor=secretariat, at=BEGINNING)
    return cast.Cast(officer=secretariat, lcr_officer=cast.scope(lcr_officer, at=BEGINNING))


def _calendar(companies: list[Company], *, at: datetime) -> Iterator[tuple[datetime, Callable[[datetime], object]]]:
    """Every entry of every diary, and the opening of each year on its first working day."""
    for company in companies:
        for entry in company.story.diary:
            yield datetime.combine(entry.day, OFFICE_HOURS), _entry(company, entry)
    for year in range(FIRST_YEAR, at.year):
        yield datetime.combine(date(year + 1, 1, 2), OFFICE_HOURS), _opening(year)


def _entry(company: Company, entry: Entry) -> Callable[[datetime], object]:
    return lambda moment: company.play(entry, at=moment)


def _opening(year: int) -> Callable[[datetime], object]:
    def play(moment: datetime) -> None:
        reporting.open_year(year=year, actor=SYSTEM, at=moment)

    return play


def _editor(company: Company, *, at: datetime) -> None:
    """The log-in of one hotel's editor."""
    cast.hire(cast.EDITOR, role=Role.COMPANY_EDITOR, organisation_id=company.id, language="fr", at=at)
