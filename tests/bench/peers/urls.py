"""The peers' addresses."""

from django.urls import path

from tests.bench.peers.drf import CompanyList
from tests.bench.peers.ninja_api import api

urlpatterns = [path("drf/companies/", CompanyList.as_view()), path("ninja/", api.urls)]
