"""The app of The Code: what companies promise, report and prove."""

from django.apps import AppConfig


class CodesignConfig(AppConfig):
    """Registers who builds the mails of which topic, what moves with an organisation, and what an erasure empties."""

    name = "codesign"
    verbose_name = "The Code"

    def ready(self) -> None:
        """Name the handlers of the outbox, and how rows move when organisations are merged."""
        from codesign.companies.importing import Companies
        from codesign.reminders import sending
        from codesign.reminders.letters import TOPIC
        from codesign.rosters.actions import forgetting
        from codesign.training.actions import erasing
        from members.imports import kinds
        from members.organisations import relations
        from members.people import erasure
        from registry.kernel.outbox import handlers

        handlers.register(TOPIC, build=sending.build, settle=sending.settle, gather=sending.gather)
        relations.discover("codesign")
        kinds.add(Companies())
        erasure.register(erasing.STAFF)
        erasing.register_copies(forgetting.forget_people)
