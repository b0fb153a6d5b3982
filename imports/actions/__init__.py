from imports.actions.cancelling import cancel_import
from imports.actions.committing import commit_import, write_import
from imports.actions.mapping import ColumnChoice, NewField, back_to_mapping, save_mapping
from imports.actions.starting import DEFAULT_MATCHING, ImportRequest, change_reading, start_import
from imports.actions.sweeping import sweep_imports
from imports.actions.validating import validate_import

__all__ = [
    "DEFAULT_MATCHING",
    "ColumnChoice",
    "ImportRequest",
    "NewField",
    "back_to_mapping",
    "cancel_import",
    "change_reading",
    "commit_import",
    "save_mapping",
    "start_import",
    "sweep_imports",
    "validate_import",
    "write_import",
]
