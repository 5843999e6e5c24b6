"""The house itself: settings, URLs, the queue, the committed contract and the kernel below them."""

from registry.celery import app as celery_app

__all__ = ["celery_app"]
