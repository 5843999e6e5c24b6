"""The app of the house itself: the kernel's tables, the commands, the dashboard."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Registry kernel"

    def ready(self) -> None:
        """Register the checks that production must pass."""
        from registry.kernel import checks  # noqa: F401 (importing it registers them)
