"""Where the contract is read."""

from __future__ import annotations

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView


class SchemaView(SpectacularAPIView):
    """The contract itself; open to everybody."""

    permission_classes = ()
    authentication_classes = ()


urlpatterns: list[URLPattern] = [path("schema/", SchemaView.as_view(), name="schema")]
