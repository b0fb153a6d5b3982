"""CSV to Parquet in a process of its own, so that a worker keeps its memory; run as a script, it knows nothing of Django.

Reads on standard input {"source", "target", "columns": [{"name", "type"}]}; type: text, whole, decimal, truth, clock or moment.
Blocks and row groups have a bounded size, so that memory stays flat whatever the file.
"""

import json
import sys
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
from pyarrow import parquet

BLOCK_BYTES = 4 << 20  # a row must fit into one
BLOCKS_IN_A_GROUP = 4
TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "decimal": pa.float64(),
    "truth": pa.bool_(),
    "clock": pa.timestamp("s"),
    "moment": pa.timestamp("s", tz="UTC"),
}


def convert(asked: dict[str, Any]) -> None:
    """Write the CSV file `source` as the Parquet file `target`; its header is replaced by the names given."""
    keys = [str(number) for number in range(len(asked["columns"]))]  # two columns of a workspace could have one name
    types = {key: TYPES[column["type"]] for key, column in zip(keys, asked["columns"], strict=True)}
    schema = pa.schema(
        [pa.field(column["name"], types[key]) for key, column in zip(keys, asked["columns"], strict=True)]
    )
    reader = arrow_csv.open_csv(
        asked["source"],
        read_options=arrow_csv.ReadOptions(column_names=keys, skip_rows=1, block_size=BLOCK_BYTES, use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
        ),
    )
    with parquet.ParquetWriter(asked["target"], schema, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for batch in reader:
            group.append(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            if len(group) == BLOCKS_IN_A_GROUP:
                writer.write_table(pa.Table.from_batches(group))
                group.clear()
        writer.write_table(pa.Table.from_batches(group, schema))


if __name__ == "__main__":
    convert(json.load(sys.stdin))
