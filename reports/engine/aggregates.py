"""The SELECT of the figures of one fact. Three shapes of it, measured on 300,000 conversations of a year (bench/reports.py):

- counts, of rows and of different values: straight from the table or the tally; different values are sorted, which is twice as
  quick as a hash table of them, and beside times they are counted by a statement of their own, or the sort would carry those along;
- times: the values are worked out once, below an OFFSET 0, for PostgreSQL would write the expression out at every aggregate;
- one time parted by something: an array of values for each part, since an ordered aggregate would sort all rows by the part first.
"""

from collections.abc import Sequence

from reports.engine.facts import Metric, Sort

PERCENTILES = "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {value})"


class Aggregates:
    """What is computed of some metrics of one fact: a count takes one cell of a row, a mean three."""

    def __init__(self, metrics: Sequence[Metric], values: Sequence[str], *, has_percentiles: bool) -> None:
        """values: the SQL of one row's value, by metric; empty for counts."""
        self._metrics = metrics
        self._values = values
        self._has_percentiles = has_percentiles

    def select(self, keys: Sequence[str], source: str) -> str:
        """Return the SELECT from `source`, which is the text after FROM with its WHERE."""
        means = [metric for metric in self._metrics if metric.sort is Sort.MEAN]
        if not means:
            counts = [_count(metric, value) for metric, value in zip(self._metrics, self._values, strict=True)]
            return _grouped([*keys, *counts], source, len(keys))
        inner = f"(SELECT {', '.join(self._columns(keys))} FROM {source} OFFSET 0) i"  # noqa: S608 - texts of the catalogue
        names = [f"k{number}" for number in range(len(keys))]
        if self._has_percentiles and len(means) == 1 and keys:
            return self._by_arrays(names, inner)
        cells = [cell for number in range(len(self._metrics)) for cell in self._cells(number)]
        return _grouped([*names, *cells], inner, len(keys))

    def _columns(self, keys: Sequence[str]) -> list[str]:
        """Return what the inner SELECT gives of each row: keys, and of each metric its value or whether it counts."""
        columns = [f"{key} AS k{number}" for number, key in enumerate(keys)]
        for number, (metric, value) in enumerate(zip(self._metrics, self._values, strict=True)):
            if metric.sort is Sort.COUNT:
                columns.append(f"({metric.condition or 'true'}) AS v{number}")
            else:
                columns.append(f"{_only(metric, value)} AS v{number}")
            if metric.ratio:
                above, below = metric.ratio
                columns += [f"{_only(metric, above)} AS a{number}", f"{_only(metric, below)} AS b{number}"]
        return columns

    def _cells(self, number: int) -> list[str]:
        metric = self._metrics[number]
        if metric.sort is Sort.COUNT:
            return [f"count(*) FILTER (WHERE v{number})"]
        percentiles = PERCENTILES.format(value=f"v{number}") if self._has_percentiles else "NULL::float8[]"
        return [self._mean(number), f"count(v{number})", percentiles]

    def _mean(self, number: int) -> str:
        if self._metrics[number].ratio:
            return f"sum(a{number})::float8 / nullif(sum(b{number}), 0)"
        return f"avg(v{number})"

    def _by_arrays(self, names: Sequence[str], inner: str) -> str:
        at = next(number for number, metric in enumerate(self._metrics) if metric.sort is Sort.MEAN)
        others = {number: cell for number in range(len(self._metrics)) if number != at for cell in self._cells(number)}
        grouped = _grouped(
            [
                *names,
                *(f"{cell} AS o{number}" for number, cell in others.items()),
                f"{self._mean(at)} AS mean",
                f"array_agg(v{at}) FILTER (WHERE v{at} IS NOT NULL) AS spread",
            ],
            inner,
            len(names),
        )
        percentiles = f"(SELECT {PERCENTILES.format(value='x')} FROM unnest(spread) x)"  # noqa: S608 - texts of the catalogue
        cells: list[str] = []
        for number in range(len(self._metrics)):
            cells += ["mean", "coalesce(cardinality(spread), 0)", percentiles] if number == at else [f"o{number}"]
        return f"SELECT {', '.join([*names, *cells])} FROM ({grouped}) g"  # noqa: S608 - the same


def _grouped(cells: Sequence[str], source: str, keys: int) -> str:
    select = f"SELECT {', '.join(cells)} FROM {source}"  # noqa: S608 - texts of the catalogue
    return f"{select} GROUP BY {', '.join(str(number + 1) for number in range(keys))}" if keys else select


def _count(metric: Metric, value: str) -> str:
    what = f"count(DISTINCT {value})" if metric.sort is Sort.DISTINCT else "count(*)"
    return f"{what} FILTER (WHERE {metric.condition})" if metric.condition else what


def _only(metric: Metric, value: str) -> str:
    return f"CASE WHEN {metric.condition} THEN {value} END" if metric.condition else value


def tallied(metrics: Sequence[Metric], alias: str, keys: Sequence[str], source: str) -> str:
    """Return the SELECT of counts from a tally, whose rows stand for `n` each."""
    sums = [
        f"coalesce(sum({alias}.n){f' FILTER (WHERE {metric.condition})' if metric.condition else ''}, 0)::bigint"
        for metric in metrics
    ]
    return _grouped([*keys, *sums], source, len(keys))
