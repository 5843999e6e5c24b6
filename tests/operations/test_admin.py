"""The staff pages: the secretariat's alone, inside its scope, and no way past the domain's moves."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from codesign.companies.models import CodeMembership
from registry.kernel.audit.models import AuditEvent
from tests.factories.access import make_grant, make_user
from tests.factories.companies import make_membership
from tests.factories.reporting import make_complete_report

pytestmark = pytest.mark.django_db
MEMBERSHIPS = "/admin/codesign/codemembership/"


def signed_in(role: str | None, **flags: bool) -> Client:
    user = make_user(is_staff=True, **flags)
    if role:
        make_grant(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer() -> Client:
    return signed_in("secretariat")


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=str)
def test_the_secretariat_reads_every_list_and_changes_none(officer: Client, model: type) -> None:
    make_membership()
    name = model._meta.label_lower.replace(".", "_")
    if model._meta.app_label in {"account", "auth", "mfa"}:
        pytest.skip("The framework's own page.")

    assert officer.get(reverse(f"admin:{name}_changelist")).status_code == 200
    assert officer.get(reverse(f"admin:{name}_add")).status_code == 403


@pytest.mark.parametrize(("role", "flags"), [("lcr", {}), ("auditor", {}), (None, {"is_superuser": True})])
def test_nobody_else_sees_anything(role: str | None, flags: dict[str, bool]) -> None:
    client = signed_in(role, **flags)

    assert client.get(MEMBERSHIPS).status_code == 403


def test_a_move_is_the_domains_own_and_a_refusal_is_told(officer: Client) -> None:
    active = make_membership(state="active")

    answer = officer.post(MEMBERSHIPS, {"action": "approve", "_selected_action": [active.pk]}, follow=True)

    active.refresh_from_db()
    assert (active.state, active.version, AuditEvent.objects.count()) == ("active", 1, 0)
    assert re.search(r"from.*active|not.*allowed|active", answer.content.decode(), re.IGNORECASE)


def test_a_report_is_accepted_with_its_audit_row(officer: Client) -> None:
    from codesign.reporting import actions
    from tests.conftest import AT
    from tests.factories.companies import make_scope

    report = make_complete_report()
    actions.submit(report_id=report.pk, expected_version=report.version, actor=make_scope(), at=AT)

    officer.post("/admin/codesign/report/", {"action": "accept", "_selected_action": [report.pk]})

    report.refresh_from_db()
    assert report.state == "accepted"
    assert AuditEvent.objects.filter(action="reports.accept", object_id=report.pk).count() == 1


def test_a_state_is_no_field_to_edit(officer: Client) -> None:
    membership = make_membership(state="active")

    answer = officer.post(f"{MEMBERSHIPS}{membership.pk}/change/", {"state": "terminated"})

    assert answer.status_code == 403
    assert CodeMembership.objects.get(pk=membership.pk).state == "active"
