"""The register's models under the defaults of the frameworks."""

from registry.settings import *  # noqa: F403
from registry.settings import INSTALLED_APPS as OF_THE_REGISTER

INSTALLED_APPS = [*OF_THE_REGISTER, "tests.bench.peers.apps.PeersConfig"]
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # its app asks for it
ROOT_URLCONF = "tests.bench.peers.urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
