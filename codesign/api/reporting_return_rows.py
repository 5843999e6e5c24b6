"""What is shown of a group's report: returns, links, slices and totals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from codesign.reporting import totals
from codesign.reporting.answers import Finding
from codesign.reporting.at_sites import SiteRead
from codesign.reporting.lifecycle import ReturnState, SliceState
from codesign.reporting.models import Report, ReturnLink
from codesign.reporting.rules import cut_share, plain
from registry.kernel.api.problems import said
from registry.kernel.api.rows import Ref, RowSerializer

FINDING_LEVELS = [("error", "Keeps the report from being submitted"), ("warning", "Does not")]


class SiteReturnRow(RowSerializer):
    """Where the return of one site stands, without its answers."""

    id = serializers.UUIDField()
    report = Ref("reports", "report_id", "report__company__organisation__name")
    year = serializers.IntegerField(source="reporting_year.year")
    site = Ref("sites", "site_id", "site__name")
    country = serializers.CharField(source="country_id", help_text="Of its slice.")
    state = serializers.ChoiceField(ReturnState.choices)
    completeness_share = serializers.DecimalField(3, 2, help_text="Required questions answered, 0 to 1, cut.")
    comments = serializers.DictField(child=serializers.CharField(), help_text="Question code → what to look at.")
    submitted_at = serializers.DateTimeField(allow_null=True)
    submitted_by = serializers.CharField(source="submitted_by_label")


class ReportSliceRow(RowSerializer):
    """Where the slice of one country stands."""

    id = serializers.UUIDField()
    report = Ref("reports", "report_id", "report__company__organisation__name")
    year = serializers.IntegerField(source="report.reporting_year.year")
    company = Ref("companies", "report__company_id", "report__company__organisation__name")
    country = serializers.CharField(source="country_id")
    is_lead = serializers.BooleanField(help_text="Of the company's own country: its own sections are part of it.")
    state = serializers.ChoiceField(SliceState.choices)
    sites_in_scope = serializers.IntegerField()
    sites_submitted = serializers.IntegerField(help_text="Sites that handed something in to the group.")
    submitted_at = serializers.DateTimeField()
    passes_on = serializers.DateField(help_text="Still silent on this day, it passes to the lead.")
    passed_at = serializers.DateTimeField(allow_null=True, help_text="When it passed to the lead.")
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by_label")
    comments = serializers.DictField(child=serializers.CharField(), help_text="Question code → what to look at.")


class SliceSiteAnswer(serializers.Serializer):
    """One site of a slice as it was handed in."""

    site = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(ReturnState.choices)
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text="Question code → value.")


class SliceTotalAnswer(serializers.Serializer):
    """A total over the sites of the slice."""

    question = serializers.CharField()
    value = serializers.DecimalField(24, 4, allow_null=True, help_text="Null while no site answered.")
    sites_in_scope = serializers.IntegerField()
    sites_answering = serializers.IntegerField()
    response_share = serializers.DecimalField(3, 2, allow_null=True, help_text="Answering ÷ in scope, cut.")
    base = serializers.DecimalField(24, 4, allow_null=True, help_text="What it is a part of; null: of nothing.")
    share = serializers.DecimalField(3, 2, allow_null=True, help_text="Over the sites that answered both, cut.")


class SliceContentAnswer(serializers.Serializer):
    """What the reader of a slice reads: its sites, its totals, and what the company answers for all sites."""

    snapshot = serializers.IntegerField(help_text="Number of the submission that it is taken from.")
    company_answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    sites = SliceSiteAnswer(many=True)
    totals = SliceTotalAnswer(many=True)


class CountryTotalAnswer(SliceTotalAnswer):
    """A total over the sites of one country."""

    country = serializers.CharField()


class TotalAnswer(SliceTotalAnswer):
    """A total over all sites, and by country: the slices add up to it."""

    by_country = CountryTotalAnswer(many=True)


class SilentSiteAnswer(serializers.Serializer):
    """A site that has handed nothing in."""

    site_return = serializers.UUIDField()
    site = serializers.UUIDField()
    name = serializers.CharField()
    country = serializers.CharField()
    state = serializers.ChoiceField(ReturnState.choices)
    completeness_share = serializers.DecimalField(3, 2)
    holders = serializers.ListField(child=serializers.CharField(), help_text="Functions that hold a link to it.")


class ReportFindingAnswer(serializers.Serializer):
    """One thing that the check found."""

    level = serializers.ChoiceField(FINDING_LEVELS)
    pointer = serializers.CharField()
    question = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class CheckedSiteAnswer(SilentSiteAnswer):
    """A site that handed nothing in, or in which something is missing or wrong."""

    findings = ReportFindingAnswer(many=True)


class PreviewedSiteAnswer(SliceSiteAnswer):
    """One site as it stands, with what it answers itself."""

    country = serializers.CharField()


class ReturnLinkAnswer(serializers.Serializer):
    """A link to one return."""

    id = serializers.UUIDField()
    holder = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the hour.")


class MadeLinkAnswer(ReturnLinkAnswer):
    """A new link with its secret."""

    token = serializers.CharField(help_text="Shown once. Send it as a bearer token; it opens this return alone.")


def shown_link(link: ReturnLink) -> dict[str, Any]:
    """A link without its secret."""
    token = link.token
    return {
        "id": link.pk,
        "holder": link.holder,
        "created_at": link.created_at,
        "created_by": link.created_by_label,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }


def silent_sites(sites: Iterable[SiteRead]) -> list[dict[str, Any]]:
    """Those that handed nothing in, with who holds a live link to them."""
    return [_site(site) for site in sites if site.state != ReturnState.SUBMITTED]


def shown_site(site: SiteRead) -> dict[str, Any]:
    """A site with what a check found in it."""
    return _site(site) | {"findings": [shown_finding(finding) for finding in site.findings]}


def shown_finding(finding: Finding) -> dict[str, Any]:
    """A finding as it is answered."""
    shown = {name: getattr(finding, name) for name in ("level", "pointer", "question", "code")}
    return {**shown, "message": said(finding.message)}


def shown_answers(site: SiteRead) -> dict[str, Any]:
    """A site with its own answers."""
    return {name: getattr(site, name) for name in ("site", "name", "country", "state", "answers")}


def _site(site: SiteRead) -> dict[str, Any]:
    names = ("site", "name", "country", "state", "completeness_share", "holders")
    return {"site_return": site.key, **{name: getattr(site, name) for name in names}}


def shown_totals(report: Report) -> list[dict[str, Any]]:
    """The roll-up of a report by site; nothing of one that the company answers alone."""
    if not report.is_by_site:
        return []
    found = totals.totals_of(report.pk)
    by_country: dict[str, list[dict[str, Any]]] = {}
    for total in found:
        by_country.setdefault(total.code, []).append(_total(total) | {"country": total.country})
    return [_total(total) | {"by_country": by_country[total.code]} for total in totals.whole(found)]


def _total(total: totals.Total) -> dict[str, Any]:
    return shaped_total(
        total.code, total.value, total.sites_in_scope, total.sites_answering, total.base, total.base_value
    )


def shaped_total(
    code: str, value: Decimal | None, scope: int, answering: int, base: Decimal | None, part: Decimal | None
) -> dict[str, Any]:
    """A total as it is answered."""
    return {
        "question": code,
        "value": plain(value),
        "sites_in_scope": scope,
        "sites_answering": answering,
        "response_share": cut_share(answering, scope),
        "base": plain(base),
        "share": None if base is None or part is None else cut_share(part, base),
    }
