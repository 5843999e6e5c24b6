"""Sizes of the network that others published."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from rest_framework import serializers

from members.network.models import PublishedSize
from members.scope import Scope
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews


class PublishedSizeRow(RowSerializer):
    """A count that somebody published."""

    id = serializers.UUIDField()
    scheme = serializers.CharField()
    position = serializers.IntegerField(help_text="Place in the list, in order of time.")
    date = serializers.CharField(source="date_text", help_text="As the source has it.")
    members = serializers.IntegerField(allow_null=True)
    countries = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField(help_text="What was counted.")
    source = serializers.CharField()  # type: ignore[assignment]


class PublishedSizeFilters(RowFilters):
    """Filters of published counts."""

    scheme = AnyOf("scheme", help_text="Whose size: ECPAT or The Code.")

    class Meta:
        model = PublishedSize
        fields: list[str] = []


class PublishedSizeViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """How large the network was said to be, by whom: never figures of this register, and they contradict."""

    resource = "published-sizes"
    tag = "Network"
    row = PublishedSizeRow
    filters = PublishedSizeFilters
    orderings = {"position": "position"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return PublishedSize.objects.visible_to(scope)
