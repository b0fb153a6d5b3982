from imports.actions.cancelling import cancel_import
from imports.actions.committing import commit_import, write_import
from imports.actions.mapping import ColumnChoice, NewField, back_to_mapping, save_mapping
from imports.actions.starting import DEFAULT_MATCHING, ImportRequest, change_reading, start_import
from imports.actions.sweeping import sweep_imports
from imports.actions.undoing import revert_import, undo_import
from imports.actions.validating import validate_import

__all__ = [
    "ACTIONS_WITHOUT_EVENT",
    "DEFAULT_MATCHING",
    "ColumnChoice",
    "ImportRequest",
    "NewField",
    "back_to_mapping",
    "cancel_import",
    "change_reading",
    "commit_import",
    "revert_import",
    "save_mapping",
    "start_import",
    "sweep_imports",
    "undo_import",
    "validate_import",
    "write_import",
]

# What changes only how an import stands on its way to a review is told by its row; the contacts come later.
ACTIONS_WITHOUT_EVENT = {
    "back_to_mapping": "nothing is decided yet",
    "save_mapping": "nothing is decided yet; a field that it creates is told by add_contact_field",
    "validate_import": "writes nothing but the plan",
}
