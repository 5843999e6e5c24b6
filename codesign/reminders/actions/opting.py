"""No more mails of an optional rule: one click of the recipient."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.reminders.models import OptOut, ReminderClass, ReminderRule
from members.people.models import Contact


@transaction.atomic
def opt_out(*, contact_id: UUID, rule_codes: Collection[str], at: datetime) -> int:
    """Note that whoever reads at this contact's address wants no more of these; how many contacts it bears on.

    Of an obligation or a service nothing is noted: nobody can opt out of them. The same again changes nothing.
    """
    optional = ReminderRule.objects.published().filter(code__in=rule_codes, binding=ReminderClass.OPTIONAL)
    codes = sorted(set(optional.values_list("code", flat=True)))
    email = Contact.objects.filter(pk=contact_id).values_list("email", flat=True).first()
    if not codes or not email:
        return 0
    contacts = list(Contact.objects.filter(email__iexact=email).order_by("pk").values_list("pk", flat=True))
    OptOut.objects.bulk_create(
        (OptOut(contact_id=key, rule_code=code, created_at=at) for key in contacts for code in codes),
        ignore_conflicts=True,
    )
    return len(contacts)
