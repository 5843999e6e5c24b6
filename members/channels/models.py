"""Reporting channels."""

from __future__ import annotations

from django.db import models

from members.channels.querysets import ChannelCountQuerySet, ChannelQuerySet
from members.channels.rules import ChannelAbout, ChannelKind
from members.countries.models import Country
from members.network.models import Group
from members.organisations.models import Organisation
from registry.kernel.ids import new_id

__all__ = ["ChannelCount", "ReportingChannel"]


class ReportingChannel(models.Model):
    """A line, form or number that takes reports, for a country, the European Union or everywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=24, choices=ChannelKind)
    about = models.CharField(max_length=10, choices=ChannelAbout)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="channels")
    is_eu_wide = models.BooleanField(default=False, help_text="In the whole European Union; then without country.")
    url = models.CharField(max_length=300, help_text="Web address or `tel:`.")
    languages = models.JSONField(default=list, blank=True, help_text="BCP 47 tags; empty: not known.")
    covers = models.CharField(max_length=300, blank=True)
    what_it_takes = models.TextField(blank=True)
    handling = models.TextField(blank=True, help_text="What becomes of a report.")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="channels", help_text="Who runs it."
    )
    linked_group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="linked_channels", help_text="Group linking to it."
    )
    position = models.PositiveIntegerField(help_text="Order among equals.")
    checked_on = models.DateField(null=True, blank=True, help_text="Last seen to work; None: not since it was entered.")
    check_due_on = models.DateField(help_text="From this day on it counts as unchecked.")
    closed_on = models.DateField(null=True, blank=True, help_text="First day on which it took no reports any more.")
    source = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ChannelQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ChannelCount(models.Model):
    """How many reports a channel received in a year, as somebody published it. A number, never a case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(ReportingChannel, models.CASCADE, related_name="counts")
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()
    definition = models.CharField(max_length=300, help_text="What was counted.")
    source = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ChannelCountQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["channel", "year", "definition"], name="channel_count_once_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.channel_id} {self.year}"
