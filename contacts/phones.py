"""Telephone numbers as people write them, and as they are compared.

A number is accepted when its calling code exists and its length is possible there. Being assigned is not asked for:
the numbering plans in the library lag behind the operators, and the ranges kept for examples (+44 7700 900…) are
assigned to nobody, while a refused contact is lost to the person who imports it. Numbers of fewer than seven
national digits must be assigned as well, or every room number would pass.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

SHORTEST_UNASSIGNED = 7
LONGEST_TEXT = 64

_SEPARATORS = str.maketrans("", "", " -.()/\u00a0\u202f")
_COMPACT = re.compile(r"\+?[0-9]{4,20}").fullmatch
_SCHEME = re.compile(r"(?:tel|whatsapp):", re.IGNORECASE).match
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_MEXICAN_MOBILE = re.compile(r"1[0-9]{10}").fullmatch
_MEXICAN_TRUNK = re.compile(r"(?:044|045|01)([0-9]{10})").fullmatch
_BRAZILIAN_MOBILE = re.compile(r"\+55([0-9]{2})9([6-9][0-9]{7})").fullmatch
_FOLDED_CODES = frozenset({"52", "54", "55"})


@dataclass(frozen=True, slots=True)
class Phone:
    given: str  # what the person wrote, trimmed
    e164: str  # as it is dialled: +34600123456
    match_key: str  # what two ways of writing the same line have in common


def parse_phone(text: str, *, country: str | None) -> Phone | None:
    """Read one number; `country` (ISO 3166-1 alpha-2) is where a number without its calling code belongs."""
    given = text.strip()
    e164 = _read_slowly(given, country)
    return None if e164 is None else Phone(given, e164, match_key(e164))


def match_key(e164: str) -> str:
    """Fold the forms under which Mexico, Argentina and Brazil write one and the same mobile line."""
    code = e164[1:3]
    if code not in _FOLDED_CODES:
        return e164
    if code == "52" and len(e164) == 14 and e164[3] == "1":
        return f"+52{e164[4:]}"
    if code == "54" and len(e164) == 14 and e164[3] == "9":
        return f"+54{e164[4:]}"
    if code == "55" and (mobile := _BRAZILIAN_MOBILE(e164)):
        # Landlines begin with 2 to 5, so a mobile without its ninth digit is never taken for one.
        return f"+55{mobile[1]}{mobile[2]}"
    return e164


def country_of(e164: str) -> str | None:
    """Tell the ISO region of a number; None where several regions share the code and the number is in no plan."""
    digits = e164[1:]
    for size in (1, 2, 3):
        regions = (
            phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:size])) if digits[:size].isdecimal() else None
        )
        if not regions:
            continue
        if len(regions) == 1:
            return None if regions[0] == "001" else regions[0]
        try:
            region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(e164, None))
        except NumberParseException:
            return None
        return region
    return None


class PhoneReader:
    """Reads many numbers for one default country, ten times as fast as the library and with the same answers.

    It settles alone only what follows from a numbering plan's lengths and trunk prefix, and hands the rest on.
    """

    __slots__ = ("_country", "_home")

    def __init__(self, country: str | None) -> None:
        self._country = country
        self._home = _home_plan(country) if country else None

    def read(self, text: str) -> Phone | None:
        given = text.strip()
        compact = given.translate(_SEPARATORS)
        if not _COMPACT(compact) or given.endswith(".0") or len(given) > LONGEST_TEXT:
            return parse_phone(given, country=self._country)
        if compact[0] == "+":
            e164 = _international(compact)
        elif self._home is not None:
            e164 = self._home.read(compact)
        else:
            e164 = None
        if e164 is None:
            return parse_phone(given, country=self._country)
        return Phone(given, e164, match_key(e164) if e164[1:3] in _FOLDED_CODES else e164)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the library knows of one region's numbers, as far as the quick way needs it."""

    lengths: frozenset[int]
    longest: int
    trunk: Callable[[str], re.Match[str] | None] | None
    rewrites: bool
    is_national: Callable[[str], re.Match[str] | None]

    def keeps(self, national: str) -> bool:
        """Tell whether the library would leave this national number as it stands."""
        if len(national) not in self.lengths:
            return False
        prefix = self.trunk(national) if self.trunk else None
        return prefix is None or not prefix.end()


@dataclass(frozen=True, slots=True)
class _HomePlan:
    code: str
    own: _Plan
    shared: _Plan  # of the calling code's main region, which judges the length in the end
    dial_out: Callable[[str], re.Match[str] | None]

    def read(self, digits: str) -> str | None:
        if abroad := self.dial_out(digits):
            rest = digits[abroad.end() :]
            return _international(f"+{rest}") if rest and rest[0] != "0" else None
        if digits.startswith(self.code):
            # The code may be there without its plus; sure only when the whole is too long to be a national number.
            rest = digits[len(self.code) :]
            is_sure = len(digits) > self.own.longest and self.own.keeps(rest) and self.shared.keeps(rest)
            return f"+{digits}" if is_sure else None
        national = self._without_trunk(digits)
        if national is None or len(national) not in self.own.lengths or len(national) not in self.shared.lengths:
            return None
        return f"+{self.code}{national}"

    def _without_trunk(self, digits: str) -> str | None:
        prefix = self.own.trunk(digits) if self.own.trunk else None
        if prefix is None or not prefix.end():
            return digits
        if self.own.rewrites and prefix.groups()[-1] is not None:
            return None
        national = digits[prefix.end() :]
        return national if self.own.is_national(national) else None


@cache
def _plan(code: int, region: str) -> _Plan | None:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    general = metadata.general_desc if metadata else None
    if metadata is None or general is None or general.national_number_pattern is None:
        return None
    trunk = metadata.national_prefix_for_parsing
    return _Plan(
        lengths=frozenset(length for length in general.possible_length if length >= SHORTEST_UNASSIGNED),
        longest=max((*general.possible_length, *general.possible_length_local_only)),
        trunk=re.compile(trunk).match if trunk else None,
        rewrites=bool(metadata.national_prefix_transform_rule),
        is_national=re.compile(general.national_number_pattern).fullmatch,
    )


@cache
def _plan_of_code(code: str) -> _Plan | None:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    return _plan(int(code), regions[0]) if regions else None


@cache
def _home_plan(country: str) -> _HomePlan | None:
    region = country.upper()
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return None
    own, shared = _plan(metadata.country_code, region), _plan_of_code(str(metadata.country_code))
    if own is None or shared is None:
        return None
    dial_out = re.compile(metadata.international_prefix or r"(?!)").match
    return _HomePlan(str(metadata.country_code), own, shared, dial_out)


def _international(number: str) -> str | None:
    if number[1] == "0":
        return None
    for end in (2, 3, 4):
        plan = _plan_of_code(number[1:end])
        if plan is not None:
            return number if plan.keeps(number[end:]) else None
    return None


def _read_slowly(given: str, country: str | None) -> str | None:
    compact = _compact(given)
    if compact is None:
        return None
    e164 = _judge(compact, country)
    if e164 is None and compact.startswith("00"):
        e164 = _judge(f"+{compact[2:]}", None)
    if e164 is None and _TRUNK_ZERO.search(given):
        without_zero = _compact(_TRUNK_ZERO.sub("", given, count=1))
        e164 = None if without_zero is None else _judge(without_zero, country)
    return e164


def _compact(given: str) -> str | None:
    """Reduce what was written to digits with an optional plus; anything that is neither digit nor separator refuses."""
    if len(given) > LONGEST_TEXT or given.endswith(".0"):  # a spreadsheet's float, whose zero is not part of the number
        return None
    text = unicodedata.normalize("NFKC", given)
    if scheme := _SCHEME(text):
        text = text[scheme.end() :]
    compact = "".join(_plain(character) for character in text).translate(_SEPARATORS)
    return compact if _COMPACT(compact) else None


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind in {"Pd", "Zs", "Cf"} or character in "\t\u2212":  # dashes, spaces, invisible marks of direction, minus
        return " "
    return character


def _judge(compact: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(compact, country)
    except NumberParseException:
        return None
    national = phonenumbers.national_significant_number(number)
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.IS_POSSIBLE:
        if len(national) < SHORTEST_UNASSIGNED and not phonenumbers.is_valid_number(number):
            return None
        e164: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return e164
    return _former_mexican(number, national)


def _former_mexican(number: PhoneNumber, national: str) -> str | None:
    """Accept what Mexico dialled until 2020; messengers still write +52 1 before its mobiles."""
    if number.country_code != 52:
        return None
    if _MEXICAN_MOBILE(national):
        return f"+52{national}"
    trunk = _MEXICAN_TRUNK(national)
    return f"+52{trunk[1]}" if trunk else None
