"""Stored counters of a company: what the register works out, given to the peers for nothing."""

from __future__ import annotations

from django.db import models


class Figures(models.Model):
    """One row per company."""

    company = models.OneToOneField(
        "codesign.Company", models.DO_NOTHING, primary_key=True, related_name="figures", db_constraint=False
    )
    standing = models.TextField(null=True)
    trained = models.IntegerField()
    staff_in_scope = models.IntegerField()
    site_count = models.IntegerField()
    staff_count = models.IntegerField(null=True)
    counted_site_count = models.IntegerField()

    class Meta:
        managed = False
        db_table = "bench_figures"
