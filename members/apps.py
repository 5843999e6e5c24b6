"""The app of the network: who is in it, in which role, since when."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Network"
