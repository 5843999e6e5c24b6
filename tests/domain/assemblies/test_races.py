"""Parallel elections to the last seat on a real server: one wins, the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from members.assemblies.actions import committee
from members.assemblies.models import CommitteeTerm
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import DomainError
from tests.factories.assemblies import make_seats
from tests.factories.network import make_network_membership

pytestmark = pytest.mark.django_db(transaction=True)


def test_there_are_never_more_holders_than_seats(at):
    make_seats(seat_count=2)
    organisations = [make_network_membership().organisation_id for _ in range(6)]

    def elect(organisation: Any) -> str:
        try:
            committee.elect(
                region_id="europe", organisation_id=organisation, starts_on=date(2026, 1, 1), actor=SYSTEM, at=at
            )
            return "ok"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(elect, organisations))

    assert answers == ["more_holders_than_seats"] * 4 + ["ok"] * 2
    assert CommitteeTerm.objects.count() == 2
