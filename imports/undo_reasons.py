"""Why taking an import back left something as it is, in the person's language. The codes are the public API's."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

REASON_TEXTS: dict[str, Promise] = {
    "touched_since": _("The contact was changed after the import, so it stays."),
    "talked_with": _("There were messages with the contact, so it stays."),
    "already_deleted": _("The contact was deleted after the import."),
    "merged": _("The contact was merged into another one after the import."),
    "value_changed_since": _("The value was changed after the import, so it stays."),
    "field_gone": _("The custom field was deleted after the import."),
    "stage_gone": _("The lifecycle stage from before was deleted after the import."),
    "tag_set_since": _("The tag was taken off and put on again after the import, so it stays."),
    "tag_gone": _("The tag that the import took off was deleted after it."),
}


def undo_reason_text(code: str) -> str:
    """Say why something could not be taken back."""
    text = REASON_TEXTS.get(code)
    return str(text) if text is not None else _now("It could not be taken back.")
