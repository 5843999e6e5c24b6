"""What is shown of tokens, grants, invitations and the caller. No hash and no secret is ever read."""

from __future__ import annotations

from rest_framework import serializers

from members.access.models import GrantedRole
from members.access.rules import TokenScope
from members.scope import Role
from registry.kernel.api.rows import Ref, RowSerializer

ROLES = [(role.value, role.value) for role in Role]
TOKEN_SCOPES = [(scope.value, scope.value) for scope in TokenScope]


class TokenRow(RowSerializer):
    """A bearer token without its secret."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The part of the token after `cr_` by which it is recognised.")
    scopes = serializers.ListField(child=serializers.ChoiceField(TOKEN_SCOPES))
    user_id = serializers.UUIDField()
    is_machine = serializers.BooleanField(source="user.is_machine")
    grant_id = serializers.UUIDField(allow_null=True, help_text="The only grant that it uses; all when null.")
    organisation = Ref("organisations", "grant__organisation_id", "grant__organisation__name", allow_null=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the hour.")
    rotated_from_id = serializers.UUIDField(allow_null=True)


class GrantRow(RowSerializer):
    """A role that a user holds."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(GrantedRole.choices)
    organisation = Ref("organisations", "organisation_id", "organisation__name", allow_null=True)
    countries = serializers.ListField(
        child=serializers.CharField(), help_text="For an LCR: a part of its mandates; all of them when empty."
    )
    site_ids = serializers.ListField(child=serializers.UUIDField(), help_text="For a site editor.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; open when null.")
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class InvitationRow(RowSerializer):
    """A role offered to an e-mail address."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(GrantedRole.choices)
    organisation = Ref("organisations", "organisation_id", "organisation__name", allow_null=True)
    countries = serializers.ListField(child=serializers.CharField())
    site_ids = serializers.ListField(child=serializers.UUIDField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class IssuedTokenAnswer(serializers.Serializer):
    """A new token. `token` is shown this once and never again."""

    id = serializers.UUIDField()
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`; it can't be shown again.")
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(TOKEN_SCOPES))
    expires_at = serializers.DateTimeField()


class IssuedInvitationAnswer(serializers.Serializer):
    """A new invitation. `token` is shown this once and never again."""

    id = serializers.UUIDField()
    token = serializers.CharField(help_text="Hand it to the invited person, who sends it to `invitations/accept/`.")
    email = serializers.EmailField()
    role = serializers.ChoiceField(GrantedRole.choices)
    expires_at = serializers.DateTimeField()


class AcceptedAnswer(serializers.Serializer):
    """The user who came of an invitation and the role held."""

    user_id = serializers.UUIDField()
    grant_id = serializers.UUIDField()
    role = serializers.ChoiceField(GrantedRole.choices)


class HatAnswer(serializers.Serializer):
    """A role of the caller with its reach today."""

    role = serializers.ChoiceField(ROLES)
    organisation_id = serializers.UUIDField(allow_null=True)
    organisation_ids = serializers.ListField(child=serializers.UUIDField(), help_text="With the tree below it.")
    countries = serializers.ListField(child=serializers.CharField(), help_text="Mandates confirmed for today.")
    site_ids = serializers.ListField(child=serializers.UUIDField())


class MeAnswer(serializers.Serializer):
    """Who the caller is and what is theirs today."""

    user_id = serializers.UUIDField(allow_null=True, help_text="Null without a login.")
    token_id = serializers.UUIDField(allow_null=True)
    email = serializers.EmailField(allow_null=True, help_text="Null for machines and without a login.")
    language = serializers.CharField(allow_null=True)
    zone = serializers.CharField(allow_null=True)
    token_scopes = serializers.ListField(
        child=serializers.ChoiceField(TOKEN_SCOPES), allow_null=True, help_text="Null without a token."
    )
    day = serializers.DateField(help_text="The business day for which this holds.")
    countries = serializers.ListField(child=serializers.CharField())
    hats = HatAnswer(many=True)
