"""The app of The Code: what companies promise, report and prove."""

from django.apps import AppConfig


class CodesignConfig(AppConfig):
    name = "codesign"
    verbose_name = "The Code"
