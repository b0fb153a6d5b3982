"""Columns that several data sets share. Each names the SQL alias that its source must offer."""

from typing import cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind


def channel_columns(alias: str, *, of: Promise | str, may_be_empty: bool = True) -> tuple[Column, Column, Column]:
    """Return medium, channel and channel display name of an alias that has what CHANNELS has; `of` says whose channel it is."""
    return (
        Column(
            key="medium",
            header="Medium",
            header_es="Medio",
            kind=Kind.ENUM,
            enum="medium",
            sql=f"{alias}.medium",
            meaning=lazy_sentence(_("Network of %(channel)s."), channel=of),
            example="email",
            may_be_empty=may_be_empty,
        ),
        Column(
            key="channel",
            header="Channel",
            header_es="Canal",
            kind=Kind.STRING,
            sql=f"{alias}.account",
            meaning=lazy_sentence(
                _("Account on the network of %(channel)s: number, address, page or handle."), channel=of
            ),
            example="hola@example.com",
            may_hold_phone=True,
            may_be_empty=may_be_empty,
        ),
        Column(
            key="channel_display_name",
            header="Channel Display Name",
            header_es="Nombre para mostrar del canal",
            kind=Kind.STRING,
            sql=f"{alias}.name",
            meaning=lazy_sentence(_("Name that %(channel)s has in this workspace."), channel=of),
            example="Shop line",
            may_be_empty=may_be_empty,
        ),
    )


def _sentence(text: Promise | str, names: dict[str, Promise | str]) -> str:
    return str(text) % {name: str(value) for name, value in names.items()}


def lazy_sentence(text: Promise | str, **names: Promise | str) -> Promise:
    """Return a sentence that is put together in the language of whoever reads it."""
    return cast("Promise", lazy(_sentence, str)(text, names))
