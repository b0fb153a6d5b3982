"""How large a file may be in each direction, and the refusal of one that is not fit to be imported at all."""

LARGEST_FILE_BYTES = 20 * 1024 * 1024 - 1  # less than 20 MB, strictly
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
LONGEST_LINE = 65_536  # characters of one physical line, checked before the csv module sees it
# No valid record is longer: every cell full, every character a doubled quote, two quotes and a delimiter around each.
LONGEST_RECORD = MOST_COLUMNS * (2 * LONGEST_CELL + 3)
DELIMITERS = (",", ";", "\t", "|")


class CsvRefused(Exception):
    """The file as a whole cannot be imported: a code of the import's rules, and facts that the sentence names.

    Facts: `reason` tells the cases of one code apart, `line` is the physical line from 1, `limit` the rule's figure,
    `name` a header. See `imports.row_errors.FILE_ERROR_TEXTS` for the sentences.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    @property
    def reason(self) -> str:
        return str(self.facts.get("reason", ""))
