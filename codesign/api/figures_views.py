"""The catalogue of figures and their values over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from codesign.figures.catalogue import Cell, Figure, Reading, Unit, days_of, published, read, readable, series
from registry.kernel import clock
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.problems import said
from registry.kernel.api.rows import API_PREFIX, RowSerializer
from registry.kernel.api.views import ResourceViews, query
from registry.kernel.errors import Invalid

STEPS = {"month": 1, "quarter": 3, "year": 12}
POINT = ("as_of", "rows", "total")
UNITS = [(unit.value, unit.value) for unit in Unit]


class FigureRow(RowSerializer):
    """What a figure counts."""

    code = serializers.CharField()
    url = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(UNITS)
    dimensions = serializers.ListField(child=serializers.CharField(), help_text="What `by` may name.")
    source = serializers.CharField()  # type: ignore[assignment]
    is_public = serializers.BooleanField(help_text="Read without a login.")


class FigureCellAnswer(serializers.Serializer):
    """One value with what it is made of."""

    by = serializers.DictField(help_text="Dimension → value of this cell; empty for the total.")
    value = serializers.FloatField(allow_null=True, help_text="A count, or a share from 0 to 1; null when hidden.")
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True, help_text="Of a share; null for a count.")
    suppressed = serializers.BooleanField(help_text="Hidden: under five, or one that would give such a cell away.")
    definition = serializers.CharField()
    as_of = serializers.DateField()
    rows = serializers.CharField(
        allow_null=True, help_text="List of the rows counted; null for readers of totals, or where no list finds them."
    )
    numerator_rows = serializers.CharField(allow_null=True, help_text="Of a share: the rows of its numerator.")
    unlisted = serializers.IntegerField(
        allow_null=True,
        help_text="How many the rows do not show: people beyond the roster, or of sites too small to show.",
    )
    numerator_unlisted = serializers.IntegerField(allow_null=True, help_text="The same of the numerator.")


class PublishedSizeAnswer(serializers.Serializer):
    """A number that somebody published, with what it counted."""

    date_text = serializers.CharField(help_text="As the source has it.")
    members = serializers.IntegerField(allow_null=True)
    countries = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField(help_text="What was counted.")
    source = serializers.CharField()  # type: ignore[assignment]


class FigurePointAnswer(serializers.Serializer):
    """A figure on one day of a series."""

    as_of = serializers.DateField()
    rows = FigureCellAnswer(many=True)
    total = FigureCellAnswer()


class FigureAnswer(serializers.Serializer):
    """A figure on a day, and on the days of the series that was asked for."""

    code = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(UNITS)
    source = serializers.CharField()  # type: ignore[assignment]
    dimensions = serializers.ListField(child=serializers.CharField())
    by = serializers.ListField(child=serializers.CharField())
    as_of = serializers.DateField()
    rows = FigureCellAnswer(many=True, help_text="One for each combination of `by`; empty without it.")
    total = FigureCellAnswer()
    points = FigurePointAnswer(many=True, help_text="One for each day of the series; empty without `from`.")
    published = PublishedSizeAnswer(many=True, help_text="What others published; never mixed with the value.")


class FigureParams(Body):
    """How a figure is cut, of which day, and of which days besides: `from`, then every step, none after `to`."""

    by = serializers.RegexField(
        r"^[a-z_]+(,[a-z_]+)*$", required=False, max_length=100, help_text="Dimensions, separated by commas."
    )
    valid_on = Day(required=False, help_text="As of this day; today when left out.")
    locals()["from"] = Day(required=False, source="since", help_text="First day of a series.")
    to = Day(required=False, help_text="No point of the series lies after this day; `valid_on` when left out.")
    step = serializers.ChoiceField(list(STEPS), default="month", help_text="From one point to the next.")


class FigureViews(ResourceViews):
    """Figures with their definition, their day and the rows behind them."""

    resource = "figures"
    tag = "Figures"
    row = FigureRow

    @query(path="", answer=FigureRow, answer_many=True, summary="List the figures")
    def list(self, call: Call) -> Sequence[dict[str, Any]]:
        """Those that the caller may read; the figures of public facts need no login."""
        return [_described(figure) for figure in readable(call.scope)]

    @query(
        path="<slug:code>",
        params=FigureParams,
        answer=FigureAnswer,
        summary="Read a figure, on a day or over time",
        errors=(404,),
    )
    def read(self, call: Call) -> dict[str, Any]:
        """Cut by its dimensions, as of a day; with `from` each point of a series is what reading that day gives.

        Readers of totals get no cell under five and no rows.
        """
        since, by = call.data.get("since"), call.data.get("by")
        if since is None and "to" in call.data:
            raise Invalid.at("?from", "required", "Say when the series begins.")
        cut = by.split(",") if by else []

        asked: dict[str, Any] = {"scope": call.scope, "by": cut, "today": clock.today()}
        answer = _shown(read(call.url["code"], on=call.on, **asked))
        if since is not None:
            days = days_of(since, call.data.get("to", call.on), months=STEPS[call.data["step"]])
            points = map(_shown, series(call.url["code"], days=days, **asked))
            answer["points"] = [{name: point[name] for name in POINT} for point in points]
        return answer


def _described(figure: Figure) -> dict[str, Any]:
    return {
        "code": figure.code,
        "url": f"{API_PREFIX}figures/{figure.code}/",
        "name": said(figure.name),
        "definition": said(figure.definition),
        "unit": figure.unit,
        "dimensions": list(figure.dimensions),
        "source": said(figure.source),
        "is_public": figure.is_public,
    }


def _shown(reading: Reading) -> dict[str, Any]:
    figure = reading.figure
    definition = said(figure.definition)

    def cell(shown: Cell) -> dict[str, Any]:
        value = float(shown.value) if isinstance(shown.value, Decimal) else shown.value
        return {**asdict(shown), "value": value, "definition": definition, "as_of": reading.as_of}

    return {
        "code": figure.code,
        "name": said(figure.name),
        "definition": said(figure.definition),
        "unit": figure.unit,
        "source": said(figure.source),
        "dimensions": list(figure.dimensions),
        "by": list(reading.by),
        "as_of": reading.as_of,
        "rows": [cell(shown) for shown in reading.cells],
        "total": cell(reading.total),
        "points": [],
        "published": published(figure),
    }
