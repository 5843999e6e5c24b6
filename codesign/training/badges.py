"""A certificate of completion as an Open Badges 3.0 credential: what is said, and of nobody by name.

Source: Open Badges 3.0, data model and VC-JWT proof (the payload is the credential itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from codesign.training.codes import holder_of
from codesign.training.kinds import CredentialState
from registry.kernel.calendar import LATEST

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What anybody may know who holds the code. `valid_until`: the last day by today's rule; None without a rule."""

    state: CredentialState
    course_id: str
    course_names: dict[str, str]
    course_kind: str
    completed_on: date
    valid_until: date | None
    issued_at: datetime
    revoked_at: datetime | None


def profile(issuer_url: str, *, home: str) -> dict[str, Any]:
    """Who issues."""
    return {"id": issuer_url, "type": ["Profile"], "name": "The Code register", "url": home}


def credential(
    certificate: Certificate, *, code: str, name: str, check_url: str, issuer: dict[str, Any]
) -> dict[str, Any]:
    """The credential of whoever holds `code`; `check_url` says whether it still counts."""
    achievement = {
        "id": f"urn:uuid:{certificate.course_id}",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": name,
        "description": "Training in the protection of children in travel and tourism.",
        "criteria": {"narrative": "Completed the whole course on the day on which the credential begins to count."},
    }
    found = {
        "@context": CONTEXT,
        "id": check_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": issuer,
        "validFrom": _midnight(certificate.completed_on),
        "credentialSubject": {"id": holder_of(code), "type": ["AchievementSubject"], "achievement": achievement},
    }
    if certificate.valid_until and certificate.valid_until < LATEST:
        found["validUntil"] = f"{certificate.valid_until.isoformat()}T23:59:59Z"
    return found


def claims(found: dict[str, Any], certificate: Certificate) -> dict[str, Any]:
    """The payload of its JWT: the credential with the registered claims beside it."""
    begins = datetime.combine(certificate.completed_on, time(), tzinfo=UTC)
    payload = {
        **found,
        "iss": found["issuer"]["id"],
        "jti": found["id"],
        "sub": found["credentialSubject"]["id"],
        "nbf": int(begins.timestamp()),
    }
    if "validUntil" in found:
        payload["exp"] = int(datetime.fromisoformat(found["validUntil"].replace("Z", "+00:00")).timestamp())
    return payload


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
