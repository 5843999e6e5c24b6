"""All settings, in sections, from a typed environment. `.env.example` lists every variable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from registry.enums import OVERRIDES as ENUM_NAMES
from registry.kernel.env import Env
from registry.kernel.logging import logging_settings

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
STARTED_AT = datetime.now(UTC)

# ── Deployment ────────────────────────────────────────────────────────────────────────────────
# Embedded is the default of `make run`: everything in DATA_DIR, no service needed, no secret asked.
PRODUCTION = env.flag("PRODUCTION", False)
DEBUG = False
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "embedded-default-not-a-secret-" + "0" * 24)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
PUBLIC_URL = env.text("PUBLIC_URL", None if PRODUCTION else f"http://localhost:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# ── Time ──────────────────────────────────────────────────────────────────────────────────────
USE_TZ = True
TIME_ZONE = "UTC"
REGISTRY_NOW = env.moment("REGISTRY_NOW")

# ── Applications ──────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "registry.apps.RegistryConfig",
    "members.apps.MembersConfig",
    "codesign.apps.CodesignConfig",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "django_prometheus",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registry.kernel.requests.RequestIdMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "registry.kernel.page_middleware.PagePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "registry.kernel.requests.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.kernel.page_middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "registry" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.dashboard.context.demo",
                "registry.dashboard.context.shell",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Database ──────────────────────────────────────────────────────────────────────────────────
DATABASE_URL = env.url("DATABASE_URL", "", schemes=frozenset({"sqlite", "postgresql", "postgres"}))


def _database(url: str) -> dict[str, object]:
    """Django's dictionary for a database URL; an SQLite file in DATA_DIR when empty."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path) if url else str(DATA_DIR / "registry.sqlite3"),
            # Opening the file and setting its pragmas costs more than most requests do.
            "CONN_MAX_AGE": 300,
            # The defaults answered 500 to one of two writers in half of all pairs; with these: none.
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
                ),
            },
            # A file like the real one: in memory, two writers would meet other locks than in production.
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # What is asked again and again is planned once a connection; a pooler in front must know of that.
            "prepare_threshold": 5,
            # Compiling a statement of many small figures to machine code took ten times as long as running it. Planning
            # a prepared one for each call's values cost as much as running it, and found no better plan.
            "options": (
                "-c jit=off -c plan_cache_mode=force_generic_plan "
                "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
            ),
        },
    }


DATABASES = {"default": _database(DATABASE_URL)}

# ── Cache (throttles, log-in locks) ───────────────────────────────────────────────────────────
CACHE_URL = env.url("CACHE_URL", "", schemes=frozenset({"redis", "rediss"}))
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        # One web process with threads in the embedded default: its memory is shared by all requests.
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# ── Queue (a doorbell: the database holds the work) ───────────────────────────────────────────
BROKER_URL = env.url("BROKER_URL", "embedded://", schemes=frozenset({"embedded", "redis", "rediss", "amqp", "amqps"}))

# ── Mail ──────────────────────────────────────────────────────────────────────────────────────
# `maildir:` keeps every mail in DATA_DIR/mailbox, shown to staff at /mailbox/.
# `anymail://postmark?server_token=…` goes by a provider's own API.
MAIL_URL = env.url("MAIL_URL", "maildir:", schemes=frozenset({"maildir", "smtp", "smtps", "anymail"}))
# `user:password` by which a provider reports receipts and bounces to /anymail/<provider>/tracking/; absent without.
MAIL_WEBHOOK_SECRET = env.text("MAIL_WEBHOOK_SECRET", "")
ANYMAIL = {"WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET or None, "REQUESTS_TIMEOUT": 20}
MAIL_FROM = env.text("MAIL_FROM", None if PRODUCTION else "The Code register <register@registry.example>")
# The framework's own mails (password reset, verification) leave by the same door.
EMAIL_BACKEND = "registry.kernel.mail.Backend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# Called after the commit of whatever put something into the outbox.
OUTBOX_DOORBELL = "codesign.tasks.ring"
# The same for a roster that waits for a worker.
ROSTER_DOORBELL = "codesign.tasks.ring_for_rosters"

# ── Money ─────────────────────────────────────────────────────────────────────────────────────
# Who brings it: codesign/fees/providers.py says what a provider answers.
PAYMENT_PROVIDER = "codesign.fees.providers.BankTransfer"

# ── People who log in ─────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "members.User"
# Django's own backend is left out: it would take a password past the attempt limits.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.api.login.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# People come by invitation alone, so their address was somebody's word before it was a login.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Attempts that fail, per address and per account; the sixth in five minutes is answered 429.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "10/m/ip,3/10m/key"}
HEADLESS_CLIENTS = ("browser",)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "The Code register"

# ── HTTP safety ───────────────────────────────────────────────────────────────────────────────
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CORS_ALLOWED_ORIGINS = env.names("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_EXPOSE_HEADERS = ["ETag", "Location", "Retry-After", "X-Request-ID"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
UNFOLD = {
    "SITE_TITLE": "The Code register",
    "SITE_HEADER": "The Code register",
    "SITE_SYMBOL": "shield",
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "240 249 248",
            "100": "220 236 234",
            "200": "169 210 205",
            "300": "126 211 201",
            "400": "70 160 155",
            "500": "15 111 116",
            "600": "11 93 98",
            "700": "9 76 80",
            "800": "8 62 66",
            "900": "7 48 51",
            "950": "4 33 31",
        }
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
NUM_PROXIES = env.integer("NUM_PROXIES", 0, maximum=10)

# ── API ───────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    # The token class first, or a missing login answers 403 instead of 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "members.api.authentication.TokenAuthentication",
        "members.api.authentication.LoginAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["registry.kernel.api.rights.InRightsTable"],
    "DEFAULT_PARSER_CLASSES": ["registry.kernel.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["registry.kernel.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "registry.kernel.api.negotiation.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "registry.kernel.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "registry.kernel.api.problems.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
API_RIGHTS = "registry.rights.RIGHTS"
API_SCOPE = "members.api.authentication.scope_for"
API_TOKEN_RULE = "members.access.rules.may_call"
API_MAX_NESTING = 32
API_IDEMPOTENCY_KEPT = timedelta(hours=24)

SPECTACULAR_SETTINGS = {
    "TITLE": "The Code register",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registry.kernel.api.schema.finish",
        "registry.examples.finish",
    ],
}

# ── Languages ─────────────────────────────────────────────────────────────────────────────────
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "registry" / "locale"]

# ── Static files ──────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "registry" / "dashboard" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# ── Operations ────────────────────────────────────────────────────────────────────────────────
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = logging_settings(as_json=PRODUCTION, level=LOG_LEVEL)
HOST = env.text("HOST", "127.0.0.1")
WEB_PROCESSES = env.integer("WEB_PROCESSES", 1, minimum=1, maximum=64)
WEB_THREADS = env.integer("WEB_THREADS", 8, minimum=1, maximum=64)
WORKER_PROCESSES = env.integer("WORKER_PROCESSES", 2, minimum=1, maximum=64)
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# Private keys that sign credentials, as a JWK set, the newest last; empty: made and kept in DATA_DIR/keys.
SIGNING_KEYS = env.text("SIGNING_KEYS", "")
# Probes come over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz(/|$)", r"^metrics$"]
# SQLite makes files, not folders; and what lies here is nobody else's business.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

env.finish()
