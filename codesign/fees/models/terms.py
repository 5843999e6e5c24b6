"""What fees rest on: the table, who pays less, terms of payment, membership years."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.models import RevenueBand
from codesign.fees.querysets import CompanyReductionQuerySet, FeeBandQuerySet, FeeTermsQuerySet, FeeYearQuerySet
from registry.kernel.ids import new_id


class FeeBand(models.Model):
    """The yearly fee for one band of revenue, for a time. Lower bound exclusive above 0, upper inclusive."""

    code = models.CharField(max_length=10, choices=RevenueBand)
    revenue_from_eur = models.DecimalField(max_digits=14, decimal_places=2)
    revenue_to_eur = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    annual_fee_eur = models.DecimalField(max_digits=10, decimal_places=2)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)

    objects = FeeBandQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="fee_band_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_from=None), name="fee_band_once_undated"),
            models.CheckConstraint(
                condition=Q(revenue_to_eur=None) | Q(revenue_to_eur__gt=F("revenue_from_eur")),
                name="fee_band_bounds_in_order",
            ),
        )


class FeeReduction(models.Model):
    """A share off the fee for members of a partner association, for a time."""

    code = models.CharField(max_length=20, help_text="Of the association, such as `pata`.")
    share = models.DecimalField(max_digits=4, decimal_places=3, help_text="0 to 1.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)

    objects = FeeBandQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="fee_reduction_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_from=None), name="fee_reduction_once_undated"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="fee_reduction_is_a_share"),
        )


class FeeTerms(models.Model):
    """Terms of payment, from a day on. The newest in force counts; a new row never edits the past."""

    effective_from = models.DateField(unique=True)
    payment_days = models.PositiveSmallIntegerField(default=30, help_text="From issue to due day.")
    confirmation_months = models.PositiveSmallIntegerField(
        default=12, help_text="How long a confirmed revenue band serves: the company confirms it each year."
    )
    payee = models.CharField(max_length=200, blank=True, help_text="Who is paid, as the bank knows it.")
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    source = models.TextField(blank=True)

    objects = FeeTermsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "fee terms"


class CompanyReduction(models.Model):
    """A company belongs to a partner association, and pays less while it does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="fee_reductions")
    code = models.CharField(max_length=20, help_text="Of the association, such as `pata`.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day; None: until further notice.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CompanyReductionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["company", "code"], condition=Q(valid_until=None), name="company_reduction_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="company_reduction_period_in_order",
            ),
        )


class FeeYear(models.Model):
    """One membership year: from when to when, and from which day on its invoices are raised."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField(unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="The last day.")
    invoices_on = models.DateField(help_text="From this day on each member without an invoice gets one.")
    unconfirmed_days = models.PositiveSmallIntegerField(
        default=60,
        help_text="So many days later the last known band serves, where none was confirmed within the year.",
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = FeeYearQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gt=F("opens_on")), name="fee_year_in_order"),
            models.CheckConstraint(condition=Q(invoices_on__lte=F("closes_on")), name="fee_year_invoices_within"),
        )
