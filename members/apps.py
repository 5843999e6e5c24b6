"""The app of the network: who is in it, in which role, since when."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Registers what moves with an organisation, and the places that hold something of people."""

    name = "members"
    verbose_name = "Network"

    def ready(self) -> None:
        """Name who builds which mail, how rows move when organisations are merged, and what an erasure empties."""
        from members.access import mails
        from members.access.actions import erasing as access
        from members.organisations import relations
        from members.people import erasure
        from members.people.actions import erasing as people
        from registry.kernel.outbox import handlers

        handlers.register(mails.TOPIC, build=mails.build, settle=mails.settle)
        relations.discover("members")
        for place in (people.CONTACTS, people.PEOPLE, access.LOGINS, access.INVITATIONS):
            erasure.register(place)
