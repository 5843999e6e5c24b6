"""The resources of the network."""

from __future__ import annotations

from members.api import access_urls, agreements
from members.api.audit import AuditViews
from members.api.channels import ReportingChannelViews
from members.api.contacts import ContactViews
from members.api.countries import CountryViews, RegionViews
from members.api.mandates import MandateViews
from members.api.network import (
    GroupParticipationViews,
    GroupViews,
    NetworkMembershipViews,
    PublishedSizeViews,
)
from members.api.organisations import OrganisationViews
from registry.kernel.api.routers import Router

router = Router()
for views in (
    CountryViews,
    RegionViews,
    OrganisationViews,
    NetworkMembershipViews,
    GroupViews,
    GroupParticipationViews,
    PublishedSizeViews,
    MandateViews,
    ReportingChannelViews,
    ContactViews,
):
    router.add(views)
router.add(AuditViews)
access_urls.add_to(router)
agreements.add_to(router)
