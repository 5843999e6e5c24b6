"""Role contacts of organisations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.organisations.models import Organisation
from members.people.querysets import ContactQuerySet
from registry.kernel.ids import new_id

__all__ = ["Contact"]


class ContactRole(models.TextChoices):
    """What a contact is written to about."""

    REPORTING_OFFICER = "reporting_officer", "Reporting officer"
    TRAINING_OFFICER = "training_officer", "Training officer"
    FINANCE = "finance", "Finance"
    DIRECTOR = "director", "Director"
    LCR_OFFICER = "lcr_officer", "Officer of the Local Code Representative"
    SECRETARIAT = "secretariat", "Secretariat"


class ContactLanguage(models.TextChoices):
    """Languages in which the register writes."""

    EN = "en", "English"
    FR = "fr", "French"
    NL = "nl", "Dutch"
    DE = "de", "German"
    ES = "es", "Spanish"


class Contact(models.Model):
    """An address that holds a role for an organisation in a period. Holds no name of a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=20, choices=ContactRole)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=2, choices=ContactLanguage, default=ContactLanguage.EN)
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA zone of the recipient's hours.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; null while it lasts.")
    on_hold_since = models.DateTimeField(null=True, blank=True, help_text="Since a hard bounce.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="contact_period_in_order"
            ),
            models.UniqueConstraint(
                fields=["organisation", "role", "email"],
                condition=Q(valid_until=None),
                name="contact_one_open_per_role_and_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"
