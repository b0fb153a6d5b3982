import random
from collections.abc import Iterator
from itertools import product

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata

from contacts.phones import PhoneReader, country_of, match_key, parse_phone


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("+34 600 12 34 56", None, "+34600123456"),
        ("600.12.34.56", "ES", "+34600123456"),
        ("0034600123456", "ES", "+34600123456"),
        ("0034600123456", None, "+34600123456"),
        ("0034600123456", "US", "+34600123456"),
        ("34600123456", "ES", "+34600123456"),
        ("+34 (0) 600 123 456", None, "+34600123456"),
        ("+44 (0) 20 7946 0018", None, "+442079460018"),
        ("tel:+34-600-123-456", None, "+34600123456"),
        ("whatsapp:+34600123456", None, "+34600123456"),
        ("\u202a+34\u00a0600\u2011123\u2013456\u202c", None, "+34600123456"),
        ("+34600123456", None, "+34600123456"),
        ("٦٠٠١٢٣٤٥٦", "ES", "+34600123456"),
        ("0101-010101", "MY", "+60101010101"),
        ("(415) 555-0182", "US", "+14155550182"),
        ("+1 415 555 0182", None, "+14155550182"),
        ("+44 7700 900 142", None, "+447700900142"),
        ("011 15 2345-6789", "AR", "+5491123456789"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("+52 1 55 1234 5678", None, "+5215512345678"),
        ("+39 06 698 12345", None, "+390669812345"),
        ("+800 1234 5678", None, "+80012345678"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, country: str | None, e164: str) -> None:
    phone = parse_phone(f" {text} ", country=country)
    assert phone is not None
    assert (phone.given, phone.e164) == (text, e164)
    assert PhoneReader(country).read(f" {text} ") == phone


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("96-CALL-ME", "ES"),
        ("", "ES"),
        ("+", "ES"),
        ("600123456", None),
        ("555-0182", "US"),  # without its area code
        ("+34 600 123 456 ext 5", None),
        ("+34 600 123 456 / 600 123 457", None),
        ("600123456.0", "DE"),
        ("6.00123E+08", "ES"),
        ("12345", "DE"),
        ("+999 600 123 456", None),
        ("+34 12", None),
        ("34+600123456", "ES"),
        ("+34600123456;600123457", None),
        ("ana@example.com", "ES"),
        ("6" * 10_000, "ES"),
        ("²²²²²²²²²x", "ES"),
    ],
)
def test_what_is_no_number_is_refused(text: str, country: str | None) -> None:
    assert parse_phone(text, country=country) is None
    assert PhoneReader(country).read(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5215512345678", "+525512345678"),
        ("+5491123456789", "+541123456789"),
        ("+5511987654321", "+551187654321"),
        ("+5521999998888", "+552199998888"),
    ],
)
def test_two_forms_of_one_mobile_have_the_same_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other) == other


@pytest.mark.parametrize("e164", ["+551123456789", "+5511923456789", "+34600123456", "+525512345678", "+5511", "+5"])
def test_other_numbers_are_their_own_key(e164: str) -> None:
    assert match_key(e164) == e164


@pytest.mark.parametrize(
    ("e164", "country"),
    [
        ("+34600123456", "ES"),
        ("+14155550182", "US"),
        ("+16135550182", "CA"),
        ("+77011234567", "KZ"),
        ("+80012345678", None),
        ("+447700900142", None),
        ("+999123", None),
        ("+", None),
        ("", None),
        ("+12", None),
    ],
)
def test_the_country_of_a_number(e164: str, country: str | None) -> None:
    assert country_of(e164) == country


def test_the_quick_reader_never_disagrees_with_the_library(*, is_long: bool) -> None:
    readers: dict[str | None, PhoneReader] = {}
    countries, read, compared = set(), 0, 0
    for text, country in _numbers(per_region=640 if is_long else 128):
        reader = readers.setdefault(country, PhoneReader(country))
        expected = parse_phone(text, country=country)
        assert reader.read(text) == expected, (text, country)
        compared += 1
        read += expected is not None
        countries.add(country)
    assert compared >= (100_000 if is_long else 20_000)
    assert len(countries) >= 40
    assert read > compared / 3  # neither all good nor all bad


COMPARED = [
    "ES",
    "US",
    "GB",
    "MX",
    "AR",
    "BR",
    "DE",
    "FR",
    "IT",
    "MY",
    "IN",
    "RU",
    "KZ",
    "CN",
    "JP",
    "KR",
    "AU",
    "CA",
    "CL",
    "CO",
    "PE",
    "UY",
    "FI",
    "SI",
    "BB",
    "GG",
    "SM",
    "VA",
    "CI",
    "HU",
    "LT",
    "BY",
    "ZA",
    "NG",
    "KE",
    "EG",
    "TR",
    "SA",
    "ID",
    "TH",
    "PH",
    "VN",
    "SG",
    "HK",
    "IL",
    "PL",
    "PT",
    "SE",
    "NO",
    "DK",
    "IS",
    "AD",
    "NZ",
    "TW",
    "CR",
    "EC",
]


def _numbers(*, per_region: int) -> Iterator[tuple[str, str | None]]:
    """Write true, changed and random numbers of each region in the forms in which people give them."""
    chance = random.Random(20260131)
    for region, start in product(COMPARED, range(0, per_region, 16)):
        metadata = PhoneMetadata.metadata_for_region(region)
        assert metadata is not None
        code, trunk = str(metadata.country_code), metadata.national_prefix or "0"
        kind = start // 16 % 4
        example = phonenumbers.example_number_for_type(region, kind % 3) or phonenumbers.example_number(region)
        assert example is not None
        national = phonenumbers.national_significant_number(example)
        for _ in range(16):
            size = max(4, len(national) + chance.choice((0, 0, 0, 0, -1, 1, 2, -2)))
            digits = "".join(chance.choices("0123456789", k=size))
            digits = chance.choice((national, national[:-4] + digits[:4], national[:2] + digits[2:], digits))
            plus, home = f"+{code}{digits}", region if chance.random() < 0.9 else chance.choice((*COMPARED, None))
            yield plus, None
            yield digits, region
            yield (
                chance.choice(
                    (
                        plus,
                        f"{trunk}{digits}",
                        f"00{code}{digits}",
                        f"011{code}{digits}",
                        f"{code}{digits}",
                        f"+{digits}",
                    )
                ),
                home,
            )
