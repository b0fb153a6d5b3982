"""CSV files as people have them: what they are, what stands in them, and how a result is written beside it."""

from imports.csv_files.detecting import Detected, detect, sniff
from imports.csv_files.encodings import ENCODINGS
from imports.csv_files.inspecting import Inspection, inspect
from imports.csv_files.limits import (
    DELIMITERS,
    LARGEST_FILE_BYTES,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    CsvRefused,
)
from imports.csv_files.reading import CsvFile, Record, open_csv, read_records
from imports.csv_files.writing import append_cells, byte_order_mark, encode, quote, write_record

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "LARGEST_FILE_BYTES",
    "LONGEST_CELL",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "CsvFile",
    "CsvRefused",
    "Detected",
    "Inspection",
    "Record",
    "append_cells",
    "byte_order_mark",
    "detect",
    "encode",
    "inspect",
    "open_csv",
    "quote",
    "read_records",
    "sniff",
    "write_record",
]
