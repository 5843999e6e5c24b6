"""People and machines that call, what they were granted, and the secrets that prove it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from members.access.querysets import ApiTokenQuerySet, GrantQuerySet, InvitationQuerySet, UserManager
from members.access.rules import GRANTABLE, ROLES_WITHOUT_ORGANISATION
from members.scope import Role
from registry.kernel.ids import new_id

__all__ = ["ApiToken", "Grant", "GrantedRole", "Invitation", "SignInLink", "User"]


class GrantedRole(models.TextChoices):
    """Roles that a user can hold: all but the public's, which everybody has."""

    APPLICANT = Role.APPLICANT.value, "Applicant"
    COMPANY_EDITOR = Role.COMPANY_EDITOR.value, "Company editor"
    COMPANY_VIEWER = Role.COMPANY_VIEWER.value, "Company viewer"
    SITE_EDITOR = Role.SITE_EDITOR.value, "Site editor"
    COMPANY_SYSTEM = Role.COMPANY_SYSTEM.value, "Company's system"
    LCR = Role.LCR.value, "Local Code Representative"
    MEMBER_GROUP = Role.MEMBER_GROUP.value, "Member group"
    STOP_PARTNER = Role.STOP_PARTNER.value, "STOP Group partner"
    SECRETARIAT = Role.SECRETARIAT.value, "Secretariat"
    EVALUATOR = Role.EVALUATOR.value, "Evaluator"
    AUDITOR = Role.AUDITOR.value, "Auditor"


def _in_an_organisation(name: str) -> models.CheckConstraint:
    """Every role but those of the network as a whole is held for an organisation."""
    return models.CheckConstraint(
        condition=Q(role__in=sorted(ROLES_WITHOUT_ORGANISATION & GRANTABLE)) | Q(organisation__isnull=False), name=name
    )


def _known_role(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(role__in=sorted(GRANTABLE)), name=name)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address, or a machine that only ever shows a token.

    The register keeps no name of a person. What a user may do is in its grants alone; `is_staff` and
    `is_superuser` open the staff pages and nothing of the API.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    zone = models.CharField(max_length=64, default="UTC", help_text="Time zone, such as Europe/Brussels.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_machine = models.BooleanField(default=False)
    # The real moment: `createsuperuser` makes users without passing any.
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),)

    def __str__(self) -> str:
        return str(self.pk)


class Grant(models.Model):
    """A role that a user holds for a time; revoking ends it at once.

    `countries`: for an LCR, a part of its mandates (all of them when empty). `site_ids`: for a site editor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=GrantedRole.choices)
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    countries = models.JSONField(default=list, blank=True)
    site_ids = models.JSONField(default=list, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; open when null.")
    granted_by_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = (
            _known_role("grant_role_is_known"),
            _in_an_organisation("grant_role_has_its_organisation"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="grant_period_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id or ''}".strip()


class ApiToken(models.Model):
    """A bearer token: only its prefix and a hash are kept, so that no copy of the database can log in.

    Its moments are of the real clock: moving the calendar of a tour makes no token live longer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    grant = models.ForeignKey(
        Grant, models.CASCADE, null=True, blank=True, related_name="tokens", help_text="The only grant that it uses."
    )
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of 256 random bits.")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the hour.")
    rotated_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="successors")
    version = models.PositiveIntegerField(default=1)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"cr_{self.prefix}_…"

    def is_live(self, moment: datetime) -> bool:
        """Neither revoked nor expired at `moment` of the real clock."""
        return self.revoked_at is None and moment < self.expires_at


class Invitation(models.Model):
    """A role offered to an e-mail address; whoever shows its secret in time becomes a user who holds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=GrantedRole.choices)
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    countries = models.JSONField(default=list, blank=True)
    site_ids = models.JSONField(default=list, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="invitations_sent")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            _known_role("invitation_role_is_known"),
            _in_an_organisation("invitation_role_has_its_organisation"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class SignInLink(models.Model):
    """A link that was mailed to a person of a company and signs them in once; of its secret only a hash is kept.

    One that `opens_application` makes whoever reads that mailbox an applicant; with an address that nobody
    has a log-in for, `email` and `language` stand in for the user. Its moments are of the real clock, like
    those of a token.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="sign_in_links")
    opens_application = models.BooleanField(default=False)
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user=None, opens_application=True) & ~Q(email="")),
                name="sign_in_link_is_for_a_user_or_an_applicant",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
