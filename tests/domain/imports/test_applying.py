"""A plan is carried out as it stands, in chunks that may be interrupted, or not at all."""

from __future__ import annotations

from collections import Counter

import pytest

from members.imports import actions
from members.imports.lifecycle import ImportState
from members.imports.models import Import, ImportRow
from members.network.models import NetworkMembership
from members.organisations import actions as organisations
from members.organisations.models import Organisation
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import MoveNotAllowed, Stale
from tests.domain.imports.conftest import labels_of
from tests.factories.imports import make_import
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
NEW = {"name": "Réseau Neuf (DEMO)", "kind": "ngo", "country": "BE", "source": "s", "confidence": "sourced_inferred"}
OFFICER = Actor(label="secretariat", request_id="request-of-the-confirmation")


@pytest.fixture
def known() -> Organisation:
    """An organisation that a table would change."""
    return make_organisation(name="Maison Fictive (DEMO)")


def _change(known: Organisation) -> dict[str, str]:
    return {"name": known.name, "kind": "ngo", "country": "BE", "website": "https://neuf.example/"}


def test_every_good_row_is_written_and_the_others_are_left_out(known, at):
    upload = make_import(NEW, _change(known), {**_change(known), "kind": "club"}, {**NEW, "website": "twice"})

    upload = actions.confirm(import_id=upload.pk, actor=OFFICER, at=at)

    known.refresh_from_db()
    new = Organisation.objects.get(name="Réseau Neuf (DEMO)")
    assert (new.source, new.confidence, known.website) == ("s", "sourced_inferred", "https://neuf.example/")
    assert (upload.state, upload.finished_at) == (ImportState.APPLIED, at)
    assert upload.counts == {
        "create": 1,
        "match": 0,
        "update": 1,
        "conflict": 0,
        "error": 2,
        "waiting": 0,
        "applied": 2,
        "uncertain": 2,
    }
    assert list(upload.rows.filter(applied_at=at).order_by("number").values_list("target_id", flat=True)) == [
        new.pk,
        known.pk,
    ]


def test_the_log_has_every_row_under_one_request(known, at):
    upload = make_import(NEW, _change(known))
    AuditEvent.objects.all().delete()

    actions.confirm(import_id=upload.pk, actor=OFFICER, at=at)

    events = AuditEvent.objects.filter(request_id=OFFICER.request_id).order_by("recorded_at", "pk")
    assert list(events.values_list("action", "actor_label")) == [
        ("imports.confirm", "secretariat"),
        ("organisations.create", "secretariat"),
        ("organisations.update", "secretariat"),
    ]


def test_the_same_table_again_is_no_change(known, at):
    rows = (NEW, _change(known))
    actions.confirm(import_id=make_import(*rows).pk, actor=SYSTEM, at=at)
    events = AuditEvent.objects.exclude(action__startswith="imports.").count()

    again = make_import(*rows)
    actions.confirm(import_id=again.pk, actor=SYSTEM, at=at)

    assert labels_of(again) == [("match",), ("match",)]
    assert AuditEvent.objects.exclude(action__startswith="imports.").count() == events


def test_what_has_changed_since_the_plan_becomes_a_conflict(known, at):
    upload = make_import(NEW, _change(known), {**NEW, "name": "Troisième Réseau (DEMO)"})
    organisations.update(organisation_id=known.pk, note="Seen by somebody else.", actor=SYSTEM, at=at)
    make_organisation(name=NEW["name"])

    upload = actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)

    known.refresh_from_db()
    assert labels_of(upload) == [("conflict", "changed_since_plan"), ("conflict", "changed_since_plan"), ("create",)]
    assert (known.website, upload.counts["applied"]) == ("", 1)
    assert Organisation.objects.filter(name=NEW["name"]).count() == 1


def test_a_likely_namesake_that_came_since_the_plan_is_a_conflict_too(at):
    upload = make_import(NEW)
    make_organisation(name="Réseau Neuff (DEMO)")

    upload = actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)

    assert labels_of(upload) == [("conflict", "name likely_known", "changed_since_plan")]


def test_an_import_is_confirmed_once(at):
    upload = actions.confirm(import_id=make_import().pk, actor=SYSTEM, at=at)

    with pytest.raises(MoveNotAllowed):
        actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)
    with pytest.raises(MoveNotAllowed):
        actions.abort(import_id=upload.pk, actor=SYSTEM, at=at)
    assert Organisation.objects.count() == 1


def test_what_is_given_up_is_never_written(at):
    upload = actions.abort(import_id=make_import().pk, actor=SYSTEM, at=at)

    with pytest.raises(MoveNotAllowed):
        actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)
    assert (upload.state, Organisation.objects.count()) == (ImportState.ABORTED, 0)


def test_an_older_version_is_not_confirmed(at):
    upload = make_import()

    with pytest.raises(Stale):
        actions.confirm(import_id=upload.pk, expected_version=upload.version - 1, actor=SYSTEM, at=at)

    upload.refresh_from_db()
    assert (upload.state, Organisation.objects.count()) == (ImportState.PLANNED, 0)


# ── large tables, chunk by chunk ──────────────────────────────────────────────────────────────


@pytest.fixture
def small_chunks(monkeypatch) -> None:
    """Two rows a chunk, none at once."""
    monkeypatch.setattr(actions, "CHUNK", 2)
    monkeypatch.setattr(actions, "AT_ONCE", 0)


LARGE = [{"name": f"Réseau {word} (DEMO)", "kind": "ngo", "country": "BE"} for word in ("Un", "Deux", "Trois", "Onze")]


@pytest.mark.usefixtures("small_chunks")
def test_a_large_table_is_planned_and_carried_out_chunk_by_chunk(at):
    upload = make_import(*LARGE, LARGE[0])
    steps = [(upload.state, upload.counts["waiting"])]
    while actions.go_on(import_id=upload.pk, at=at):
        upload.refresh_from_db()
        steps.append((upload.state, upload.counts["waiting"]))

    assert steps == [("planning", 5), ("planning", 3), ("planning", 1)]
    assert labels_of(upload)[-1] == ("error", "duplicate_row")

    upload = actions.confirm(import_id=upload.pk, actor=OFFICER, at=at)
    assert (upload.state, Organisation.objects.count()) == (ImportState.APPLYING, 0)
    assert actions.go_on(import_id=upload.pk, at=at) is True
    assert Organisation.objects.count() == 2

    # The worker died here; the next one goes on where it stopped, and a third finds nothing to do.
    assert actions.go_on(import_id=upload.pk, at=at) is False
    assert actions.go_on(import_id=upload.pk, at=at) is False
    upload.refresh_from_db()
    assert (upload.state, Organisation.objects.count(), upload.counts["applied"]) == (ImportState.APPLIED, 4, 4)
    assert Counter(AuditEvent.objects.values_list("action", "request_id")) == {
        ("imports.create", ""): 1,
        ("imports.confirm", OFFICER.request_id): 1,
        ("organisations.create", OFFICER.request_id): 4,
    }


@pytest.mark.usefixtures("small_chunks")
def test_giving_up_halfway_leaves_what_was_written_and_tells_which(at):
    upload = make_import(*LARGE)
    while actions.go_on(import_id=upload.pk, at=at):
        pass
    actions.confirm(import_id=upload.pk, actor=OFFICER, at=at)
    actions.go_on(import_id=upload.pk, at=at)

    upload = actions.abort(import_id=upload.pk, actor=OFFICER, at=at)

    assert actions.go_on(import_id=upload.pk, at=at) is False
    assert list(upload.rows.filter(applied_at=at).order_by("number").values_list("number", flat=True)) == [2, 3]
    assert Organisation.objects.count() == 2


@pytest.mark.usefixtures("small_chunks")
def test_rows_of_several_chunks_may_mean_one_new_organisation(at):
    rows = [{"organisation": LARGE[0]["name"], "country": "BE", "region": "europe"}]
    rows = [{**rows[0], "since": since, "until": until} for since, until in (("2001", "2002"), ("2004", "2005"))]
    others = [{"organisation": row["name"], "country": "BE", "region": "europe"} for row in LARGE[1:]]
    upload = make_import(rows[0], *others, rows[1], kind="network-memberships")
    while actions.go_on(import_id=upload.pk, at=at):
        pass
    actions.confirm(import_id=upload.pk, actor=OFFICER, at=at)
    while actions.go_on(import_id=upload.pk, at=at):
        pass

    assert {label for label, *_ in labels_of(upload)} == {"create"}
    assert (Organisation.objects.count(), NetworkMembership.objects.count()) == (4, 5)
    assert Organisation.objects.get(name=LARGE[0]["name"]).network_memberships.count() == 2


@pytest.mark.usefixtures("small_chunks")
def test_the_task_takes_every_import_to_its_end(at):
    from members.tasks import go_on_with_imports

    make_import(*LARGE)
    make_import({**LARGE[0], "name": "Douze"})

    assert go_on_with_imports() == 3
    assert set(Import.objects.values_list("state", flat=True)) == {ImportState.PLANNED}
    assert go_on_with_imports() == 0
    assert ImportRow.objects.filter(label="create").count() == 5
