"""Specimens of training: staff, completions, courses, sessions, requirements, coverage."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from codesign.training.models import HeadCountSession
from members.scope import Role
from tests.contract.places import AT, OF_COMPANIES, Place
from tests.contract.specimens import companies
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import training

_numbers = count(1)


def person(place: Place) -> Any:
    """One of five people at a site, so that those outside see the row."""
    training.load_default_requirements()
    site = companies.site(place)
    first, *_ = (training.make_staff(site) for _ in range(5))
    return first


def completion(place: Place) -> Any:
    """Of the first of them."""
    return training.make_completion(person(place), on=date(2026, 11, 1))


def course(place: Place) -> Any:
    """A company's own; for those who have none, one for everyone."""
    if place.is_own and place.role not in OF_COMPANIES | {Role.LCR, Role.SECRETARIAT}:
        return training.make_course()
    site = companies.site(place)
    return training.make_course(company=site.company)


def session(place: Place) -> Any:
    """Twenty-five heads."""
    site = companies.site(place)
    return HeadCountSession.objects.create(
        company=site.company,
        site=site,
        course=training.make_course(),
        held_on=date(2026, 5, 4),
        attendance=25,
        recorded_at=AT,
    )


def rule_in_force(place: Place) -> None:
    """What the target comes from."""
    training.load_default_requirements()


def attended(place: Place) -> Any:
    """Held for one site; nobody ticked yet."""
    site = companies.site(place)
    return training.make_session(site)


def _ticked(place: Place, row: Any) -> dict[str, Any]:
    """Somebody who works at its site."""
    return {"attended": [training.make_staff(row.sites.get()).reference]}


def leaver(place: Place) -> Any:
    """Somebody who left last month."""
    return training.make_staff(companies.site(place), left_on=date(2026, 10, 31))


def credential(place: Place) -> Any:
    """Of a completion of one's own staff."""
    return training.make_credential(completion(place))


def known_credential(place: Place) -> Any:
    """One whose code is written down here."""
    return training.make_credential(code=training.CODE)


def requirement(place: Place) -> Any:
    """Published, or a draft that only the secretariat sees."""
    day = date(2030 + next(_numbers), 1, 1)
    return training.make_requirement(effective_from=day, **({} if place.is_own else {"published_at": None}))


def draft(place: Place) -> Any:
    """A draft."""
    return training.make_requirement(effective_from=date(2100 + next(_numbers), 7, 1), published_at=None)


def _staff_body(place: Place, row: Any) -> list[dict[str, Any]]:
    site = companies.site(place)
    return [{"reference": "BRU-0012", "site": str(site.pk), "role": "front_desk", "hired_on": "2026-03-01"}]


def _credential_body(place: Place, row: Any) -> dict[str, Any]:
    return {"completions": [str(completion(place).pk)]}


def _claim_body(place: Place, row: Any) -> dict[str, Any]:
    training.make_credential(code=training.CODE)
    newcomer = training.make_staff(companies.site(place), reference=f"N{next(_numbers)}")
    return {"code": training.CODE, "reference": newcomer.reference, "company": str(newcomer.company_id)}


def _number_body(place: Place, row: Any) -> dict[str, Any]:
    site = companies.site(place)
    return {"site": str(site.pk), "role": "housekeeping", "hired_on": "2026-03-01", "count": 3}


def _attended_body(place: Place, row: Any) -> dict[str, Any]:
    site, what = companies.site(place), training.make_course()
    return {"sites": [str(site.pk)], "course": str(what.pk), "held_on": "2026-11-02", "attended": ["001"]}


def _completion_body(place: Place, row: Any) -> list[dict[str, Any]]:
    who, what = person(place), training.make_course()
    item = {"reference": who.reference, "course": what.code, "completed_on": "2026-11-02"}
    return [{**item, "company": str(who.company_id)}]


def _move_body(place: Place, row: Any) -> dict[str, Any]:
    return {"site": str(row.site_id), "since": "2026-11-01", "role": "security"}


def _course_body(place: Place, row: Any) -> dict[str, Any]:
    made = {"code": "own-basics", "names": {"en": "Basics"}, "kind": "elearning", "provider": "company"}
    return {**made, "company": str(place.company().pk)}


def _session_body(place: Place, row: Any) -> dict[str, Any]:
    site, what = companies.site(place), training.make_course()
    return {"site": str(site.pk), "course": str(what.pk), "held_on": "2026-05-04", "attendance": 25}


TRAINING: dict[str, Specimen] = {
    **reads("staff", person),
    "staff_create": Specimen(body=_staff_body, refs=("site",)),
    "staff_move": Specimen(row=person, body=_move_body),
    "staff_leave": Specimen(row=person, body=sent(left_on="2026-10-31")),
    **reads("completions", completion),
    "completions_export": Specimen(row=completion),
    "completions_create": Specimen(body=_completion_body, refs=("company",)),
    "completions_correct": Specimen(row=completion, body=sent(reason="wrong_day", completed_on="2026-11-03")),
    **reads("courses", course),
    "courses_create": Specimen(body=_course_body, refs=("company",), status=201),
    "courses_update": Specimen(row=course, body=sent(languages=["en"])),
    "staff_number": Specimen(body=_number_body, refs=("site",), status=201),
    **reads("sessions", attended),
    "sessions_create": Specimen(body=_attended_body, status=201),
    "sessions_tick": Specimen(row=attended, body=_ticked),
    "staff_tick_list": Specimen(query=lambda place, row: {"site": str(companies.site(place).pk)}),
    "staff_erase": Specimen(row=leaver),
    **reads("credentials", credential),
    "credentials_create": Specimen(body=_credential_body, status=201),
    "credentials_revoke": Specimen(row=credential, body=sent(reason="lost")),
    "credentials_claim": Specimen(body=_claim_body, refs=("company",)),
    **{
        f"credentials_{name}": Specimen(row=known_credential, path={"code": training.CODE})
        for name in ("check", "badge", "certificate")
    },
    "credentials_issuer": Specimen(),
    "credentials_keys": Specimen(),
    "credentials_key": Specimen(path={"kid": "newest"}),
    **reads("head_count_sessions", session),
    "head_count_sessions_create": Specimen(body=_session_body, refs=("site",), status=201),
    **reads("training_requirements", requirement),
    "training_requirements_create": Specimen(body=sent(role="security", effective_from="2027-07-01"), status=201),
    "training_requirements_update": Specimen(row=draft, body=sent(validity_months=12)),
    "training_requirements_preview": Specimen(body=sent(role="security", effective_from="2027-07-01")),
    "training_requirements_publish": Specimen(row=draft),
    "training_coverage": Specimen(),
    "training_forecast": Specimen(),
    "training_watch": Specimen(row=rule_in_force),
    "training_plan": Specimen(query=lambda place, row: {"on": "2027-06-30", "target": "0.8"}),
}
