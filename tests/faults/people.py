"""The file of the fault run: every outcome in every chunk, and texts that would show a byte that went wrong."""

import csv
import io
import random
from collections.abc import Iterable

HEADER = ("First name", "Last name", "Phone", "E-mail", "Country", "Tags", "Stage", "City", "Orders", "Member", "Note")
CUSTOM = (("City", "text"), ("Orders", "number"), ("Member", "checkbox"), ("Note", "text"))
FIRST = ("Ada", "Zoë", "José", "Þóra", "Łukasz", "Αθηνά", "Ольга", "שירה", "伟", "さくら", "민준", "Nguyễn")
LAST = ("Marín", "Ó'Neill", "García-Márquez", "李", "Yılmaz", 'O"Brien, jr.', "")
TAGS = ("", "", "vip", "news; b2b", "otoño", "重要; vip")
NOTES = ("", "", "One line\nand another", 'says "later"', "=1+1", "'quoted", "pays; late")
EVERY = 20  # rows in which each kind of row comes once


def a_file(*, rows: int, seed: int = 3) -> bytes:
    """Write the file: of each 20 rows two have errors, two share a phone, and the others add, update or change nothing."""
    return _written(_row(number, random.Random(seed * 1_000_003 + number)) for number in range(rows))


def those_before(*, rows: int, seed: int = 3) -> bytes:
    """Write a file with which the workspace is filled before: some of the rows as they are, some with other values."""
    kept = []
    for number in range(rows):
        row = _row(number, random.Random(seed * 1_000_003 + number))
        if number % EVERY in {3, 4, 5}:  # these will change
            row[0], row[5], row[7] = "Before", "old", "Elsewhere"
            kept.append(row)
        elif number % EVERY in {6, 7}:  # and these stay as they are
            kept.append(row)
    return _written(kept)


def first_rows(content: bytes, rows: int) -> bytes:
    """Return the file without what stands behind its first rows."""
    records = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return _written(records[1 : rows + 1])


def _written(rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue().encode()


def _row(number: int, dice: random.Random) -> list[str]:
    row = [
        dice.choice(FIRST), dice.choice(LAST), f"+346{number:08d}", f"p{number}@example.com" if number % 3 else "", "ES",
        dice.choice(TAGS), dice.choice(("", "", "Customer", "Lead")), dice.choice(("Vigo", "Cuzco", "東京", "")),
        str(dice.randrange(60)), dice.choice(("yes", "no", "")), dice.choice(NOTES),
    ]  # fmt: skip
    kind = number % EVERY
    if kind == 11:
        row[3] = "nobody@"
    elif kind == 12:
        row[8] = "1,5"
    elif kind == 9:  # a tag that nobody has yet, made in the middle of the writing
        row[5] = f"batch {number // 1_000}"
    elif kind == 14:  # the same phone as the row before
        row[2] = f"+346{number - 1:08d}"
    return row
