"""What taking an import back left as it is, as a file to take away."""

import tempfile
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contacts.values import guard
from imports.csv_files import byte_order_mark, write_record
from imports.errors import FileNotReady
from imports.queries import field_names, import_for_page
from imports.undo_queries import Remainder, undo_remainders
from imports.undo_reasons import undo_reason_text
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

LINES_AT_ONCE = 2_000


def what_stayed(remainder: Remainder, names: dict[str, str | Promise]) -> str:
    """Name the field or the tag that stayed as it is; empty where it is the whole contact."""
    if remainder.field == "tags":
        return _("Tag: %(tag)s") % {"tag": remainder.tag or _("a deleted tag")}
    key = {"picture_url": "profile_pic"}.get(remainder.field, remainder.field.removeprefix("custom."))
    return str(names.get(key, key))


def undo_file(actor: Actor, import_id: int, *, is_for_excel: bool) -> tuple[IO[bytes], str]:
    """Return an open file with all that was left as it is, and the name to save it under.

    Opens its own scopes. Raises FileNotReady for an import of which nothing was taken back yet.
    """
    with workspace_scope(actor.workspace_id):
        row = import_for_page(actor, import_id)
        names = field_names(actor)
    if not row.undo_handled:
        raise FileNotReady
    out = tempfile.TemporaryFile(prefix="tertulia-undo-")  # noqa: SIM115 - the answer closes it once it is sent
    try:
        _write(out, actor, import_id, names, is_for_excel=is_for_excel)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    stem = row.file_name.rpartition(".")[0] or row.file_name
    suffix = _("undo")
    return out, f"{stem[:200]}-{suffix}.csv"


def _write(
    out: IO[bytes], actor: Actor, import_id: int, names: dict[str, str | Promise], *, is_for_excel: bool
) -> None:
    if is_for_excel:
        out.write(byte_order_mark("utf-8"))
    out.write(_line(_("Row"), _("Contact ID"), _("Contact"), _("What"), _("Reason"), _("Explanation")))
    after = (0, 0)
    while True:
        with workspace_scope(actor.workspace_id):
            lines = undo_remainders(actor, import_id, after=after, most=LINES_AT_ONCE)
        for line in lines:
            what = what_stayed(line, names) or _("the whole contact")
            explanation = undo_reason_text(line.reason)
            out.write(_line(str(line.row_no), str(line.contact_id), line.name, what, line.reason, explanation))
        if len(lines) < LINES_AT_ONCE:
            return
        after = (lines[-1].row_no, lines[-1].id)


def _line(*cells: str) -> bytes:
    return (write_record(map(guard, cells), delimiter=",") + "\r\n").encode()
