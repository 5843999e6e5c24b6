"""The floor of the network: a bare WSGI application, hand-written SQL on the register's own tables, orjson. No login.

It finds and judges by the register's own pure rules, so that both answer the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import orjson

DAY = "2026-11-22"
REFERENCE = "/api/v1/organisations/"
_PUBLIC = """o.is_listed AND o.merged_into_id IS NULL AND EXISTS (
  SELECT 1 FROM members_networkmembership
  WHERE organisation_id = o.id AND superseded_at IS NULL AND state NOT IN ('applicant', 'declined')
    AND (valid_from IS NULL OR valid_from <= :day) AND (valid_until IS NULL OR valid_until >= :day))"""
_ROW = """SELECT o.id, o.name, o.kind, o.country_id, c.names, o.zone, o.languages, o.website, o.is_listed, o.is_demo,
  o.source, o.confidence, o.created_at
FROM members_organisation o LEFT JOIN members_country c ON c.code = o.country_id WHERE """
PAGE = f"{_ROW} o.country_id = :country AND {_PUBLIC} ORDER BY o.name, o.id LIMIT 101"
PAGE_AFTER = (
    f"{_ROW} o.country_id = :country AND {_PUBLIC} AND (o.name, o.id) > (:name, :id) ORDER BY o.name, o.id LIMIT 101"
)
SEARCH = f"{_ROW} {_PUBLIC} {{words}} ORDER BY o.name, o.id LIMIT 101"
_WORD = """ AND o.id IN (SELECT n.organisation_id FROM members_nameword w JOIN members_organisationname n ON n.id = w.name_id
  WHERE n.superseded_at IS NULL AND w.word IN ({}))"""
NAMES = """SELECT organisation_id, text, kind, language, valid_from, valid_until FROM members_organisationname
WHERE superseded_at IS NULL AND organisation_id IN ({}) ORDER BY text, id"""
IDENTIFIERS = "SELECT organisation_id, scheme, value FROM members_identifier WHERE organisation_id IN ({}) ORDER BY scheme, value, id"
PARENTS = """SELECT p.child_id, p.parent_id, o.name, p.kind, p.valid_from, p.valid_until FROM members_parentage p
JOIN members_organisation o ON o.id = p.parent_id AND o.is_listed AND o.merged_into_id IS NULL
WHERE p.superseded_at IS NULL AND p.child_id IN ({}) ORDER BY p.kind, p.id"""
ACTIVITIES = """SELECT a.organisation_id, a.country_id, c.names, a.valid_from, a.valid_until FROM members_activity a
JOIN members_country c ON c.code = a.country_id
WHERE a.superseded_at IS NULL AND a.organisation_id IN ({}) ORDER BY a.country_id, a.id"""
GRAMS = "SELECT word, COUNT(*) FROM registry_searchgram WHERE gram IN ({}) GROUP BY word HAVING COUNT(*) >= {}"
COUNTS = """SELECT region_id,
  SUM(CASE WHEN proven_from <= :day AND (proven_until IS NULL OR proven_until >= :day)
    AND confidence IN ('', 'sourced') THEN 1 ELSE 0 END),
  COUNT(*) FROM members_networkmembership
WHERE superseded_at IS NULL AND state NOT IN ('applicant', 'declined')
  AND (valid_from IS NULL OR valid_from <= :day) AND (valid_until IS NULL OR valid_until >= :day)
GROUP BY region_id ORDER BY region_id"""
SHARED = """SELECT n.organisation_id, SUM(CASE w.word {worth} END) AS worth FROM members_nameword w
JOIN members_organisationname n ON n.id = w.name_id
JOIN members_organisation o ON o.id = n.organisation_id AND o.merged_into_id IS NULL
WHERE n.superseded_at IS NULL AND w.word IN ({words}) AND (o.country_id = :country OR o.country_id IS NULL
  OR o.id IN (SELECT organisation_id FROM members_activity WHERE superseded_at IS NULL AND country_id = :country))
GROUP BY n.id, n.organisation_id HAVING SUM(CASE w.word {worth} END) >= {enough} ORDER BY worth DESC, n.id LIMIT 100"""
KNOWN = "SELECT id, name, country_id, domain FROM members_organisation WHERE id IN ({})"
KNOWN_NAMES = """SELECT organisation_id, search_key, kind FROM members_organisationname
WHERE superseded_at IS NULL AND organisation_id IN ({}) ORDER BY id"""


class Database:
    """One connection. Statements name their values as `:name`, lists stand in the text."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(urlsplit(url).path, check_same_thread=False, isolation_level=None)
        else:
            import psycopg

            self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        if not self.is_sqlite:
            for name in values:
                sql = sql.replace(f":{name}", f"%({name})s")
        return self.connection.execute(sql, values).fetchall()

    def of(self, sql: str, keys: list[Any]) -> dict[Any, list[tuple[Any, ...]]]:
        """Rows by their first column, which is one of `keys`."""
        found: dict[Any, list[tuple[Any, ...]]] = {}
        for key, *rest in self.rows(sql.format(_quoted(keys))) if keys else ():
            found.setdefault(key, []).append(tuple(rest))
        return found


def _quoted(values: Iterable[Any]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _id(value: Any) -> str:
    text = str(value)
    return text if "-" in text else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _moment(value: Any) -> str:
    return value.replace(" ", "T") + "Z" if isinstance(value, str) else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def shaped(database: Database, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows as the API answers them."""
    keys = [row[0] for row in rows]
    names, identifiers, parents, activities = (
        database.of(sql, keys) for sql in (NAMES, IDENTIFIERS, PARENTS, ACTIVITIES)
    )
    return [
        {
            "id": _id(key),
            "name": name,
            "kind": kind,
            "country": country,
            "country_name": _json(country_names)["en"],
            "zone": zone,
            "languages": _json(languages),
            "website": website,
            "is_listed": bool(listed),
            "is_demo": bool(demo),
            "source": source,
            "confidence": confidence,
            "note": "",
            "created_at": _moment(created_at),
            "names": [
                {"text": text, "kind": what, "language": language, "valid_from": start, "valid_until": end}
                for text, what, language, start, end in names.get(key, ())
            ],
            "identifiers": [{"scheme": scheme, "value": value} for scheme, value in identifiers.get(key, ())],
            "parents": [
                {"organisation": _reference(parent, text), "kind": what, "valid_from": start, "valid_until": end}
                for parent, text, what, start, end in parents.get(key, ())
            ],
            "active_in": [
                {"country": code, "country_name": _json(texts)["en"], "valid_from": start, "valid_until": end}
                for code, texts, start, end in activities.get(key, ())
            ],
        }
        for (key, name, kind, country, country_names, zone, languages, website, listed, demo, source, confidence, created_at) in rows
    ]  # fmt: skip


def _reference(key: Any, name: str) -> dict[str, Any]:
    return {"id": _id(key), "url": f"{REFERENCE}{_id(key)}/", "display": name}


def _near(database: Database, words: list[str]) -> dict[str, tuple[set[str], set[str]]]:
    """For each word the known words that hold it, and those that may be it misspelt."""
    from registry.kernel.search.rules import grams_of, is_near, needed_grams

    found = {}
    for word in words:
        known = [row[0] for row in database.rows(GRAMS.format(_quoted(sorted(grams_of(word))), needed_grams(word)))]
        found[word] = {one for one in known if word in one}, {one for one in known if is_near(word, one)}
    return found


def _search(database: Database, text: str) -> list[tuple[Any, ...]]:
    from registry.kernel.search.rules import words_of
    from registry.kernel.text import search_key

    parts = []
    for holding, near in _near(database, words_of(search_key(text))).values():
        parts.append(_WORD.format(_quoted(sorted(holding | near)) or "NULL"))
    return database.rows(SEARCH.format(words="".join(parts)), day=DAY)


def _match(database: Database, name: str, country: str) -> dict[str, Any]:
    from members.organisations.likeness import Asked, Known, chosen, judge, ranked
    from registry.kernel.search.rules import words_of
    from registry.kernel.text import search_key

    key = search_key(name)
    spelt = {word: near for word, (_, near) in _near(database, words_of(key)).items() if near}
    worth = " ".join(f"WHEN '{one}' THEN {len(word)}" for word, near in spelt.items() for one in sorted(near))
    enough = sum(map(len, spelt)) / 3
    words = _quoted(sorted({one for near in spelt.values() for one in near}))
    shared = database.rows(SHARED.format(worth=worth, words=words, enough=enough), country=country)
    keys = sorted({row[0] for row in shared})
    known = {row[0]: Known(id=row[0], display=row[1], country_id=row[2], domain=row[3]) for row in database.rows(KNOWN.format(_quoted(keys)))}  # fmt: skip
    for one, found in database.of(KNOWN_NAMES, keys).items():
        known[one].names = list(found)
    for one, found in database.of(IDENTIFIERS, keys).items():
        known[one].identifiers = set(found)
    for one, found in database.of(ACTIVITIES, keys).items():
        known[one].active_in = {row[0] for row in found}
    judged = ranked(judge(Asked(key=key, country_id=country), one) for one in known.values())
    shown = [
        {
            "organisation": _reference(one.known.id, one.known.display),
            "score": one.score,
            "reasons": list(one.reasons),
            "is_certain": one.is_certain,
        }
        for one in judged
    ]
    best = chosen(judged)
    return {"chosen": shown[judged.index(best)] if best else None, "candidates": shown}


def _page(database: Database, given: dict[str, str]) -> dict[str, Any]:
    if "q" in given:
        rows, following = _search(database, given["q"]), None
    elif "after" in given:
        name, _, key = given["after"].partition("|")
        rows = database.rows(PAGE_AFTER, country=given["country"], day=DAY, name=name, id=key)
    else:
        rows = database.rows(PAGE, country=given["country"], day=DAY)
    if "q" not in given:
        last = rows[99] if len(rows) > 100 else None
        following = f"/organisations/?country={given['country']}&after={quote(last[1])}%7C{last[0]}" if last else None
    return {"results": shaped(database, rows[:100]), "next": following, "previous": None}


def _answer(database: Database, environ: dict[str, Any]) -> Any:
    given = dict(parse_qsl(environ["QUERY_STRING"]))
    if environ["PATH_INFO"] == "/counts/":
        found = database.rows(COUNTS, day=given["valid_on"])
        return [{"code": code, "certain": sure, "uncertain": every - sure} for code, sure, every in found]
    if environ["PATH_INFO"] == "/match/":
        body = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        return _match(database, body["name"], body["country"])
    return _page(database, given)


def _make() -> Any:
    database = Database(os.environ["DATABASE_URL"])

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = orjson.dumps(_answer(database, environ))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def __getattr__(name: str) -> Any:
    """`application`, connected when the server asks for it."""
    if name != "application":
        raise AttributeError(name)
    return _make()
