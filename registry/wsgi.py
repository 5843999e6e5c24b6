"""The web process: Django behind gunicorn. In production it refuses to start insecure."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")

application = get_wsgi_application()

from registry.kernel.checks import refuse_insecure  # noqa: E402 (the checks need the apps loaded)
from registry.kernel.dialect import keep_more_pages  # noqa: E402

refuse_insecure()
keep_more_pages()
# What is loaded by now stays: looking through it for garbage took 80 ms of every second large request.
gc.collect()
gc.freeze()
