"""Countries: ISO 3166-1 alpha-2 codes with their English and Spanish names."""

from functools import cache

from contacts.values import folded
from workspaces.countries import TABLE as _TABLE


@cache
def _names() -> dict[str, tuple[str, str]]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {row[0]: (row[1], row[2]) for row in rows}


@cache
def _codes() -> dict[str, str]:
    """Give every code and name, folded, with its code; codes come last, so that no name can hide one."""
    codes = {}
    for line in _TABLE.strip().splitlines():
        code, english, spanish, *others = line.split("|")
        for name in (english, spanish, *("/".join(others)).split("/")):
            codes[folded(name)] = code
    codes.pop("", None)
    codes.update({code.lower(): code for code in _names()})
    return codes


def country_code(text: str) -> str | None:
    """Read a code or a name, in English or Spanish, whatever its case and accents."""
    return _codes().get(folded(text))


def country_name(code: str, *, language: str) -> str:
    """Name a country; an unknown code is shown as it is."""
    names = _names().get(code)
    return code if names is None else names[language.startswith("es")]


def country_choices(language: str) -> list[tuple[str, str]]:
    """List codes with names in the order in which a reader of that language looks for them."""
    named = [(code, country_name(code, language=language)) for code in _names()]
    return sorted(named, key=lambda choice: folded(choice[1]))
