"""Rules for single values that several actions share; each raises ValueNotValid with a sentence that says how to mend it."""

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workspaces import countries
from workspaces.errors import ValueNotValid
from workspaces.permissions import RESTRICTIONS_OF, Restriction, Role


def text_of(value: str, *, field: str, most: int, may_be_empty: bool = False) -> str:
    """Return the text on one line, without blanks around it, once its length is right."""
    text = " ".join(value.split())
    if "\0" in text:
        raise ValueNotValid(field=field, sentence=_("A text cannot hold the character NUL. Remove it."))
    if not text and not may_be_empty:
        raise ValueNotValid(field=field, sentence=_("This cannot be empty."))
    if len(text) > most:
        sentence = ngettext("At most %(most)s character fits here.", "At most %(most)s characters fit here.", most)
        raise ValueNotValid(field=field, sentence=sentence % {"most": most})
    return text


def language_code(value: str, *, may_be_empty: bool = False) -> str:
    """Return the code of a language that the product speaks."""
    if value in dict(settings.LANGUAGES) or (may_be_empty and not value):
        return value
    raise ValueNotValid(field="language", sentence=_("Choose one of the languages in the list."))


def time_zone_name(value: str) -> str:
    """Return the name of a zone of the IANA database."""
    if value not in time_zones():
        raise ValueNotValid(
            field="time_zone", sentence=_("Choose a time zone from the list, for example Europe/Madrid.")
        )
    return value


@cache
def time_zones() -> frozenset[str]:
    """Return the names of every zone."""
    # It reads every file of the database, each time it is asked. "localtime" is the machine's own, and PostgreSQL has none.
    return frozenset(available_timezones() - {"localtime"})


def country_code(value: str) -> str:
    """Return an ISO 3166 code in capitals, or '' for none."""
    code = value.strip().upper()
    if code and code not in countries.codes():
        raise ValueNotValid(field="default_country", sentence=_("Write a country as two letters, for example ES."))
    return code


def role_of(value: str) -> Role:
    """Return the role that a text names."""
    if value not in set(Role):
        raise ValueNotValid(field="role", sentence=_("Choose owner, manager or agent."))
    return Role(value)


def restrictions_of(values: Iterable[str], *, role: Role) -> list[str]:
    """Return the restrictions in their own order, once each of them means something for the role."""
    wanted = set(values)
    known = {restriction.value for restriction in RESTRICTIONS_OF[role]}
    if not wanted <= known:
        sentence = _("The restriction “%(restriction)s” does not fit this role.")
        raise ValueNotValid(field="restrictions", sentence=sentence % {"restriction": min(wanted - known)})
    return [restriction.value for restriction in Restriction if restriction.value in wanted]
