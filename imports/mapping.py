"""Which column of a file is which field of a contact, as far as the header tells."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MappableField(NamedTuple):
    key: str  # the identifier: a standard field's, or a custom field's slug
    name: str | Promise
    synonyms: tuple[str, ...] = ()


# Names in both languages stand among the synonyms, because a file's header does not follow its reader's language.
_SYNONYMS = """
contact_id|contact id|id|id de contacto|id del contacto|identificador|contact number
first_name|first name|given name|forename|name|fname|nombre|nombre de pila|nombres|primer nombre
last_name|last name|surname|family name|lname|apellido|apellidos|primer apellido
full_name|full name|complete name|contact name|customer name|display name|first and last name
full_name|nombre completo|nombre y apellido|nombre y apellidos|nombre del contacto|nombre del cliente
phone|phone|phone number|phone no|telephone|telephone number|tel|mobile|mobile phone|mobile number|contact phone
phone|cell|cell phone|cell number|whatsapp|whatsapp number|whatsapp phone|msisdn
phone|teléfono|número de teléfono|número|teléfono móvil|móvil|número de móvil|celular|número de celular
phone|teléfono celular|número de whatsapp|tfno|tlf
email|email|mail|email address|mail address|contact email
email|correo|correo e|correo electrónico|dirección de correo|dirección de correo electrónico|dirección de email
country|country|country code|country name|país|código de país|código del país|nombre del país
language|language|language code|lang|locale|idioma|lengua|lenguaje|código de idioma|código del idioma
profile_pic|profile pic|profile picture|profile photo|picture|picture url|photo|photo url|avatar|avatar url|image url
profile_pic|foto|foto de perfil|imagen de perfil|url de la foto
tags|tags|tag|contact tags|labels|label|etiquetas|etiqueta|etiquetas del contacto
lifecycle|lifecycle|lifecycle stage|stage|etapa|ciclo de vida|etapa del ciclo de vida
"""


def _synonyms(key: str) -> tuple[str, ...]:
    lines = (line.split("|") for line in _SYNONYMS.strip().splitlines())
    return tuple(word for line in lines if line[0] == key for word in line[1:])


STANDARD_FIELDS: tuple[MappableField, ...] = (
    MappableField("contact_id", _("Contact ID"), _synonyms("contact_id")),
    MappableField("first_name", _("First name"), _synonyms("first_name")),
    MappableField("last_name", _("Last name"), _synonyms("last_name")),
    MappableField("full_name", _("Full name"), _synonyms("full_name")),
    MappableField("phone", _("Phone"), _synonyms("phone")),
    MappableField("email", _("E-mail"), _synonyms("email")),
    MappableField("country", _("Country"), _synonyms("country")),
    MappableField("language", _("Language"), _synonyms("language")),
    MappableField("profile_pic", _("Profile picture"), _synonyms("profile_pic")),
    MappableField("tags", _("Tags"), _synonyms("tags")),
    MappableField("lifecycle", _("Lifecycle stage"), _synonyms("lifecycle")),
)


def suggest(headers: Sequence[str], fields: Iterable[MappableField]) -> list[str | None]:
    """Give each column the key of the field that its header names, or None; a field is given once.

    Keys win over names and names over synonyms, wherever they stand in the file: with both “Mobile” and “Phone” in a
    header, the phone is the column called so. Among equals the first column and the first field win.
    """
    folded_headers = [fold(header) for header in headers]
    chosen: list[str | None] = [None] * len(headers)
    given: set[str] = set()
    for names in _by_strength(fields):
        for column, header in enumerate(folded_headers):
            key = names.get(header)
            if chosen[column] is None and key is not None and key not in given:
                chosen[column] = key
                given.add(key)
    return chosen


def fold(text: str) -> str:
    """Reduce a name to its letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _by_strength(fields: Iterable[MappableField]) -> tuple[dict[str, str], ...]:
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    for field in fields:
        keys.setdefault(fold(field.key), field.key)
        names.setdefault(fold(str(field.name)), field.key)
        for synonym in field.synonyms:
            synonyms.setdefault(fold(synonym), field.key)
    for table in (keys, names, synonyms):
        table.pop("", None)
    return keys, names, synonyms
