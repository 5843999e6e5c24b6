"""Staff pages of The Code: memberships and reports with the moves that the secretariat may make."""

from __future__ import annotations

from django.contrib import admin

from codesign.companies.models import CodeMembership, Company, Decision
from codesign.fees.models import Invoice
from codesign.reporting import actions as reporting
from codesign.reporting.models import Report
from codesign.standing import actions as standing
from members.admin import RegisterAdmin, move


@admin.register(Company)
class CompanyAdmin(RegisterAdmin):
    """Companies, one-to-one with their organisation."""

    list_display = ("organisation", "category", "revenue_band", "revenue_band_confirmed_on", "created_at")
    list_filter = ("category", "revenue_band")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)
    ordering = ("organisation__name", "pk")


@admin.register(CodeMembership)
class CodeMembershipAdmin(RegisterAdmin):
    """Memberships; their state is moved by decisions alone."""

    list_display = ("number", "company", "state", "is_current", "member_since", "ended_on")
    list_filter = ("state", "is_current")
    list_select_related = ("company__organisation",)
    search_fields = ("number", "company__organisation__name")
    ordering = ("-created_at", "pk")
    actions = (
        move("Approve", standing.approve, "membership_id"),
        move("Let it expire", standing.expire, "membership_id"),
    )


@admin.register(Decision)
class DecisionAdmin(RegisterAdmin):
    """What was decided on memberships: appended, never edited."""

    list_display = ("effective_on", "membership", "move", "from_state", "to_state", "actor_label", "decided_at")
    list_filter = ("move",)
    list_select_related = ("membership__company__organisation",)
    ordering = ("-decided_at", "pk")


@admin.register(Report)
class ReportAdmin(RegisterAdmin):
    """Annual reports."""

    list_display = ("company", "reporting_year", "state", "submitted_at", "accepted_at", "published_at")
    list_filter = ("state", "reporting_year")
    list_select_related = ("company__organisation", "reporting_year")
    ordering = ("-created_at", "pk")
    actions = (
        move("Accept", reporting.accept, "report_id"),
        move("Publish", reporting.publish, "report_id"),
    )


@admin.register(Invoice)
class InvoiceAdmin(RegisterAdmin):
    """Fees that were asked for."""

    list_display = ("number", "membership", "year", "amount_eur", "due_on", "state")
    list_filter = ("state", "year")
    list_select_related = ("membership__company__organisation",)
    search_fields = ("number",)
    ordering = ("-year", "number")
