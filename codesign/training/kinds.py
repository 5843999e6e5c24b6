"""The words of training: roles, employments, kinds of course, where a completion came from, statuses."""

from __future__ import annotations

from django.db.models import TextChoices


class StaffRole(TextChoices):
    """What somebody does at work."""

    FRONT_DESK = "front_desk"
    HOUSEKEEPING = "housekeeping"
    FOOD_BEVERAGE = "food_beverage"
    SECURITY = "security"
    DRIVER = "driver"
    GUIDE = "guide"
    SALES = "sales"
    MANAGEMENT = "management"
    OTHER = "other"


class Employment(TextChoices):
    """How somebody is employed; agency and outsourced staff are in scope like all others."""

    REGULAR = "regular"
    SEASONAL = "seasonal"
    AGENCY = "agency"


class CourseKind(TextChoices):
    """A full training by screen or in a room, or a refresher that extends one."""

    ELEARNING = "elearning"
    CLASSROOM = "classroom"
    REFRESHER = "refresher"


class CourseProvider(TextChoices):
    """Who gives a course."""

    LCR = "lcr"
    COMPANY = "company"
    OTHER = "other"


class CompletionSource(TextChoices):
    """Where the register learned of a completion."""

    ROSTER = "roster"
    SESSION = "session"
    COMPANY_SYSTEM = "company_system"
    IMPORT = "import"
    MANUAL = "manual"
    CREDENTIAL = "credential"


class CorrectionReason(TextChoices):
    """Why a completion was superseded."""

    WRONG_DAY = "wrong_day"
    WRONG_COURSE = "wrong_course"
    WRONG_PERSON = "wrong_person"
    NOT_COMPLETED = "not_completed"


class ForecastStep(TextChoices):
    """How far apart the figures of a forecast stand."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class CredentialState(TextChoices):
    """What a certificate of completion is worth on a day."""

    VALID = "valid"
    LAPSED = "lapsed"
    REVOKED = "revoked"


class RevocationReason(TextChoices):
    """Why a certificate of completion was taken back."""

    ISSUED_IN_ERROR = "issued_in_error"
    LOST = "lost"
    ON_REQUEST = "on_request"


class CoverageCut(TextChoices):
    """What coverage is cut by."""

    COMPANY = "company"
    SITE = "site"
    ROLE = "role"
    COUNTRY = "country"


class WatchGroup(TextChoices):
    """What stands in a line of the watch list."""

    COMPANY = "company"
    SITE = "site"


class WatchState(TextChoices):
    """On which side of the target a share stands."""

    UNDER = "under"
    NEAR = "near"
    ABOVE = "above"


class Trend(TextChoices):
    """Where a share goes."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


class TrainingStatus(TextChoices):
    """Where one member of staff stands on a day; exactly one for everybody in scope that day."""

    VALID = "valid"
    IN_GRACE = "in_grace"
    LAPSED = "lapsed"
    NEVER_TRAINED = "never_trained"
