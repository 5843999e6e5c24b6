"""What clients send about companies and sites."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from codesign.companies.models import Company, CompanyCategory, NodeKind, RevenueBand, SiteKind
from members.countries.models import Country
from members.organisations.models import Organisation
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

MAX_STAFF = 1_000_000


def own_organisations(scope: Scope) -> QuerySet:
    """Organisations that the caller may make a company: all, those of the mandate, or the own tree."""
    if scope.wears(Role.SECRETARIAT):
        return Organisation.objects.standing()
    own = scope.organisations(*COMPANY_ROLES)
    return Organisation.objects.standing().filter(Q(pk__in=own) | Q(country_id__in=scope.countries))


def own_countries(scope: Scope) -> QuerySet:
    """Countries in which the caller may enter a company that the register does not know."""
    rows = Country.objects.all()
    return rows if scope.wears(Role.SECRETARIAT, Role.APPLICANT) else rows.filter(pk__in=scope.countries)


class Zone(serializers.CharField):
    """An IANA time zone."""

    default_error_messages = {"unknown_zone": _("There is no such time zone.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    def to_internal_value(self, data: Any) -> str:
        zone = super().to_internal_value(data)
        if zone not in available_timezones():
            self.fail("unknown_zone")
        return zone


class CompanyPatch(Body):
    """What of a company may change."""

    category = serializers.ChoiceField(CompanyCategory.choices, required=False)
    node = serializers.ChoiceField(NodeKind.choices, required=False, help_text="What it is in the tree of its group.")
    revenue_band = serializers.ChoiceField(
        RevenueBand.choices, required=False, help_text="Sending it confirms it as of today."
    )
    is_profile_public = serializers.BooleanField(required=False)
    offers_residential_care = serializers.BooleanField(required=False)


class CompanyBody(CompanyPatch):
    """A company: a known organisation, or the name and country of a new one."""

    organisation = RelatedId(own_organisations, required=False)
    name = serializers.CharField(max_length=200, required=False)
    country = RelatedCode(own_countries, required=False)
    website = serializers.URLField(max_length=300, required=False, allow_blank=True)
    is_another = serializers.BooleanField(
        required=False, help_text="True: the candidates of a `duplicate` were looked at, and none of them is meant."
    )
    category = serializers.ChoiceField(CompanyCategory.choices)


class SitePatch(Body):
    """What of a site may change."""

    name = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(SiteKind.choices, required=False)
    country = RelatedCode(lambda scope: Country.objects.all(), required=False)
    zone = Zone(required=False, help_text="Of its country when left out.")
    opened_on = Day(required=False, allow_null=True)


class SiteBody(SitePatch):
    """A site of a company."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    name = serializers.CharField(max_length=200)
    country = RelatedCode(lambda scope: Country.objects.all())


class ClosingBody(Body):
    """The last day of a site."""

    closed_on = Day()


class HandOverBody(Body):
    """Which company owns the site from a day on."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    since = Day(help_text="First day under the new company; by today.")


class HeadCountBody(Body):
    """How many people work at the site from a day on, agency staff included."""

    staff_count = serializers.IntegerField(min_value=0, max_value=MAX_STAFF)
    valid_from = Day()
