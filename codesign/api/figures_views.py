"""The catalogue of figures and their values over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from codesign.figures.catalogue import Cell, Figure, Reading, Unit, days_of, published, read, readable
from registry.kernel import clock
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import API_PREFIX, RowSerializer
from registry.kernel.api.views import ResourceViews, query

STEPS = {"month": 1, "quarter": 3, "year": 12}
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


class PublishedSizeAnswer(serializers.Serializer):
    """A number that somebody published, with what it counted."""

    date_text = serializers.CharField(help_text="As the source has it.")
    members = serializers.IntegerField(allow_null=True)
    countries = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField(help_text="What was counted.")
    source = serializers.CharField()  # type: ignore[assignment]


class FigureAnswer(serializers.Serializer):
    """A figure on a day."""

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
    published = PublishedSizeAnswer(many=True, help_text="What others published; never mixed with the value.")


class FigurePointAnswer(serializers.Serializer):
    """A figure on one day of a series."""

    as_of = serializers.DateField()
    rows = FigureCellAnswer(many=True)
    total = FigureCellAnswer()


class FigureSeriesAnswer(serializers.Serializer):
    """A figure over time."""

    code = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(UNITS)
    by = serializers.ListField(child=serializers.CharField())
    points = FigurePointAnswer(many=True)
    published = PublishedSizeAnswer(many=True, help_text="What others published; never mixed with the values.")


class FigureParams(Body):
    """How a figure is cut, and of which day."""

    by = serializers.RegexField(
        r"^[a-z_]+(,[a-z_]+)*$", required=False, max_length=100, help_text="Dimensions, separated by commas."
    )
    valid_on = Day(required=False, help_text="As of this day; today when left out.")


class SeriesParams(Body):
    """How a series is cut, and of which days: `start`, then every step, none after `end`."""

    by = serializers.RegexField(
        r"^[a-z_]+(,[a-z_]+)*$", required=False, max_length=100, help_text="Dimensions, separated by commas."
    )
    start = Day(help_text="The first day.")
    end = Day(help_text="No point lies after this day.")
    step = serializers.ChoiceField(list(STEPS), default="year", help_text="From one point to the next.")


class FigureViews(ResourceViews):
    """Figures with their definition, their day and the rows behind them."""

    resource = "figures"
    tag = "Figures"
    row = FigureRow

    @query(path="", answer=FigureRow, answer_many=True, summary="List the figures")
    def list(self, call: Call) -> Sequence[dict[str, Any]]:
        """Those that the caller may read; the figures of public facts need no login."""
        return [_described(figure) for figure in readable(call.scope)]

    @query(path="<slug:code>", params=FigureParams, answer=FigureAnswer, summary="Read a figure", errors=(404,))
    def read(self, call: Call) -> dict[str, Any]:
        """Cut by its dimensions, as of a day. Readers of totals get no cell under five and no rows."""
        by = call.data.get("by")
        return _shown(
            read(call.url["code"], scope=call.scope, by=by.split(",") if by else [], on=call.on, today=clock.today())
        )

    @query(
        path="<slug:code>/series",
        params=SeriesParams,
        answer=FigureSeriesAnswer,
        summary="Read a figure over time",
        errors=(404,),
    )
    def series(self, call: Call) -> dict[str, Any]:
        """The same figure on several days, in one request; each point is what reading it on that day gives."""
        by = call.data.get("by")
        days = days_of(call.data["start"], call.data["end"], months=STEPS[call.data["step"]])
        cut = by.split(",") if by else []
        read_on = [read(call.url["code"], scope=call.scope, by=cut, on=day, today=clock.today()) for day in days]
        points = [_shown(reading) for reading in read_on]
        figure = read_on[0].figure
        return {
            "code": figure.code,
            "definition": figure.definition,
            "unit": figure.unit,
            "by": list(read_on[0].by),
            "points": [{name: point[name] for name in ("as_of", "rows", "total")} for point in points],
            "published": published(figure),
        }


def _described(figure: Figure) -> dict[str, Any]:
    return {
        "code": figure.code,
        "url": f"{API_PREFIX}figures/{figure.code}/",
        "name": figure.name,
        "definition": figure.definition,
        "unit": figure.unit,
        "dimensions": list(figure.dimensions),
        "source": figure.source,
        "is_public": figure.is_public,
    }


def _shown(reading: Reading) -> dict[str, Any]:
    figure = reading.figure

    def cell(shown: Cell) -> dict[str, Any]:
        value = float(shown.value) if isinstance(shown.value, Decimal) else shown.value
        return {**asdict(shown), "value": value, "definition": figure.definition, "as_of": reading.as_of}

    return {
        "code": figure.code,
        "name": figure.name,
        "definition": figure.definition,
        "unit": figure.unit,
        "source": figure.source,
        "dimensions": list(figure.dimensions),
        "by": list(reading.by),
        "as_of": reading.as_of,
        "rows": [cell(shown) for shown in reading.cells],
        "total": cell(reading.total),
        "published": published(figure),
    }
