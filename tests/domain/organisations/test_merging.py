"""Two rows that were one body: what moves, what stands against it, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps

from members.organisations import actions, relations
from members.organisations.models import Identifier, Merge, Organisation, Parentage
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, NotFound, Refused, Stale
from tests.factories.access import make_grant
from tests.factories.companies import make_company, make_membership, make_site
from tests.factories.network import make_mandate, make_network_membership, make_participation
from tests.factories.organisations import make_name, make_organisation, make_parentage
from tests.factories.people import make_contact

pytestmark = pytest.mark.django_db
LEI = "00000000000000000098"
OTHER_LEI = "213800WAVVOPS85N2205"


def merge(source, target, at, **options):
    return actions.merge(
        organisation_id=source.pk, into_id=target.pk, reason="Two spellings.", actor=SYSTEM, at=at, **options
    )


def unmerge(source, at):
    return actions.unmerge(organisation_id=source.pk, actor=SYSTEM, at=at)


def book() -> dict[str, set[tuple[Any, ...]]]:
    """Every row that belongs to any organisation: what an undo has to restore. Versions and journals left out."""
    left_out = {"members.Merge", "members.MergeStep"}
    tables = {name.rpartition(".")[0] for name in relations.foreign_keys()} - left_out
    found = {}
    for table in tables:
        model = apps.get_model(table)
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
        found[table] = {tuple(map(str, row)) for row in model._base_manager.order_by("pk").values_list(*names)}
    return found


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    """A body entered twice; everything hangs on the second spelling."""
    target = make_organisation(name="Réseau Fictif")
    source = make_organisation(name="Reseau Fictif asbl")
    make_name(organisation=source, text="RF", kind="acronym")
    make_network_membership(organisation=source)
    make_participation(organisation=source)
    make_mandate(organisation=source, state="confirmed")
    make_contact(organisation=source)
    make_grant(role="member_group", organisation=source)
    make_parentage(child=make_organisation(), parent=source)
    make_parentage(child=source, parent=make_organisation())
    company = make_company(organisation=source)
    make_site(company=company)
    make_membership(company=company, representative=source)
    return source, target


def test_everything_moves_and_the_old_id_leads_on(pair, at):
    source, target = pair
    pointing = {
        name: relation
        for name, relation in relations.registered().items()
        if relation.rows.filter(**{relation.field: source.pk}).exists()
    }
    assert len(pointing) >= 12

    merge(source, target, at)

    left = {name for name, relation in pointing.items() if relation.rows.filter(**{relation.field: source.pk}).exists()}
    assert left == set()
    source.refresh_from_db()
    assert (source.merged_into_id, source.version) == (target.pk, 2)
    assert list(Organisation.objects.found_by("reseau asbl")) == [target]
    assert set(target.names.filter(superseded_at=None).values_list("text", "kind")) == {
        ("Réseau Fictif", "official"),
        ("Reseau Fictif asbl", "alias"),
        ("RF", "acronym"),
    }
    assert target.company.sites.count() == 1
    told = list(AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", flat=True))
    assert told[:2] == ["organisations.merge", "organisations.take_over"]
    # Each row that moved is named, for who reads changes alone.
    assert set(told[2:]) == {"organisations.move_along"}


def test_an_undo_restores_exactly_what_moved(pair, at):
    source, target = pair
    before = book()
    merge(source, target, at)
    assert book() != before

    unmerge(source, at + timedelta(days=30))

    assert book() == before
    merged = Merge.objects.get()
    assert (merged.source_id, merged.target_id, merged.undone_at) == (source.pk, target.pk, at + timedelta(days=30))


def test_what_came_since_stays_where_it_is(pair, at):
    source, target = pair
    merge(source, target, at)
    contact = make_contact(organisation=target, email="new@fictif.example")

    unmerge(source, at)

    contact.refresh_from_db()
    assert contact.organisation_id == target.pk


def test_after_30_days_there_is_no_way_back(pair, at):
    source, target = pair
    merge(source, target, at)
    after = book()

    with pytest.raises(Refused) as refusal:
        unmerge(source, at + timedelta(days=30, seconds=1))

    assert (refusal.value.code, book()) == ("undo_expired", after)


def test_what_was_touched_since_is_not_taken_back(pair, at):
    source, target = pair
    merge(source, target, at)
    target.contacts.get().delete()
    after = book()

    with pytest.raises(Refused) as refusal:
        unmerge(source, at)

    assert (refusal.value.code, refusal.value.details["table"]) == ("merge_touched", "members.Contact.organisation")
    assert (book(), Merge.objects.get().undone_at) == (after, None)


def test_a_chain_of_merges_leads_in_one_step_and_is_undone_from_its_end(at):
    first, second, third = (make_organisation() for _ in range(3))
    merge(first, second, at)
    merge(second, third, at)

    first.refresh_from_db()
    assert first.merged_into_id == third.pk
    with pytest.raises(Refused) as refusal:
        unmerge(first, at)
    assert refusal.value.code == "merge_touched"

    unmerge(second, at)
    unmerge(first, at)
    assert Organisation.objects.standing().filter(pk__in=[first.pk, second.pk, third.pk]).count() == 3


@pytest.mark.parametrize(
    ("both", "conflict"),
    [
        (lambda o: make_network_membership(organisation=o), "network_membership_one_open"),
        (lambda o: make_membership(company=make_company(organisation=o)), "membership_one_open_per_scheme"),
        (
            lambda o: Identifier.objects.create(
                organisation=o, scheme="lei", value=OTHER_LEI if Identifier.objects.exists() else LEI
            ),
            "two_identifiers",
        ),
        (lambda o: make_parentage(child=o), "parentage_one_open"),
        (lambda o: make_contact(organisation=o, email="same@fictif.example"), "contact_one_open_per_role_and_address"),
    ],
)
def test_rows_that_exclude_each_other_are_listed_and_nothing_moves(both, conflict, at):
    source, target = make_organisation(), make_organisation()
    both(target)
    row = both(source)
    before = book()

    with pytest.raises(Refused) as refusal:
        merge(source, target, at)

    (found,) = refusal.value.details["conflicts"]
    assert (refusal.value.code, found["code"], found["rows"]) == ("merge_conflict", conflict, [str(row.pk)])
    assert (book(), Merge.objects.count(), AuditEvent.objects.count()) == (before, 0, 0)


def test_a_hidden_name_never_moves_to_where_it_shows(at):
    hidden, shown = make_organisation(is_listed=False), make_organisation()

    with pytest.raises(Refused) as refusal:
        merge(hidden, shown, at)

    assert [conflict["code"] for conflict in refusal.value.details["conflicts"]] == ["unlisted_into_listed"]
    merge(shown, hidden, at)
    assert list(Organisation.objects.standing()) == [hidden]


def test_of_two_companies_the_open_membership_stands_for_both(at):
    source, target = make_organisation(kind="company"), make_organisation(kind="company")
    old = make_membership(company=make_company(organisation=target), state="terminated")
    new = make_membership(company=make_company(organisation=source), state="active")
    before = book()

    merge(source, target, at)

    old.refresh_from_db()
    new.refresh_from_db()
    assert [(row.company_id, row.is_current) for row in (old, new)] == [(target.pk, False), (target.pk, True)]
    unmerge(source, at)
    assert book() == before


def test_an_organisation_is_not_merged_into_itself(at):
    organisation = make_organisation()

    with pytest.raises(Invalid) as refusal:
        merge(organisation, organisation, at)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/into", "merge_into_itself")]
    assert Merge.objects.count() == 0


def test_parents_and_children_are_two_now_and_once(at):
    group, brand, hotel = (make_organisation() for _ in range(3))
    make_parentage(child=brand, parent=group, valid_until=date(2019, 12, 31))
    make_parentage(child=hotel, parent=brand)

    for source, target, code in ((group, hotel, "merge_into_one_below"), (hotel, group, "merge_into_one_above")):
        with pytest.raises(Refused) as refusal:
            merge(source, target, at)
        fault = refusal.value.faults[0]
        assert (refusal.value.code, fault.pointer, fault.code) == ("merge_within_tree", "/into", code)

    assert (Merge.objects.count(), Parentage.objects.count()) == (0, 2)


def test_a_link_that_was_withdrawn_does_not_stand_in_the_way(at):
    source, target = make_organisation(), make_organisation()
    make_parentage(child=source, parent=target, superseded_at=at)
    before = book()

    merge(source, target, at)
    assert Parentage.objects.count() == 0

    unmerge(source, at)
    assert book() == before


def test_what_is_merged_is_not_changed_and_not_merged_again(at):
    source, target, other = (make_organisation() for _ in range(3))
    merge(source, target, at)

    with pytest.raises(NotFound):
        merge(source, other, at)
    with pytest.raises(NotFound):
        merge(other, source, at)
    with pytest.raises(NotFound):
        actions.update(organisation_id=source.pk, note="x", actor=SYSTEM, at=at)
    with pytest.raises(NotFound):
        unmerge(other, at)


def test_a_merge_based_on_an_older_version_is_stale(at):
    source, target = make_organisation(version=3), make_organisation()

    with pytest.raises(Stale):
        merge(source, target, at, expected_version=2)

    assert Merge.objects.count() == 0


def test_an_importer_finds_the_body_under_its_old_spelling(at):
    source, target = make_organisation(name="Reseau Fictif asbl"), make_organisation(name="Réseau Fictif")
    merge(source, target, at)

    for name in ("Reseau Fictif asbl", "Réseau Fictif"):
        assert list(Organisation.objects.named(name, country_id="BE")) == [target]
    assert list(Organisation.objects.named("Reseau Fictif asbl", country_id="FR")) == []
