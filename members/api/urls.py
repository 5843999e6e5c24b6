"""The resources of the network."""

from __future__ import annotations

from members.api import access_urls, agreements, assemblies, imports, initiatives, people, trainings
from members.api.audit import AuditViews
from members.api.channel_counts import ChannelCountViews
from members.api.channels import ReportingChannelViews
from members.api.contacts import ContactViews
from members.api.countries import CountryViews, RegionViews
from members.api.directory import DirectoryViews
from members.api.groups import GroupParticipationViews, GroupViews
from members.api.mandates import MandateViews
from members.api.network import NetworkMembershipViews
from members.api.organisations import OrganisationViews
from members.api.sizes import PublishedSizeViews
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
    ChannelCountViews,
    ContactViews,
):
    router.add(views)
router.add(AuditViews)
router.add(DirectoryViews)
for package in (people, initiatives, trainings, imports):
    package.add_to(router)
access_urls.add_to(router)
agreements.add_to(router)
assemblies.add_to(router)
