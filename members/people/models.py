"""People, the roles that they hold in organisations, and the points at which a role is reached."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from members.organisations.models import Organisation
from members.people.querysets import ContactQuerySet, PersonQuerySet, PersonRoleQuerySet
from registry.kernel.ids import new_id

__all__ = ["Contact", "ErasureLedger", "Person", "PersonRole"]


class ContactRole(models.TextChoices):
    """What a contact is written to about."""

    REPORTING_OFFICER = "reporting_officer", "Reporting officer"
    TRAINING_OFFICER = "training_officer", "Training officer"
    FINANCE = "finance", "Finance"
    DIRECTOR = "director", "Director"
    LCR_OFFICER = "lcr_officer", "Officer of the Local Code Representative"
    SECRETARIAT = "secretariat", "Secretariat"


class HeldRole(models.TextChoices):
    """What a person is in an organisation."""

    BOARD_MEMBER = "board_member", "Member of the board"
    DIRECTOR = "director", "Director"
    COORDINATOR = "coordinator", "Coordinator"
    REPORTING_OFFICER = "reporting_officer", "Reporting officer"
    TRAINING_OFFICER = "training_officer", "Training officer"
    TRAINER = "trainer", "Trainer"
    FINANCE = "finance", "Finance"
    LCR_OFFICER = "lcr_officer", "Officer of the Local Code Representative"
    OTHER = "other", "Other"


class ContactLanguage(models.TextChoices):
    """Languages in which the register writes."""

    EN = "en", "English"
    FR = "fr", "French"
    NL = "nl", "Dutch"
    DE = "de", "German"
    ES = "es", "Spanish"


class Person(models.Model):
    """Somebody who holds roles in organisations. The only table with names of people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    search_key = models.TextField(help_text="The name, folded.")
    language = models.CharField(max_length=2, choices=ContactLanguage, default=ContactLanguage.EN)
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA zone of the person's hours.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        # No name: this text may end up in a log.
        return str(self.pk)


class PersonRole(models.Model):
    """A role in an organisation for a time. Without a person: that one was erased, and the role still counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="person_roles")
    role = models.CharField(max_length=20, choices=HeldRole)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; null while it lasts.")
    created_at = models.DateTimeField()

    objects = PersonRoleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="person_role_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(valid_until__isnull=False), name="person_role_of_nobody_has_ended"
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(valid_until=None), name="person_role_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"


class Contact(models.Model):
    """An address or a telephone number that holds a role for an organisation in a period, of a person or of a desk."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="contacts")
    role = models.CharField(max_length=20, choices=ContactRole)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="E.164, such as +3225550100.")
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
            models.CheckConstraint(condition=~Q(email="", phone=""), name="contact_can_be_reached"),
            models.UniqueConstraint(
                fields=["organisation", "role", "email"],
                condition=Q(valid_until=None) & ~Q(email=""),
                name="contact_one_open_per_role_and_address",
            ),
        )
        indexes = (
            # Who else is reached at an address, however it is spelt: upper, as `iexact` asks.
            models.Index(Upper("email"), name="contact_by_address"),
            models.Index(fields=["role"], condition=Q(role="secretariat"), name="contact_of_the_secretariat"),
            models.Index(fields=["zone"], name="contact_by_zone"),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"


class ErasureLedger(models.Model):
    """A tombstone: the salted hash of a row's id that was erased, so that a restored backup is erased again.

    An id is 74 random bits: the hash tells nobody whose it was, and nothing of a person is hashed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.CharField(max_length=20, help_text="What kind of row it was.")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of salt, place and id.")
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.place} {self.digest[:12]}"
