"""Columns of the people on both sides of a row: the agent, and the contact with the address they used."""

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.parts import lazy_sentence

SPANISH_ID = "ID de perfil de contacto"


def agent_columns(
    key: str, *, header: str, header_es: str, number: str, alias: str, of: Promise | str
) -> tuple[Column, Column, Column]:
    """Return id, name and reference of an agent.

    number: SQL of the id. alias: a join that has what `parts.PEOPLE` has. of: which agent, with the article.
    """
    return (
        Column(
            key=f"{key}_id",
            header=f"{header} ID",
            header_es=f"ID del {header_es}",
            kind=Kind.ID,
            sql=number,
            meaning=lazy_sentence(_("Id of %(agent)s; empty when no person did it."), agent=of),
            example="41",
            may_be_empty=True,
        ),
        Column(
            key=f"{key}_name",
            header=f"{header} Name",
            header_es=f"Nombre del {header_es}",
            kind=Kind.STRING,
            sql=f"{alias}.name",
            meaning=lazy_sentence(_("Name that %(agent)s has when the file is made."), agent=of),
            example="Ana Ruiz",
            may_be_empty=True,
        ),
        Column(
            key=f"{key}_reference",
            header=f"{header} Reference",
            header_es=f"Referencia del {header_es}",
            kind=Kind.STRING,
            sql=f"{alias}.reference",
            meaning=lazy_sentence(
                _("The company's own reference kept for %(agent)s; empty when none is stored."), agent=of
            ),
            example="E-041",
            may_be_empty=True,
        ),
    )


def contact_columns(*, number: str, first: str, second: str, of: Promise | str) -> tuple[Column, Column, Column]:
    """Return the contact's id and both identifiers, each by its SQL; `of` says which address is meant."""
    return (
        Column(
            key="contact_profile_id",
            header="Contact Profile ID",
            header_es=SPANISH_ID,
            kind=Kind.ID,
            sql=number,
            meaning=_("The contact's id: the same number in every data set. It stays when the contact is deleted."),
            example="5021",
        ),
        *identifier_columns("contact_", header="Contact ", first=first, second=second, of=of),
    )


def identifier_columns(key: str, *, header: str, first: str, second: str, of: Promise | str) -> tuple[Column, Column]:
    """Return primary and secondary identifier; key and header are what stands before the words."""
    primary = Column(
        key=f"{key}primary_identifier",
        header=f"{header}Primary Identifier",
        header_es="Identificador principal" + (" de contacto" if key else ""),
        kind=Kind.STRING,
        sql=first,
        meaning=lazy_sentence(
            _("Number, address or handle of %(identity)s; on a web chat, the name that was given there."), identity=of
        ),
        example="cleo@example.com",
        may_be_empty=True,
        may_hold_phone=True,
    )
    secondary = replace(
        primary,
        key=f"{key}secondary_identifier",
        header=f"{header}Secondary Identifier",
        header_es="Identificador secundario" + (" de contacto" if key else ""),
        sql=second,
        meaning=lazy_sentence(
            _("Name that came with %(identity)s; empty when there is no other than the first identifier."), identity=of
        ),
        example="Cleo Marín",
    )
    return primary, secondary


def required(*columns: Column) -> tuple[Column, ...]:
    """Return columns as they are where they are never empty."""
    return tuple(replace(column, may_be_empty=False) for column in columns)
