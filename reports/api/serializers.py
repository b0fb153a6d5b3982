"""The wire's shapes of reports, as the API document tells them."""

from typing import Any

from rest_framework import serializers

from reports.engine.answers import State

BLOCK_STATES = [state.value for state in State]


class FigureBody(serializers.Serializer[Any]):
    """A value; null when there is nothing to take it of. Lengths are milliseconds."""

    value = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    rows = serializers.IntegerField(help_text="How many rows are behind it.")


class CardBody(FigureBody):
    """A metric over the whole period, and over the preceding one."""

    key = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(["number", "milliseconds"])
    previous = FigureBody()


class PointBody(serializers.Serializer[Any]):
    """A stretch of time: its values by metric, and those of the stretch in the preceding period."""

    to = serializers.DateTimeField()
    values = serializers.DictField(child=serializers.FloatField(allow_null=True))
    medians = serializers.DictField(child=serializers.FloatField(allow_null=True), help_text="Of means.")
    p90s = serializers.DictField(child=serializers.FloatField(allow_null=True), help_text="Of means.")
    previous = serializers.DictField(child=serializers.FloatField(allow_null=True))

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add the member whose name Python keeps for itself."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class ReportColumnBody(serializers.Serializer[Any]):
    """A column of a table."""

    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()


class BlockBody(serializers.Serializer[Any]):
    """What series and tables have in common."""

    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(BLOCK_STATES)
    not_applicable = serializers.ListField(
        child=serializers.CharField(), help_text="Filters that it cannot use, for some of its metrics or for all."
    )


class SeriesBody(BlockBody):
    """Metrics over time."""

    points = PointBody(many=True)


class TableBody(BlockBody):
    """A table; each row is an object by the keys of the columns, names of ids beside them as `<key>_name`."""

    columns = ReportColumnBody(many=True)
    rows = serializers.ListField(child=serializers.DictField())


class DaysBody(serializers.Serializer[Any]):
    """Whole days, both included."""

    to = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add the member whose name Python keeps for itself."""
        return {"from": serializers.DateField(), **super().get_fields()}


class QuestionBody(DaysBody):
    """What was asked: days of the time zone, both included."""

    timezone = serializers.CharField()
    frequency = serializers.ChoiceField(["hour", "day", "week", "month"])
    compared_with = DaysBody()
    in_working_hours = serializers.BooleanField()
    filters = serializers.DictField(child=serializers.ListField(child=serializers.JSONField()))


class LeftOutBody(serializers.Serializer[Any]):
    """A metric that the chosen filters do not apply to."""

    key = serializers.CharField()
    title = serializers.CharField()
    not_applicable = serializers.ListField(child=serializers.CharField())


class LogNameBody(serializers.Serializer[Any]):
    """A log of a report."""

    key = serializers.CharField()
    title = serializers.CharField()


class ReportBody(QuestionBody):
    """A report: figures, series and tables."""

    report = serializers.CharField()
    title = serializers.CharField()
    figures = CardBody(many=True)
    left_out = LeftOutBody(many=True)
    series = SeriesBody(many=True)
    tables = TableBody(many=True)
    logs = LogNameBody(many=True)


class LogBody(QuestionBody):
    """Rows of a log, the latest first, 10,000 at most."""

    log = serializers.CharField()
    title = serializers.CharField()
    columns = ReportColumnBody(many=True)
    items = serializers.ListField(child=serializers.DictField())
    truncated = serializers.BooleanField(help_text="There are more; a data export has all of them.")


class ReportNameBody(serializers.Serializer[Any]):
    """A report, and what can narrow it."""

    key = serializers.CharField()
    title = serializers.CharField()
    filters = serializers.ListField(child=serializers.CharField())
    logs = LogNameBody(many=True)


class ReportsBody(serializers.Serializer[Any]):
    """Every report."""

    items = ReportNameBody(many=True)
