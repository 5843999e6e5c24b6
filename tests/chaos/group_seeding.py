"""A fictional chain with its places, and who reports on it: prints tokens and ids as JSON.

Usage: `python -m tests.chaos.group_seeding SITES COUNTRIES`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import django
from django.core.management import call_command

WHERE = "BE NL FR DE ES PT IT AT CH PL CZ GR".split()
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def chain(sites: int, countries: int) -> dict[str, Any]:
    """A member since 2020 with so many places; its editor, the secretariat, and one representative."""
    from codesign.reporting import actions
    from registry.kernel.audit.actor import SYSTEM
    from tests.factories.companies import make_site
    from tests.factories.network import make_mandate
    from tests.factories.organisations import make_organisation
    from tests.factories.reporting import make_member

    call_command("load_scheme", stdout=StringIO())
    member = make_member(country="BE", category="hotel_chain")
    for number in range(sites):
        country = WHERE[number % countries]
        make_site(company=member.company, name=f"Hotel Fictif {country} {number} (DEMO)", country_id=country)
    actions.open_year(year=2025, actor=SYSTEM, at=AT)
    representative = make_organisation(kind="ngo", name="Réseau Fictif (DEMO)", country_id="PT")
    make_mandate(organisation=representative, country_id="PT", state="confirmed", valid_from=date(2020, 1, 1))
    company = str(member.company_id)
    return {
        "company": company,
        "company_token": token(role="company_editor", organisation=company),
        "secretariat": token(role="secretariat"),
        "lcr": token(role="lcr", organisation=str(representative.pk)),
        "lcr_country": "PT",
    }


def token(**options: str) -> str:
    """A bearer token of a role."""
    out = StringIO()
    call_command("issue_token", **options, stdout=out)
    return out.getvalue().strip()


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(chain(int(sys.argv[1]), int(sys.argv[2]))))
