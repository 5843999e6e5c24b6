"""The floor: a bare WSGI application, one prepared query on one flat table with its index, orjson. No login."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import orjson

COLUMNS = (
    "id name country category node is_demo is_profile_public offers_residential_care revenue_band revenue_band_confirmed_on "
    "membership_id state number member_since representative_id representative_name criteria standing report_id "
    "report_year report_state report_due_on training_value trained staff_in_scope site_count staff_count "
    "counted_site_count"
).split()
NUMBERS = {"report_year", "trained", "staff_in_scope", "site_count", "staff_count", "counted_site_count"}
FLAGS = {"is_demo", "is_profile_public", "offers_residential_care"}
LETTERS = {"n": "none", "p": "planned", "i": "in_progress", "m": "met"}
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM bench_flat"
_FIRST = f"{_SELECT} WHERE country = ? AND state = 'active' ORDER BY name, id LIMIT 101"
_AFTER = f"{_SELECT} WHERE country = ? AND state = 'active' AND (name, id) > (?, ?) ORDER BY name, id LIMIT 101"
_STANDING = f"{_SELECT} WHERE standing = ? AND state = 'active' ORDER BY name, id LIMIT 101"
_POINT = f"{_SELECT} WHERE id = ?"


def table(kind: str) -> list[str]:
    """The statements that make the flat table."""
    types = {name: "integer" if name in NUMBERS else "boolean" if name in FLAGS else "text" for name in COLUMNS}
    key = " PRIMARY KEY" if kind == "sqlite" else ' COLLATE "C" PRIMARY KEY'
    columns = ", ".join(f"{name} {types[name]}{key if name == 'id' else ''}" for name in COLUMNS)
    return [
        "DROP TABLE IF EXISTS bench_flat",
        f"CREATE TABLE bench_flat ({columns})",
        "CREATE INDEX bench_flat_page ON bench_flat (country, state, name, id)",
        "CREATE INDEX bench_flat_standing ON bench_flat (standing, state, name, id)",
    ]


def flattened(row: dict[str, Any]) -> tuple[Any, ...]:
    """One row of the API as a row of the flat table."""
    report, representative = row["latest_report"] or {}, row["representative"] or {}
    values = {
        **row,
        "representative_id": representative.get("id"),
        "representative_name": representative.get("display"),
        "criteria": "".join(next(k for k, v in LETTERS.items() if v == one["state"]) for one in row["criteria"]),
        **{f"report_{name}": report.get(name) for name in ("id", "year", "state", "due_on")},
        "training_value": row["training"]["value"],
        "trained": row["training"]["numerator"],
        "staff_in_scope": row["training"]["denominator"],
    }
    return tuple(values[name] for name in COLUMNS)


class Database:
    """One connection, its statements prepared."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite"):
            self.sqlite = sqlite3.connect(urlsplit(url).path, check_same_thread=False, isolation_level=None)
            self.postgres = None
        else:
            import psycopg

            self.postgres = psycopg.connect(url, autocommit=True, prepare_threshold=0)

    def rows(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        if self.postgres is None:
            return self.sqlite.execute(sql, params).fetchall()
        return self.postgres.execute(sql.replace("?", "%s"), params).fetchall()


def _organisation(key: str | None, name: str | None) -> dict[str, Any] | None:
    return None if key is None else {"id": key, "url": f"/api/v1/organisations/{key}/", "display": name}


def shaped(row: tuple[Any, ...]) -> dict[str, Any]:
    """The row as the API answers it."""
    (key, name, country, category, node, demo, public, care, band, confirmed, membership, state, number, since) = row[
        :14
    ]
    (rep, rep_name, letters, standing, report, year, report_state, due, share, trained, staff) = row[14:25]
    return {
        "id": key,
        "name": name,
        "organisation": _organisation(key, name),
        "country": country,
        "category": category,
        "node": node,
        "is_demo": bool(demo),
        "is_profile_public": bool(public),
        "offers_residential_care": bool(care),
        "revenue_band": band,
        "revenue_band_confirmed_on": confirmed,
        "membership_id": membership,
        "state": state,
        "number": number,
        "member_since": since,
        "representative": _organisation(rep, rep_name),
        "criteria": [{"number": place, "state": LETTERS[letter]} for place, letter in enumerate(letters, 1)],
        "standing": standing,
        "latest_report": None if report is None else {"id": report, "year": year, "state": report_state, "due_on": due},
        "training": {"value": share, "numerator": trained, "denominator": staff},
        "site_count": row[25],
        "staff_count": row[26],
        "counted_site_count": row[27],
    }


def _page(database: Database, query: str) -> dict[str, Any]:
    given = parse_qs(query)
    if "standing" in given:
        found = database.rows(_STANDING, (given["standing"][0],))
        return {"results": [shaped(row) for row in found[:100]], "next": None, "previous": None}
    country, after = given["country"][0], given.get("after")
    place = after[0].split("|") if after else ()
    rows = database.rows(_AFTER if after else _FIRST, (country, *place))
    last = rows[99] if len(rows) > 100 else None
    return {
        "results": [shaped(row) for row in rows[:100]],
        "next": f"/companies/?country={country}&after={quote(last[1])}%7C{last[0]}" if last else None,
        "previous": None,
    }


def _make() -> Any:
    from tests.bench import pushing_floor

    database = Database(os.environ["DATABASE_URL"])

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/companies/":
            body = orjson.dumps(_page(database, environ["QUERY_STRING"]))
        elif path == "/completions/":
            body = pushing_floor.push(database, environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        else:
            (row,) = database.rows(_POINT, (path.split("/")[2],))
            body = orjson.dumps(shaped(row))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def __getattr__(name: str) -> Any:
    """`application`, connected when the server asks for it."""
    if name != "application":
        raise AttributeError(name)
    return _make()
