"""Rows by the hundred thousand, without what Django's constructor looks up for each: defaults are read once per model."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def row_of(model: type[Row], **values: object) -> Row:
    """Return a row with the model's defaults and these columns, by their attribute names; it is for writing only."""
    row = model.__new__(model)
    row.__dict__.update(_defaults(model))
    row.__dict__.update(values)
    row.__dict__["_state"] = ModelState()
    return row


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]  # noqa: SLF001 - Django's documented API
    return {field.attname: field.get_default() for field in fields}
