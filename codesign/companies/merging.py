"""A company, its sites and memberships when its organisation is merged into another."""

from __future__ import annotations

from codesign.companies.lifecycle import OPEN
from codesign.companies.models import CodeMembership, Company
from members.organisations.relations import register
from members.organisations.undoing import Journal


def _target_is_company(journal: Journal) -> None:
    """Where only the source is a company, the target becomes one with the same facts."""
    company = Company.objects.filter(pk=journal.source).first()
    if company is None or Company.objects.filter(pk=journal.target).exists():
        return
    facts = {
        field.attname: getattr(company, field.attname)
        for field in Company._meta.concrete_fields
        if not field.primary_key
    }
    journal.created(Company.objects.create(organisation_id=journal.target, **facts))


def _source_is_none(journal: Journal) -> None:
    """Nothing points at the company of the source any more."""
    if company := Company.objects.filter(pk=journal.source).first():
        journal.delete(company)


def _one_is_current(journal: Journal) -> None:
    """Of the two memberships that stand for their companies, the open one stands for both, else the target's."""
    for ours in CodeMembership.objects.filter(company=journal.source, is_current=True).order_by("pk"):
        theirs = CodeMembership.objects.filter(company=journal.target, scheme=ours.scheme, is_current=True).first()
        if theirs:
            journal.change(theirs if ours.state in OPEN and theirs.state not in OPEN else ours, is_current=False)


register("codesign.Company", "organisation", prepare=_target_is_company, finish=_source_is_none, stays=True)
register("codesign.Site", "company")
register("codesign.FormerOwnership", "company")
register("codesign.VoluntourismDeclaration", "company")
register("codesign.ReportsThrough", "company")
register("codesign.ReportsThrough", "through")
register(
    "codesign.CodeMembership",
    "company",
    prepare=_one_is_current,
    ignored=frozenset({"membership_one_current_per_scheme"}),
)
register("codesign.CodeMembership", "representative")
