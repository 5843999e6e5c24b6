"""Certificates of completion over HTTP: given to workers, checked by anybody, claimed by a next employer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.forms import UUIDField
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers

from codesign.api.credential_checks import page_url
from codesign.training import actions, badges
from codesign.training.actions import credentials
from codesign.training.badges import Certificate
from codesign.training.kinds import CourseKind, CredentialState, RevocationReason
from codesign.training.models import Credential
from members.scope import Scope
from registry.kernel import clock, pdf, signing
from registry.kernel.api.bodies import Body
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.rows import API_PREFIX, Ref, RowSerializer, context_of, in_language
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import NotFound

TEMPLATE = Path(actions.__file__).parents[1] / "certificate.typ"
_BASE = f"{API_PREFIX}credentials/"


class CredentialRow(RowSerializer):
    """A certificate of one completion; its code was shown once, to be handed on."""

    id = serializers.UUIDField()
    completion = Ref("completions", "completion_id", "completion__completed_on")
    staff_member = Ref("staff", "completion__staff_member_id", "completion__staff_member__reference")
    course = Ref("courses", "completion__course_id", "completion__course__names")
    issued_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoked_reason = serializers.ChoiceField(RevocationReason.choices, allow_blank=True)


class IssueBody(Body):
    """Of which completions."""

    completions = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)


class IssuedAnswer(serializers.Serializer):
    """A certificate and its code, this once."""

    id = serializers.UUIDField()
    completion = serializers.UUIDField()
    code = serializers.CharField(help_text="For the worker: whoever holds it can show and claim the certificate.")
    check_url = serializers.CharField()
    badge_url = serializers.CharField(help_text="As an Open Badges 3.0 credential.")
    certificate_url = serializers.CharField(help_text="To print, with a QR code.")


class RevokeBody(Body):
    """Why it is taken back."""

    reason = serializers.ChoiceField(RevocationReason.choices)


class ClaimBody(Body):
    """A code that somebody brought, and who it is here."""

    code = serializers.CharField(max_length=40)
    reference = serializers.CharField(max_length=200, help_text="The person's employee reference with you.")
    company = serializers.UUIDField(required=False, help_text="Needed only by a caller that has several.")


class ClaimAnswer(serializers.Serializer):
    """The completion that it became."""

    completion = serializers.UUIDField()
    url = serializers.CharField()


class CheckAnswer(serializers.Serializer):
    """What a certificate is worth today. Nothing in it names anybody."""

    state = serializers.ChoiceField(CredentialState.choices)
    course = serializers.CharField()
    kind = serializers.ChoiceField(CourseKind.choices)
    completed_on = serializers.DateField()
    valid_until = serializers.DateField(
        allow_null=True, help_text="Last day by today's rule for the role and country; null: no rule."
    )
    issued_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    issuer = serializers.CharField()


class BadgeAnswer(serializers.Serializer):
    """An Open Badges 3.0 credential, signed (VC-JWT) and in the clear."""

    jwt = serializers.CharField(help_text="RS256; its `kid` is the address of the key.")
    credential = serializers.DictField()


class ProfileAnswer(serializers.Serializer):
    """Who issues, as Open Badges 3.0 profiles say it."""

    id = serializers.CharField()
    type = serializers.ListField(child=serializers.CharField())
    name = serializers.CharField()
    url = serializers.CharField()


class KeyAnswer(serializers.Serializer):
    """A public key as a JWK."""

    kty = serializers.CharField()
    n = serializers.CharField()
    e = serializers.CharField()
    kid = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()


class KeySetAnswer(serializers.Serializer):
    """All public keys, the newest last."""

    keys = KeyAnswer(many=True)


class CredentialFilters(RowFilters):
    """What certificates can be filtered by."""

    company = AnyOf("completion__staff_member__company_id", kind=UUIDField(), help_text="Id of the company.")
    staff_member = AnyOf("completion__staff_member_id", kind=UUIDField(), help_text="Id of the person.")
    completion = AnyOf("completion_id", kind=UUIDField(), help_text="Id of the completion.")


class CredentialViews(ListRows, ReadRow, ResourceViews):
    """Certificates of completion that workers carry."""

    resource = "credentials"
    tag = "Training"
    row = CredentialRow
    filters = CredentialFilters
    orderings = {"issued_at": "issued_at", "id": "pk"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Credential.objects.visible_to(scope)

    @command(
        body=IssueBody,
        answer=IssuedAnswer,
        answer_many=True,
        status=201,
        summary="Issue certificates of completion.",
        errors=(409,),
        example={"completions": ["0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a15"]},
        keep_answer=False,
    )
    def create(self, call: Call) -> list[dict[str, Any]]:
        """The codes are shown this once; a completion that has a certificate gets another in its stead."""
        made = credentials.issue(completion_ids=call.data["completions"], actor=call.scope, at=call.at)
        return [
            {
                "id": row.pk,
                "completion": row.completion_id,
                "code": code,
                "check_url": _url(f"check/{code}/"),
                "badge_url": _url(f"check/{code}/badge/"),
                "certificate_url": _url(f"check/{code}/certificate/"),
            }
            for row, code in made
        ]

    @command(detail=True, body=RevokeBody, summary="Revoke a certificate.", errors=(409,), example={"reason": "lost"})
    def revoke(self, call: Call) -> Credential:
        """Whoever checks it is told; the completion itself stays."""
        return credentials.revoke(credential_id=call.uuid, **call.data, actor=call.scope, at=call.at)

    @command(
        body=ClaimBody,
        answer=ClaimAnswer,
        summary="Claim a certificate that somebody brought.",
        errors=(404, 409),
        example={"code": "7K3M-0000-1111-2222-ZZZZ", "reference": "BRU-0012"},
    )
    def claim(self, call: Call) -> dict[str, Any]:
        """It becomes a completion here. Nobody else learns of it, and nothing links the two employments."""
        company = call.data.pop("company", None)
        key = credentials.claim(company_id=company, **call.data, actor=call.scope, on=clock.today(), at=call.at)
        return {"completion": key, "url": f"{API_PREFIX}completions/{key}/"}

    @query(path="check/<str:code>", answer=CheckAnswer, summary="Check a certificate by its code.", errors=(404,))
    def check(self, call: Call) -> dict[str, Any]:
        """Valid, lapsed or revoked today; nothing that names anybody."""
        found = credentials.check(code=call.url["code"], on=clock.today())
        return {
            "state": found.state,
            "course": _course(found),
            "kind": found.course_kind,
            "completed_on": found.completed_on,
            "valid_until": found.valid_until,
            "issued_at": found.issued_at,
            "revoked_at": found.revoked_at,
            "issuer": _url("issuer/"),
        }

    @query(path="check/<str:code>/badge", answer=BadgeAnswer, summary="The Open Badges credential.", errors=(404, 409))
    def badge(self, call: Call) -> dict[str, Any]:
        """Signed by the register's key, which is published; a revoked certificate has no badge any more."""
        code = call.url["code"]
        found = credentials.standing(code=code, on=clock.today())
        issuer = badges.profile(_url("issuer/"), home=settings.PUBLIC_URL)
        said = badges.credential(found, code=code, name=_course(found), check_url=_url(f"check/{code}/"), issuer=issuer)
        claims = badges.claims(said, found)
        key_url = _url("keys/") + "{kid}/"
        return {
            "jwt": signing.sign(claims, header={"typ": "JWT"}, key_url=key_url),
            "credential": said,
        }

    @query(
        path="check/<str:code>/certificate",
        media_type=pdf.MEDIA_TYPE,
        summary="The certificate to print.",
        errors=(404, 409),
    )
    def certificate(self, call: Call) -> HttpResponse:
        """With a QR code that leads to a page of the check; the name is written by hand, by whoever hands it over."""
        code = call.url["code"]
        found = credentials.standing(code=code, on=clock.today())
        url = page_url(code)
        valid = _("Valid until %s") % found.valid_until if found.valid_until else ""
        data = {
            "title": _("Certificate of completion"),
            "register": _("The Code register"),
            "course": _course(found),
            "completed": _("Completed on %s") % found.completed_on,
            "valid": valid,
            "code": code,
            "check_url": url,
            "note": _("Anybody can check this code. The register knows no name: write it here by hand."),
        }
        language = context_of(call.scope, call.on).language
        return pdf_answer(pdf.render(TEMPLATE, data, at=found.issued_at, language=language, qr=url), name="certificate")

    @query(answer=ProfileAnswer, summary="Who issues certificates.")
    def issuer(self, call: Call) -> dict[str, Any]:
        """The issuer's profile in the words of Open Badges 3.0."""
        return badges.profile(_url("issuer/"), home=settings.PUBLIC_URL)

    @query(answer=KeySetAnswer, summary="The keys that sign certificates.")
    def keys(self, call: Call) -> dict[str, Any]:
        """A JWK set; keys that sign no more stay in it."""
        return {"keys": signing.published()}

    @query(path="keys/<str:kid>", answer=KeyAnswer, summary="One key that signs certificates.", errors=(404,))
    def key(self, call: Call) -> dict[str, Any]:
        """By its thumbprint, or `newest`."""
        keys = signing.published()
        wanted = call.url["kid"]
        found = keys[-1:] if wanted == "newest" else [key for key in keys if key["kid"] == wanted]
        if not found:
            raise NotFound("There is no such key.")
        return found[0]


def _url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{_BASE}{path}"


def _course(found: Certificate) -> str:
    return in_language(found.course_names, context_of(None, None).language) or ""
