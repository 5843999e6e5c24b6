"""Mandates: what a confirmed one is, and that two of one country never overlap."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from members.network import constraints
from members.network.actions import mandates
from members.network.models import Mandate
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid
from tests.factories.network import AT, make_mandate

pytestmark = pytest.mark.django_db


def test_a_recorded_mandate_gives_no_access_until_confirmed(at, day):
    mandate = make_mandate()
    assert not Mandate.objects.confirmed_on(day).exists()

    mandates.confirm(mandate_id=mandate.pk, valid_from=date(2026, 11, 22), actor=SYSTEM, at=at)

    assert Mandate.objects.confirmed_on(day).get() == mandate
    assert not Mandate.objects.confirmed_on(date(2026, 11, 21)).exists()


def test_an_ended_mandate_counted_until_its_last_day(at):
    mandate = make_mandate(state="confirmed")

    mandates.end(mandate_id=mandate.pk, valid_until=date(2026, 12, 31), actor=SYSTEM, at=at)

    assert Mandate.objects.confirmed_on(date(2026, 12, 31)).get() == mandate
    assert not Mandate.objects.confirmed_on(date(2027, 1, 1)).exists()


def test_a_mandate_closed_without_confirmation_never_counted(at, day):
    mandate = make_mandate()

    mandates.end(mandate_id=mandate.pk, valid_until=day, actor=SYSTEM, at=at)

    assert not Mandate.objects.confirmed_on(day).exists()


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (date(2021, 1, 1), None, False),
        (date(2020, 12, 31), None, True),
        (date(2016, 1, 1), date(2016, 12, 31), False),
        (date(2016, 1, 1), date(2017, 1, 1), True),
        (date(2016, 1, 1), None, True),
        (date(2018, 1, 1), date(2018, 1, 1), True),
    ],
)
def test_confirmed_mandates_of_a_country_never_overlap(at, start, end, overlaps):
    make_mandate(state="confirmed", valid_until=date(2020, 12, 31))
    make_mandate(state="confirmed", country_id="NL")
    mandate = make_mandate()

    if overlaps:
        with pytest.raises(mandates.MandateOverlaps):
            mandates.confirm(mandate_id=mandate.pk, valid_from=start, valid_until=end, actor=SYSTEM, at=at)
    else:
        mandates.confirm(mandate_id=mandate.pk, valid_from=start, valid_until=end, actor=SYSTEM, at=at)

    mandate.refresh_from_db()
    assert (mandate.state, AuditEvent.objects.count()) == (("recorded", 0) if overlaps else ("confirmed", 1))


def test_a_period_that_ends_before_it_begins_is_refused(at):
    mandate = make_mandate()

    with pytest.raises(Invalid) as refusal:
        mandates.confirm(
            mandate_id=mandate.pk,
            valid_from=date(2026, 2, 1),
            valid_until=date(2026, 1, 31),
            actor=SYSTEM,
            at=at,
        )

    mandate.refresh_from_db()
    assert ([fault.pointer for fault in refusal.value.faults], mandate.state) == (["/valid_until"], "recorded")


@pytest.fixture
def _guarded() -> None:
    """The database's own guard, also where the tables were made without migrations."""
    with connection.cursor() as cursor:
        for statement in constraints.statements(connection.vendor):
            cursor.execute(statement)


@pytest.mark.usefixtures("_guarded")
def test_the_database_itself_refuses_an_overlap():
    make_mandate(state="confirmed", valid_until=date(2020, 12, 31))
    later = make_mandate(state="confirmed", valid_from=date(2021, 1, 1))
    recorded = make_mandate()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_mandate(state="confirmed", valid_from=date(2030, 1, 1))
    for pk, change in (
        (later.pk, {"valid_from": date(2020, 12, 31)}),
        (recorded.pk, {"state": "confirmed", "valid_from": date(2030, 1, 1), "confirmed_at": AT}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.filter(pk=pk).update(**change)

    assert Mandate.objects.confirmed().count() == 2


def test_a_mandate_is_never_confirmed_without_a_first_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mandate(state="confirmed", valid_from=None)
