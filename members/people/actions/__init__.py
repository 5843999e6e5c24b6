"""Every change of contacts and people. The changes of a contact are named here, as the oldest ones."""

from members.people.actions.contacts import add, end, hold, update

__all__ = ["add", "end", "hold", "update"]
