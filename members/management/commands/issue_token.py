"""`manage.py issue_token --role lcr --country BE`: prints a bearer token and nothing else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from members.access.actions import tokens
from members.access.rules import GRANTABLE, MAX_TOKEN_DAYS, ROLES_WITHOUT_ORGANISATION, TokenScope
from members.network.models import Mandate
from members.organisations.models import Organisation
from members.scope import Role
from registry.kernel import clock
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import DomainError

READERS = frozenset({Role.AUDITOR, Role.EVALUATOR})


class Command(BaseCommand):
    """Makes a machine user that holds one role, and its token. Faults go to stderr with exit code 2."""

    help = "Print a new bearer token for one role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--role", required=True, help=f"One of: {', '.join(sorted(GRANTABLE))}.")
        parser.add_argument("--organisation", help="Id, member number or exact name.")
        parser.add_argument("--country", action="append", default=[], help="ISO code, for an LCR; may be repeated.")
        parser.add_argument("--site", action="append", default=[], help="Id, for a site editor; may be repeated.")
        parser.add_argument("--days", type=int, default=90, help=f"1 to {MAX_TOKEN_DAYS}; 90 when left out.")
        parser.add_argument(
            "--scope", action="append", default=[], help=f"May be repeated. Some of: {', '.join(TokenScope)}."
        )
        parser.add_argument("--name", default="", help="What it is for.")

    def handle(self, **options: Any) -> None:
        """Check, issue, print."""
        role = options["role"]
        if role not in GRANTABLE:
            raise _fault(f"There is no role {role!r}. Roles: {', '.join(sorted(GRANTABLE))}.")
        countries = [country.upper() for country in options["country"]]
        organisation_id = _organisation(options["organisation"])
        if role == Role.LCR:
            organisation_id = _representative(organisation_id, countries)
        elif countries:
            raise _fault("--country is for --role lcr.")
        if role not in ROLES_WITHOUT_ORGANISATION and organisation_id is None:
            raise _fault(f"--role {role} needs --organisation.")
        default = [TokenScope.READ] if role in READERS else [TokenScope.READ, TokenScope.WRITE]
        try:
            issued = tokens.issue_to_machine(
                name=options["name"] or f"issue_token {role}",
                role=role,
                organisation_id=organisation_id,
                countries=countries,
                site_ids=[_uuid(site, "--site") for site in options["site"]],
                scopes=options["scope"] or default,
                days=options["days"],
                actor=Actor(label="issue_token"),
                at=clock.now(),
                now=clock.real_now(),
            )
        except DomainError as error:
            raise _fault(" ".join(fault.message for fault in error.faults) or error.detail) from error
        self.stdout.write(issued.text)


def _fault(message: str) -> CommandError:
    return CommandError(message, returncode=2)


def _uuid(text: str, option: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _fault(f"{option} takes an id.") from error


def _organisation(text: str | None) -> UUID | None:
    """The organisation of that id, member number or name."""
    if text is None:
        return None
    try:
        found = list(Organisation.objects.filter(pk=UUID(text)).values_list("pk", flat=True))
    except ValueError:
        named = Organisation.objects.filter(name=text).order_by("pk").values_list("pk", flat=True)
        found = _by_number(text) or list(named)
    if len(found) != 1:
        raise _fault(f"{len(found) or 'No'} organisations have the id, member number or name {text!r}.")
    return found[0]


def _by_number(text: str) -> list[UUID]:
    # Member numbers live a package higher; looked up by name, because nothing here may import upward.
    memberships = apps.get_model("codesign", "CodeMembership")._default_manager
    return list(memberships.filter(number=text).values_list("company_id", flat=True))


def _representative(organisation_id: UUID | None, countries: list[str]) -> UUID:
    """The one organisation whose confirmed mandates cover `countries` today (any country, when none is named)."""
    mandates = Mandate.objects.confirmed_on(clock.today())
    if organisation_id is None and not countries:
        raise _fault("--role lcr needs --country or --organisation.")
    if organisation_id is not None:
        mandates = mandates.filter(organisation_id=organisation_id)
    covered: dict[UUID, set[str]] = {}
    for holder, country in mandates.order_by("pk").values_list("organisation_id", "country_id"):
        covered.setdefault(holder, set()).add(country)
    holders = [holder for holder, held in covered.items() if held.issuperset(countries)]
    if not holders:
        raise _fault(f"No confirmed mandate covers {' and '.join(countries) or 'any country'} today.")
    if len(holders) > 1:
        raise _fault("Several organisations hold that mandate: name one with --organisation.")
    return holders[0]
