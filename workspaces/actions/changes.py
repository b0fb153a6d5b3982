"""What a change changes: said by the row itself, so that an event tells no more than what happened."""

from collections.abc import Mapping

from django.db.models import Model


def put_values(row: Model, values: Mapping[str, object]) -> dict[str, list[object]]:
    """Give a row new values and return, by column, the old and the new one where they differ; the caller saves."""
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    for name, (_old, new) in changes.items():
        setattr(row, name, new)
    return changes
