"""Fill a place with what a test needs, in a process that ends: prints tokens and ids as JSON.

Usage: `python -m tests.chaos.seeding applications|reminders|poisoned COUNT…`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import django
from django.core.management import call_command
from django.db import transaction

# Thirty days before the reports of the factories are due, at noon.
REMINDED_AT = "2027-03-01T12:00:00+00:00"


def applications(count: int) -> dict[str, Any]:
    """Plans handed in, with the representative's yes: one more yes approves, and issues invoice and agreement.

    Two officers of the secretariat and one of the representative hold a token.
    """
    from codesign.standing.models import Endorsement, Side
    from tests.factories.companies import AT, make_company, make_membership
    from tests.factories.criteria import make_plan_action
    from tests.factories.network import make_mandate
    from tests.factories.organisations import make_organisation

    call_command("load_scheme", stdout=StringIO())
    representative = make_organisation(name="ECPAT Belgium", country_id="BE")
    make_mandate(organisation=representative, state="confirmed")
    found = []
    for number in range(count):
        company = make_company(name=f"Applicant {number} (DEMO)")
        membership = make_membership(company=company, state="plan_submitted", representative=representative)
        for criterion in range(1, 7):
            make_plan_action(membership=membership, criterion_number=criterion)
        Endorsement.objects.create(
            membership=membership,
            move="approve",
            after_version=0,
            side=Side.REPRESENTATIVE,
            officer_id=UUID(int=7),
            officer_label="lcr",
            endorsed_at=AT,
        )
        found.append(str(membership.pk))
    officers = [_token("secretariat"), _token("secretariat")]
    return {"officers": officers, "lcr": _token("lcr", "--country", "BE"), "memberships": found}


def reminders(count: int) -> dict[str, Any]:
    """Reports that are due, each with one officer to be reminded; an officer of the secretariat holds a token."""
    from tests.factories.reminders import make_body, make_contact, make_obligation, make_rule

    make_rule()
    for number in range(count):
        organisation = make_body(name=f"Hotel {number} (DEMO)")
        make_obligation(organisation=organisation)
        make_contact(organisation=organisation)
    return {"count": count, "officer": _token("secretariat")}


def poisoned(count: int, ill: int) -> dict[str, Any]:
    """The same, but of so many the mail can't be built: nobody has written it in their language."""
    from members.people.models import Contact

    made = reminders(count)
    keys = Contact.objects.order_by("pk").values_list("pk", flat=True)[: count : count // ill][:ill]
    Contact.objects.filter(pk__in=list(keys)).update(language="xx")
    return made | {"poisoned": len(keys)}


def planned() -> dict[str, Any]:
    """Plan what is due, as the task does; how many occurrences, and how long it took."""
    from codesign.tasks import plan_reminders

    started = datetime.now(UTC)
    count = plan_reminders()
    return {"planned": count, "seconds": (datetime.now(UTC) - started).total_seconds()}


def _token(role: str, *options: str) -> str:
    printed = StringIO()
    call_command("issue_token", "--role", role, *options, stdout=printed)
    return printed.getvalue().strip()


def main(name: str, *counts: str) -> None:
    """Fill in one transaction, print what was made."""
    if name == "planned":
        made = planned()
    else:
        with transaction.atomic():
            made = {"applications": applications, "reminders": reminders, "poisoned": poisoned}[name](*map(int, counts))
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
