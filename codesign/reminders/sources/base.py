"""What a kind of rule looks at, in one form: its subjects, and the clauses under which a reminder applies.

The clauses are written once, by name: the planner filters by all of them, the sender asks them again, the
explainer shows each with its value and the record that it stands in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    Func,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast

from codesign.notices.models import NoticeKind
from members.people.models import ContactRole
from members.scope import Scope

COLUMNS = (
    "subject_id",
    "anchor_on",
    "organisation_id",
    "membership_id",
    "representative_id",
    "zone",
    "opens_at",
    "site_id",
    "country",
)
# Where a filter of a rule reads, from the company.
_OF_COMPANY = {"categories": "category", "countries": "organisation__country", "standings": "overview__standing"}
OWN_ROLES = (
    ContactRole.REPORTING_OFFICER,
    ContactRole.TRAINING_OFFICER,
    ContactRole.FINANCE,
    ContactRole.DIRECTOR,
)
# Who is written to where nobody holds the role: the next contact of the same organisation.
FALLBACKS: dict[str, tuple[str, ...]] = {
    ContactRole.REPORTING_OFFICER: (ContactRole.REPORTING_OFFICER, ContactRole.DIRECTOR),
    ContactRole.TRAINING_OFFICER: (
        ContactRole.TRAINING_OFFICER,
        ContactRole.REPORTING_OFFICER,
        ContactRole.DIRECTOR,
    ),
    ContactRole.FINANCE: (ContactRole.FINANCE, ContactRole.REPORTING_OFFICER, ContactRole.DIRECTOR),
    ContactRole.DIRECTOR: (ContactRole.DIRECTOR, ContactRole.REPORTING_OFFICER),
    ContactRole.LCR_OFFICER: (ContactRole.LCR_OFFICER, ContactRole.DIRECTOR),
    ContactRole.SECRETARIAT: (ContactRole.SECRETARIAT,),
}


class MonthOf(Func):
    """The first day of a date's month; on SQLite without a call back into Python for every row."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, 'start of month')", **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = "CAST(date_trunc('month', %(expressions)s) AS date)"
        return self.as_sql(compiler, connection, template=template, **options)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One condition at a moment; `value` is the path of what decides it, `resource` and `record` where that stands.

    `foreseen`: what the plan asks in its place, where the plan itself looks at the day on which a mail leaves. `held`:
    what is asked in its place of a moment that is past, where the facts have their days; `then` is the value of then.
    `is_dated`: what it asks is a moment itself, so that nothing else need be asked.
    """

    code: str
    holds: Callable[[datetime], Q]
    foreseen: Callable[[datetime], Q] | None = None
    held: Callable[[datetime], Q] | None = None
    then: Callable[[datetime], Any] | None = None
    value: str = ""
    resource: str = ""
    record: str = ""
    is_dated: bool = False

    @property
    def knows_its_past(self) -> bool:
        """Whether what it says of a past moment was so then."""
        return self.is_dated or self.held is not None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether one clause holds for one subject, with the value that decides it and the record that holds it."""

    code: str
    holds: bool
    value: Any = None
    resource: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of subject. `columns` maps the planner's columns to paths or expressions over `rows`.

    `about`: one row per subject, where `rows` holds several or none; its clauses are `about_clauses`. `company`:
    path from a row of `rows` to the company, "" for what hangs on no company. `weekly`: the anchor is every Monday;
    `turns_on`: days after a moment on which more may hold of a subject than now;
    `monthly`: path of the day of whose month the first is the anchor.
    `link`: where its mails lead; `template`: the folder of their words, when it is not the subject's type.
    """

    subject_type: str
    rows: QuerySet
    columns: dict[str, Any]
    clauses: tuple[Clause, ...]
    link: str
    template: str = ""
    company: str = ""
    seen: Callable[[Scope], Q]
    about: QuerySet | None = None
    about_clauses: tuple[Clause, ...] = ()
    about_seen: Callable[[Scope], Q] | None = None
    weekly: bool = False
    turns_on: Callable[[UUID, datetime], Collection[date]] | None = None
    monthly: str = ""
    notice_before: NoticeKind | None = None
    notice_after: NoticeKind | None = None

    @property
    def words(self) -> str:
        """The folder of its mails' words."""
        return self.template or self.subject_type

    @property
    def has_one_anchor(self) -> bool:
        """Whether a subject counts from one day: when that day moves, what waits for the old one is void."""
        return self.about is None and not self.weekly

    def subjects(
        self, *, at: datetime, narrow: Q | None = None, released: Collection[UUID] = (), rewound: bool = False
    ) -> QuerySet:
        """The planner's columns of every subject (of `narrow`) to which a rule applies, as known at `at`.

        The organisations of `released` are taken as no longer muted. `rewound`: as it was at that moment.
        """
        asked = []
        for clause in self.clauses:
            condition = ((clause.held if rewound else None) or clause.foreseen or clause.holds)(at)
            if released and clause.code == "released":
                condition |= Q(**{f"{self.company}__in": released})
            asked.append(condition)
        values = self.rows.filter(narrow or Q(), *asked).values_list(*(self.column(name) for name in COLUMNS))
        return values.distinct() if self.about is not None else values

    def passes(self, filters: Iterable[tuple[str, Collection[str]]]) -> Q:
        """Rows that a rule's filters let through; who hangs on no company passes them all."""
        found = Q()
        for name, values in filters if self.company else ():
            path = f"{self.company}__{_OF_COMPANY[name]}" if name in _OF_COMPANY else f"{self._membership}scheme"
            found &= Q(**{f"{path}__in": values})
        return found

    @property
    def _membership(self) -> str:
        return str(self.columns["membership_id"]).removesuffix("pk")

    def let_through(self, subject_ids: Iterable[UUID], filters: Iterable[tuple[str, Collection[str]]]) -> set[UUID]:
        """Those of the subjects that a rule's filters let through. One query."""
        key = self.columns["subject_id"]
        rows = self.rows.filter(self.passes(filters), **{f"{key}__in": list(subject_ids)})
        return set(rows.values_list(key, flat=True).distinct())

    def column(self, name: str) -> Any:
        """The path or expression of one of the planner's columns; null where the kind has none."""
        path = self.columns.get(name)
        if path is None:
            return _null(name)
        return F(path) if isinstance(path, str) else path

    def anchors(self, first: date, last: date) -> Q:
        """Subjects whose anchor lies in these days; by the week: all of them."""
        if self.weekly:
            return Q()
        if self.monthly:  # the anchor is the month's first day
            return Q(**{f"{self.monthly}__range": (first, last.replace(day=monthrange(last.year, last.month)[1]))})
        return Q(**{f"{self.columns['anchor_on']}__range": (first, last)})

    def of(self, subject_ids: Iterable[UUID]) -> QuerySet:
        """The one row of each of these subjects."""
        return (self.rows if self.about is None else self.about).filter(pk__in=list(subject_ids))

    def verdicts(
        self, subject_ids: Iterable[UUID], *, at: datetime, rewound: bool = False
    ) -> dict[UUID, list[Verdict]]:
        """Every clause with its value, by subject; what is not there has no entry. One query.

        `rewound`: as it was at that moment.
        """
        clauses = self.clauses if self.about is None else self.about_clauses
        asked: dict[str, Any] = {}
        for number, clause in enumerate(clauses):
            condition = ((clause.held if rewound else None) or clause.holds)(at)
            truth = Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
            asked[f"holds_{number}"] = truth
            for part in ("value", "record"):
                if path := getattr(clause, part):
                    asked[f"{part}_{number}"] = F(path)
            if rewound and clause.then is not None:
                asked[f"value_{number}"] = clause.then(at)
        found: dict[UUID, list[Verdict]] = {}
        for row in self.of(subject_ids).values("pk", **asked):
            found[row["pk"]] = [
                Verdict(
                    code=clause.code,
                    holds=row[f"holds_{number}"],
                    value=row.get(f"value_{number}"),
                    resource=clause.resource,
                    record_id=row.get(f"record_{number}"),
                )
                for number, clause in enumerate(clauses)
            ]
        return found

    @property
    def dated(self) -> tuple[str, ...]:
        """Codes of the clauses that a moment of their own turns."""
        clauses = self.clauses if self.about is None else self.about_clauses
        return tuple(clause.code for clause in clauses if clause.is_dated)

    @property
    def undated(self) -> tuple[str, ...]:
        """Codes of the clauses of which only the present is known."""
        clauses = self.clauses if self.about is None else self.about_clauses
        return tuple(clause.code for clause in clauses if not clause.knows_its_past)

    def current_anchors(self, subject_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, set[date]]:
        """The days from which a reminder now counts, by subject. One query."""
        key = self.columns["subject_id"]
        rows = self.rows.filter(**{f"{key}__in": list(subject_ids)})
        found: dict[UUID, set[date]] = {}
        for subject, anchor in rows.values_list(F(key), self.column("anchor_on")):
            found.setdefault(subject, set()).add(anchor)
        return found

    def notice_kind(self, step: int) -> NoticeKind | None:
        """What a notice of this step says: something falls due, or is overdue; None: it is no notice."""
        return self.notice_before if step <= 0 else self.notice_after


def _null(name: str) -> Any:
    fields: dict[str, Any] = {
        "zone": CharField(),
        "opens_at": DateTimeField(),
        "anchor_on": DateField(),
        "country": CharField(),
    }
    # With its type: a bare NULL is a text to PostgreSQL.
    return Cast(Value(None), output_field=fields.get(name, UUIDField()))
