"""An example of every answer, made from its schema: from what the requests' examples say, then from words by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

JSON = "application/json"
# A tree ends here: what is inside is left out, or empty.
DEEPEST = 6
DAY, MOMENT = "2026-11-20", "2026-11-20T09:00:00Z"
Schema = dict[str, Any]
Facts = dict[str, Any]


def attach(document: dict[str, Any], words: Mapping[str, Any], own: Mapping[str, Facts]) -> None:
    """Give every good answer in JSON an example, said once for each shape.

    `words`: property → what it may hold; `own`: component → the same for it alone. What does not fit its schema
    is left aside.
    """
    maker = _Maker(document, words, own)
    shared: dict[str, Any] = document["components"].setdefault("examples", {})
    for operation in _operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get(JSON)
            if status >= "300" or content is None or "examples" in content:
                continue
            name = _name(content["schema"])
            if name is None:
                content["examples"] = {"Answer": {"value": maker.answer(content["schema"])}}
                continue
            shared.setdefault(name, {"value": maker.answer(content["schema"])})
            content["examples"] = {"Answer": {"$ref": f"#/components/examples/{name}"}}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from (operation for operation in methods.values() if isinstance(operation, dict))


def _name(schema: Schema) -> str | None:
    """The component that a schema is."""
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


class _Maker:
    """Makes values; the same names give the same values each time."""

    def __init__(self, document: dict[str, Any], words: Mapping[str, Any], own: Mapping[str, Facts]) -> None:
        self._schemas: dict[str, Schema] = document["components"]["schemas"]
        self._words = words
        self._collections = {path.split("/")[3] for path in document["paths"] if path.count("/") == 4}
        self._asked: dict[str, Facts] = {}
        for operation in _operations(document):
            self._learn(operation)
        for component, facts in own.items():
            self._asked.setdefault(component, {}).update(facts)

    def _learn(self, operation: dict[str, Any]) -> None:
        """What a request gives is what the answer shows."""
        sent = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("examples", {})
        for status, response in operation["responses"].items():
            name = _name(response.get("content", {}).get(JSON, {}).get("schema", {})) if status < "300" else None
            for example in sent.values() if name else ():
                if isinstance(example["value"], dict):
                    self._asked.setdefault(str(name), {}).update(example["value"])

    def answer(self, schema: Schema) -> Any:
        """A value that the schema describes."""
        return self._value(schema, "", {}, 0)

    def _value(self, schema: Schema, name: str, facts: Facts, depth: int, owner: str = "") -> Any:
        if "$ref" in schema:
            component = str(_name(schema))
            # An enumeration is a component as well, and is of whoever holds it.
            inner = self._schemas[component]
            own = self._asked.get(component, {}) if "properties" in inner else facts
            return self._value(inner, name, own, depth, owner or component)
        if "allOf" in schema:
            return self._value(schema["allOf"][0], name, facts, depth, owner)
        for several in ("oneOf", "anyOf"):
            if several in schema:
                if facts.get(name, "") is None:
                    return None
                some = [one for one in schema[several] if one.get("type") != "null" and one.get("enum") != [""]]
                return self._value(some[0] if some else schema[several][0], name, facts, depth, owner)
        kinds = schema.get("type")
        kind = next(one for one in kinds if one != "null") if isinstance(kinds, list) else kinds
        if kind == "object":
            return self._object(schema, name, depth, facts, owner)
        if kind == "array":
            return self._array(schema, name, depth, facts)
        word = self._words.get(name, self._words.get(f"*_{name.rpartition('_')[2]}", ""))
        if isinstance(kinds, list) and facts.get(name, word) is None:
            return None
        for known in (facts.get(name), word or None):
            if known is not None and _fits(known, schema, kind):
                return known
        return self._plain(schema, kind, name, owner)

    def _object(self, schema: Schema, name: str, depth: int, facts: Facts, owner: str) -> Any:
        properties = schema.get("properties")
        if properties is None:
            known = facts.get(name, self._words.get(name))
            return known if isinstance(known, dict) else {}
        if {"id", "url", "display"} <= set(properties) <= {"id", "url", "display", "expanded"}:
            return self._reference(name or owner)
        # What is not always there is shown where a request gave it.
        shown = {*schema.get("required", ()), *facts}
        return {
            part: self._value(inner, part, facts, depth + 1, owner)
            for part, inner in properties.items()
            if part in shown
        }

    def _array(self, schema: Schema, name: str, depth: int, facts: Facts) -> list[Any]:
        known, of = facts.get(name, self._words.get(name)), schema["items"]
        if isinstance(known, list) and all("type" in of and _fits(one, of, of["type"]) for one in known):
            return known
        return [] if depth >= DEEPEST else [self._value(schema["items"], _singular(name), {}, depth + 1)]

    def _reference(self, name: str) -> dict[str, Any]:
        plural = next((one for one in _plurals(name.replace("_", "-")) if one in self._collections), "organisations")
        key = _uuid(plural)
        return {"id": key, "url": f"/api/v1/{plural}/{key}/", "display": self._words.get(plural, self._words["name"])}

    def _plain(self, schema: Schema, kind: str | None, name: str, owner: str) -> Any:
        if "enum" in schema:
            return next((one for one in schema["enum"] if one), schema["enum"][0])
        if kind == "boolean":
            return name not in self._words
        if kind in {"integer", "number"}:
            return max(schema.get("minimum", 0), min(schema.get("maximum", 12), 1 if kind == "number" else 12))
        if kind != "string":
            return None
        form = schema.get("format")
        key = _uuid(owner if name == "id" else name)
        made = {"date": DAY, "date-time": MOMENT, "uuid": key, "uri": "https://register.example/"}
        made["email"] = str(self._words["email"])
        if form in made:
            return made[form]
        some = ("300.00", "0.80") if form == "decimal" else (*_texts(name, key), "0.80", "BE")
        return next((one for one in some if _fits(one, schema, kind)), "A short text."[: schema.get("maxLength")])


def _texts(name: str, key: str) -> tuple[str, ...]:
    """What a plain text of this name may be."""
    last = name.rpartition("_")[2]
    known = {"id": key, "on": DAY, "at": MOMENT, "until": DAY, "from": DAY}
    return (known[last],) if last in known else ("A short text.", name, name.replace("_", "-"))


def _fits(value: Any, schema: Schema, kind: Any) -> bool:
    """Whether a known value is one of this schema."""
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if "enum" in schema and value not in schema["enum"]:
        return False
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind in {"integer", "number"}:
        whole = isinstance(value, int) or (kind == "number" and isinstance(value, float))
        return whole and schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if kind == "string":
        return isinstance(value, str) and _fits_text(value, schema)
    return kind is None


_FORMS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT.*",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "uri": r"https?://.*",
    "email": r"\S+@\S+",
}


def _fits_text(value: str, schema: Schema) -> bool:
    form = _FORMS.get(schema.get("format", ""), ".*")
    pattern = schema.get("pattern")
    return (
        schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        and re.fullmatch(form, value, re.DOTALL) is not None
        and (pattern is None or re.search(pattern, value) is not None)
    )


def _uuid(name: str) -> str:
    return f"0190a5d0-0000-7000-8000-{crc32(name.encode()):012x}"


def _plurals(name: str) -> tuple[str, ...]:
    return f"{name}s", f"{name.removesuffix('y')}ies", f"code-{name}s", f"{name}es"


def _singular(name: str) -> str:
    return name.removesuffix("s")
