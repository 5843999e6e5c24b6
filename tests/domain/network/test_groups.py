"""Groups: who is in them, in which role, since when."""

from __future__ import annotations

from datetime import date

import pytest

from members.network.actions import groups
from members.network.models import Group, GroupParticipation
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused, Stale
from tests.factories.network import make_group, make_participation
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (date(2026, 7, 1), None, True),
        (LAST, None, False),
        (None, None, False),
        (date(2019, 1, 1), date(2019, 12, 31), True),
        (date(2019, 1, 1), date(2020, 1, 1), False),
    ],
)
def test_an_organisation_has_one_role_in_a_group_on_a_day(at, start, end, fits):
    held = make_participation(role="supporter", valid_from=date(2020, 1, 1), valid_until=LAST)
    joining = {"group_id": held.group_id, "organisation_id": held.organisation_id, "role": "partner"}

    if fits:
        groups.join_group(**joining, valid_from=start, valid_until=end, actor=SYSTEM, at=at)
    else:
        with pytest.raises(Refused) as refusal:
            groups.join_group(**joining, valid_from=start, valid_until=end, actor=SYSTEM, at=at)
        assert refusal.value.code == "participation_exists"

    assert (GroupParticipation.objects.count(), AuditEvent.objects.count()) == ((2, 1) if fits else (1, 0))


def test_one_organisation_coordinates_at_a_time(at):
    group = make_participation(role="coordinator", valid_until=LAST).group
    successor = {"group_id": group.pk, "organisation_id": make_organisation().pk, "role": "coordinator"}

    with pytest.raises(Refused) as refusal:
        groups.join_group(**successor, valid_from=LAST, actor=SYSTEM, at=at)
    groups.join_group(**successor, valid_from=date(2026, 7, 1), actor=SYSTEM, at=at)

    assert (refusal.value.code, group.participations.count()) == ("coordinator_exists", 2)


def test_an_end_before_the_start_is_refused(at):
    row = make_participation(valid_from=date(2026, 2, 1))

    for refused in (
        lambda: groups.leave_group(participation_id=row.pk, valid_until=date(2026, 1, 31), actor=SYSTEM, at=at),
        lambda: groups.join_group(
            group_id=make_group().pk,
            organisation_id=row.organisation_id,
            role="partner",
            valid_from=date(2026, 2, 1),
            valid_until=date(2026, 1, 31),
            actor=SYSTEM,
            at=at,
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            refused()
        assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/valid_until", "before_start")]

    row.refresh_from_db()
    assert (row.valid_until, row.version, AuditEvent.objects.count()) == (None, 1, 0)


def test_a_participation_ends_once(at):
    row = make_participation()
    groups.leave_group(participation_id=row.pk, valid_until=LAST, expected_version=1, actor=SYSTEM, at=at)

    with pytest.raises(Stale):
        groups.leave_group(participation_id=row.pk, valid_until=LAST, expected_version=1, actor=SYSTEM, at=at)
    with pytest.raises(Refused):
        groups.leave_group(participation_id=row.pk, valid_until=LAST, actor=SYSTEM, at=at)

    counts = [Group.objects.with_partners(on=day).get().partner_count for day in (LAST, date(2026, 7, 1))]
    assert counts == [1, 0]


def test_a_change_that_changes_nothing_is_no_event(at):
    group = make_group(name="Groupe Fictif")

    groups.update_group(group_id=group.pk, name="Groupe Fictif", actor=SYSTEM, at=at)

    group.refresh_from_db()
    assert (group.version, AuditEvent.objects.count()) == (1, 0)
