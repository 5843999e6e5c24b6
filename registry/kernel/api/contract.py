"""Where the contract is read."""

from __future__ import annotations

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation


class SchemaView(SpectacularAPIView):
    """The contract itself, as YAML or by Accept as JSON; open to everybody."""

    content_negotiation_class = DefaultContentNegotiation
    permission_classes = ()
    authentication_classes = ()


urlpatterns: list[URLPattern] = [path("schema/", SchemaView.as_view(), name="schema")]
