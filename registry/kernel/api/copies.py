"""Large lists as files: the database writes each line, and the register passes the lines on in pieces.

PostgreSQL: COPY TO STDOUT. SQLite: each line is put together in SQL. Which rows, is the list's own question with its
own filters and scope; only what a line says is told here, once for both engines and both formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import Func, QuerySet, TextField
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request

from registry.kernel.api.exports import FORMATS, ExportRows, gathered
from registry.kernel.api.filters import apply, refuse_unknown
from registry.kernel.errors import Invalid

# A line that ends within a piece: SQLite hands over so many at once.
_LINES = 500
# Rows that PostgreSQL is asked for first: more than a piece of the answer holds.
_AHEAD = 1000
_FORMULA_STARTS = "'=', '+', '-', '@', {tab}, {cr}"


class Line(Func):
    """A column as a line of the file has it; `kind`: uuid, word (letters, digits and marks of our own), text, day,
    moment, or names (a text in several languages, by the reader's).
    """

    output_field = TextField()

    def __init__(self, path: Any, kind: str, *, as_json: bool) -> None:
        super().__init__(path)
        self.kind, self.as_json = kind, as_json

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, params = compiler.compile(self.source_expressions[0])
        text, times = self._sqlite(sql)
        return self._finished(text, "char(9)", "char(13)", "json_quote({})", quotes=True), list(params) * times

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        sql, params = compiler.compile(self.source_expressions[0])
        text, times = self._postgresql(sql)
        # COPY puts the quotes where they are needed.
        return self._finished(text, "chr(9)", "chr(13)", "to_json({}::text)::text", quotes=False), list(params) * times

    def _sqlite(self, sql: str) -> tuple[str, int]:
        if self.kind == "uuid":
            parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
            return " || '-' || ".join(f"substr({sql}, {start}, {size})" for start, size in parts), 5
        if self.kind == "moment":
            return f"replace(substr({sql}, 1, 19), ' ', 'T') || '+00:00'", 1
        if self.kind == "names":
            return f"COALESCE(json_extract({sql}, '$.{_language()}'), json_extract({sql}, '$.en'))", 2
        return sql, 1

    def _postgresql(self, sql: str) -> tuple[str, int]:
        if self.kind == "moment":
            return f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')""", 1
        if self.kind == "names":
            return f"COALESCE({sql} ->> '{_language()}', {sql} ->> 'en')", 2
        return f"({sql})::text", 1

    def _finished(self, text: str, tab: str, cr: str, quoted: str, *, quotes: bool) -> str:
        is_free = self.kind in {"text", "names"}
        if self.as_json:
            value = quoted.format(text) if is_free else f"'\"' || {text} || '\"'"
            return f"COALESCE({value}, 'null')"
        if not is_free:
            return f"COALESCE({text}, '')"
        starts = _FORMULA_STARTS.format(tab=tab, cr=cr)
        guarded = f"CASE WHEN substr({text}, 1, 1) IN ({starts}) THEN '''' || {text} ELSE {text} END"
        return f"COALESCE('\"' || replace({guarded}, '\"', '\"\"') || '\"', '')" if quotes else guarded


def _language() -> str:
    """The reader's language, as one of the register's: it stands in SQL."""
    language = (get_language() or "en").split("-")[0]
    return language if language in {"en", "fr", "nl", "de", "es"} else "en"


class CopyRows(ExportRows):
    """An export whose CSV and JSON Lines the database writes.

    `copied`: column of the file → path or expression, and kind.
    """

    copied: ClassVar[Mapping[str, tuple[Any, str]]] = {}

    def export(self: Any, request: Request) -> HttpResponseBase:
        wanted = request.query_params.get("format", "csv")
        if wanted == "xlsx" or "fields" in request.query_params or "omit" in request.query_params:
            return super().export(request)  # type: ignore[misc]
        refuse_unknown(request.query_params, self.reading_parameters() | {"format"} | set(self.filters.base_filters))
        if wanted not in self.export_formats:
            raise Invalid.at("?format", "unknown_format", _("Say one of: %s.") % ", ".join(self.export_formats))
        call = self._call(request, {})
        rows = apply(self.filters, request.query_params, self.rows(call.scope, on=call.on), request)
        as_json = wanted == "jsonl"
        head = b"" if as_json else (",".join(self.copied) + "\n").encode()
        pieces = written(rows, self.copied, as_json=as_json)
        response = StreamingHttpResponse(gathered(_headed(head, pieces)), content_type=FORMATS[wanted])
        response["Content-Disposition"] = f'attachment; filename="{self.resource}.{wanted}"'
        return response


def _headed(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def written(rows: QuerySet, copied: Mapping[str, tuple[Any, str]], *, as_json: bool) -> Iterator[bytes]:
    """The lines of `rows`, piece by piece, as the database writes them; without a header."""
    if connection.vendor != "postgresql":
        return _joined(*_statement(rows, copied, as_json=as_json))
    # What lasts is planned to be done soon, not to begin soon: joins by hash read whole tables before the first row.
    # So a few rows come first, by a plan of their own, in the same statement and the same snapshot.
    last = rows.order_by("pk").values_list("pk", flat=True)[_AHEAD - 1 : _AHEAD].first()
    if last is None:
        return _copied(*_statement(rows, copied, as_json=as_json), as_json=as_json)
    ahead, ahead_params = _statement(rows.filter(pk__lte=last), copied, as_json=as_json)
    rest, rest_params = _statement(rows.filter(pk__gt=last), copied, as_json=as_json)
    return _copied(f"{ahead} UNION ALL {rest}", (*ahead_params, *rest_params), as_json=as_json)


def _statement(rows: QuerySet, copied: Mapping[str, tuple[Any, str]], *, as_json: bool) -> tuple[str, tuple[Any, ...]]:
    """What makes a line of each row, in no order."""
    lines = {name: Line(path, kind, as_json=as_json) for name, (path, kind) in copied.items()}
    named = {f"line_{place}": line for place, line in enumerate(lines.values())}
    query = rows.order_by().annotate(**named).values_list(*named).query
    sql, params = query.get_compiler(connection=connection).as_sql()
    if as_json:
        parts = [f"'{'{,'[place > 0]}\"{name}\":' || line_{place}" for place, name in enumerate(lines)]
        whole = " || ".join(parts) + " || '}'"
    elif connection.vendor == "postgresql":
        whole = ", ".join(named)
    else:
        whole = " || ',' || ".join(named)
    return f"SELECT {whole} FROM ({sql}) AS t", params  # noqa: S608


def _copied(statement: str, params: tuple[Any, ...], *, as_json: bool) -> Iterator[bytes]:
    # Of JSON a line is one column that holds none of these signs, and is left as it is.
    form = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'" if as_json else "FORMAT csv"
    with transaction.atomic(), connection.cursor() as cursor:
        # A reader may be slow; nobody else waits for this statement. It shall not take every core, and wide lines are
        # dearer to hand from one process to another than to make; nor is anything compiled before the first row.
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off"
        )
        with cursor.copy(f"COPY ({statement}) TO STDOUT WITH ({form})", params) as copy:
            for piece in copy:
                yield bytes(piece)


def _joined(statement: str, params: tuple[Any, ...]) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(_LINES):
            yield ("\n".join([line for (line,) in rows]) + "\n").encode()
