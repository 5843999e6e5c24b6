"""Tables in requests: a file, or rows as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.kernel.api.bodies import Body
from registry.kernel.errors import Fault, Invalid
from registry.kernel.files import limits, tables

MAX_JSON_ROWS = 1000
TEXT = {"type": "string"}


@extend_schema_field(
    {"oneOf": [{"type": kind} for kind in ("string", "number", "boolean")] + [{"type": "array", "items": TEXT}]}
)
class Cell(serializers.Field):
    """A value of a row: text, a number, true or false, null for nothing, or a list of texts."""

    default_error_messages = {"invalid": "Text, a number, true, false, null or a list of texts."}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, list) and all(isinstance(part, str) for part in data):
            data = "; ".join(data)
        if isinstance(data, bool):
            return "true" if data else "false"
        if not isinstance(data, str | int | float):
            self.fail("invalid")
        text = str(data).strip()
        if len(text) > limits.MAX_CELL:
            raise serializers.ValidationError(f"At most {limits.MAX_CELL} characters.", code="cell_too_long")
        return text


class TableBody(Body):
    """A table: a file, or its rows as JSON. Validated as `table`, with the file's name as `file_name`."""

    file = serializers.FileField(
        required=False,
        allow_empty_file=True,
        max_length=200,
        help_text="CSV in UTF-8 or .xlsx with one sheet; at most 10 MB, 50,000 rows and 200 columns. By a form alone.",
    )
    rows = serializers.ListField(
        child=serializers.DictField(child=Cell(allow_null=True)),
        required=False,
        max_length=MAX_JSON_ROWS,
        help_text="Column → value of each row; as JSON alone.",
    )

    def validate(self, attrs: dict) -> dict:
        """The table, read here: before the transaction, and a file in a process of its own."""
        file, rows = attrs.get("file"), attrs.get("rows")
        if (file is None) == (rows is None):
            raise serializers.ValidationError("Send either a file or rows.", code="file_or_rows")
        if file is not None:
            table, name = tables.read(file.read()), "".join(filter(str.isprintable, file.name))
        else:
            table, name = _table(rows or []), ""
        rest = {key: value for key, value in attrs.items() if key not in {"file", "rows"}}
        return {**rest, "table": table, "file_name": name}


def _table(rows: list[dict[str, str | None]]) -> tables.Table:
    """Rows of JSON as a table: the columns that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    names = [name.strip().lower() for name in columns]
    faults = [
        Fault("/rows", code, message)
        for code, message, is_so in (
            ("empty_file", "There is no row with a column.", not names),
            ("empty_header", "A column has no name.", "" in names),
            ("duplicate_header", "Two columns have the same name.", len(set(names)) < len(names)),
            ("too_many_columns", "A table has at most 200 columns.", len(names) > limits.MAX_COLUMNS),
        )
        if is_so
    ]
    if faults:
        raise Invalid(faults[0].message, code=faults[0].code, faults=tuple(faults))
    cells = [[row.get(name) or "" for name in columns] for row in rows]
    return tables.Table(names, cells, list(range(2, len(cells) + 2)))
