"""Companies, sites, head counts, memberships and decisions."""

from __future__ import annotations

from codesign.companies.models.claims import ClaimState, SignatoryClaim
from codesign.companies.models.memberships import CodeMembership, Decision, NumberSeries
from codesign.companies.models.nodes import (
    SUPPORTERS,
    Company,
    CompanyCategory,
    CompanyTouch,
    NodeKind,
    ReportsThrough,
    RevenueBand,
    VoluntourismDeclaration,
)
from codesign.companies.models.sites import FormerOwnership, HeadCount, Site, SiteKind

__all__ = [
    "SUPPORTERS",
    "ClaimState",
    "CodeMembership",
    "Company",
    "CompanyCategory",
    "CompanyTouch",
    "Decision",
    "FormerOwnership",
    "HeadCount",
    "NodeKind",
    "NumberSeries",
    "ReportsThrough",
    "RevenueBand",
    "SignatoryClaim",
    "Site",
    "SiteKind",
    "VoluntourismDeclaration",
]
