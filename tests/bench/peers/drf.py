"""Django REST framework with a ModelSerializer and nested serializers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from codesign.companies.models import Company
from members.organisations.models import Organisation
from tests.bench.peers import querying


class OrganisationSerializer(serializers.ModelSerializer):
    """A reference."""

    url = serializers.SerializerMethodField()
    display = serializers.CharField(source="name")

    class Meta:
        model = Organisation
        fields = ("id", "url", "display")

    def get_url(self, row: Organisation) -> str:
        return f"/api/v1/organisations/{row.pk}/"


class CriterionSerializer(serializers.Serializer):
    """State of one criterion."""

    number = serializers.IntegerField()
    state = serializers.CharField()


class TrainingSerializer(serializers.Serializer):
    """Share of trained staff."""

    value = serializers.SerializerMethodField()
    numerator = serializers.IntegerField(source="trained")
    denominator = serializers.IntegerField(source="staff_in_scope")

    def get_value(self, row: Any) -> str | None:
        return querying.share(row.trained, row.staff_in_scope)


class CompanySerializer(serializers.ModelSerializer):
    """A company of the list."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="organisation.name")
    organisation = OrganisationSerializer()
    country = serializers.CharField(source="organisation.country_id")
    is_demo = serializers.BooleanField(source="organisation.is_demo")
    membership_id = serializers.UUIDField(source="member.pk")
    state = serializers.CharField(source="member.state")
    number = serializers.CharField(source="member.number")
    member_since = serializers.DateField(source="member.member_since")
    representative = OrganisationSerializer(source="member.representative")
    criteria = serializers.SerializerMethodField()
    standing = serializers.CharField(source="figures.standing")
    latest_report = serializers.SerializerMethodField()
    training = TrainingSerializer(source="figures")
    site_count = serializers.IntegerField(source="figures.site_count")
    staff_count = serializers.IntegerField(source="figures.staff_count")
    counted_site_count = serializers.IntegerField(source="figures.counted_site_count")

    class Meta:
        model = Company
        fields = (
            *("id", "name", "organisation", "country", "category", "node", "is_demo", "is_profile_public"),
            *("offers_residential_care", "revenue_band", "revenue_band_confirmed_on", "membership_id", "state"),
            *("number", "member_since", "representative", "criteria", "standing", "latest_report", "training"),
            *("site_count", "staff_count", "counted_site_count"),
        )

    def get_criteria(self, row: Any) -> Any:
        actions = list(row.member.plan_actions.all())
        return CriterionSerializer(querying.criteria(actions), many=True).data

    def get_latest_report(self, row: Any) -> Any:
        found = querying.latest(row)
        if found is None:
            return None
        report, due_on = found
        return {"id": report.pk, "year": report.reporting_year.year, "state": report.state, "due_on": due_on}


class CompanyList(APIView):
    """The page."""

    def get(self, request: Request) -> Response:
        country = request.query_params["country"]
        rows = list(querying.companies(country, request.query_params.get("after")))
        rows, following = querying.page(rows, country, "/drf/companies/")
        return Response({"results": CompanySerializer(rows, many=True).data, "next": following, "previous": None})
