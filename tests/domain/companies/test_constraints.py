"""What the database refuses whatever the code does."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from codesign.companies.actions import record_head_count
from codesign.companies.constraints import statements
from codesign.companies.models import CodeMembership, Decision, HeadCount
from tests.factories.companies import AT, make_decision, make_membership, make_scope, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _constraints(db):
    """Run twice, as a migration may."""
    for statement in statements(connection.vendor) * 2:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_decision_is_never_edited():
    decision = make_decision(membership=make_membership(), text="As decided.")

    with pytest.raises(IntegrityError, match="decision_is_final"), transaction.atomic():
        Decision.objects.update(text="Otherwise.")

    decision.refresh_from_db()
    assert decision.text == "As decided."


def test_two_head_counts_of_one_site_share_no_day(at):
    site = make_site(staff=40)

    with pytest.raises(IntegrityError, match="head_count_no_overlap"), transaction.atomic():
        HeadCount.objects.create(site=site, staff_count=5, valid_from=date(2026, 5, 1), recorded_at=AT)

    record_head_count(site_id=site.pk, staff_count=50, valid_from=date(2026, 5, 1), actor=make_scope(), at=at)
    record_head_count(site_id=site.pk, staff_count=51, valid_from=date(2026, 5, 1), actor=make_scope(), at=at)
    assert list(HeadCount.objects.current().order_by("valid_from").values_list("staff_count", flat=True)) == [40, 51]


@pytest.mark.parametrize("states", [("draft", "active"), ("approved", "suspended")])
def test_one_open_membership_per_scheme(states):
    first, second = states
    membership = make_membership(state=first)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(company=membership.company, state=second, is_current=False)

    assert CodeMembership.objects.count() == 1
