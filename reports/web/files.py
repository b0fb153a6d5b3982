"""Tables as CSV files."""

import csv
import io

from django.http import HttpResponse

from contacts.values import guard
from reports.engine.periods import Period
from reports.engine.tables import Table
from reports.web.words import cell_text

BYTE_ORDER_MARK = "\N{BYTE ORDER MARK}"  # spreadsheet programs take the file for UTF-8


def csv_answer(table: Table, period: Period, *, name: str) -> HttpResponse:
    """Return a table as a file, named by report, table and days."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(guard(str(head.title)) for head in table.heads)
    for row in table.rows:
        writer.writerow(cell_text(head.cell, value, period.zone) for head, value in zip(table.heads, row, strict=True))
    answer = HttpResponse(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    file_name = f"{name}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
