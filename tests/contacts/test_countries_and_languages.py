import phonenumbers
import pytest

from contacts.countries import country_choices, country_code, country_name
from contacts.languages import language_choices, language_code, language_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ES", "ES"),
        (" es ", "ES"),
        ("España", "ES"),
        ("ESPANA", "ES"),
        ("Spain", "ES"),
        ("México", "MX"),
        ("mexico", "MX"),
        ("Estados Unidos", "US"),
        ("USA", "US"),
        ("EE. UU.", "US"),
        ("Reino Unido", "GB"),
        ("Níger", "NE"),
        ("Nigeria", "NG"),
        ("Corea del Sur", "KR"),
        ("Côte d’Ivoire", "CI"),
        ("Åland Islands", "AX"),
        ("Narnia", None),
        ("XX", None),
        ("", None),
        ("  ", None),
    ],
)
def test_a_country_is_read_from_code_or_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("Español", "es"),
        ("castellano", "es"),
        ("Portugués", "pt"),
        ("Chinese", "zh"),
        ("alemán", "de"),
        ("es-MX", None),
        ("Klingon", None),
        ("", None),
    ],
)
def test_a_language_is_read_from_code_or_name(text: str, code: str | None) -> None:
    assert language_code(text) == code


def test_every_code_and_every_name_is_read_back() -> None:
    for language in ("en", "es"):
        for code, name in country_choices(language):
            assert (country_code(code), country_code(name)) == (code, code)
        for code, name in language_choices(language):
            assert (language_code(code), language_code(name)) == (code, code)


def test_no_country_of_the_numbering_plans_is_missing() -> None:
    known = {code for code, _ in country_choices("en")}
    assert len(known) == 249
    # Ascension and Tristan da Cunha belong to SH, and Kosovo has no code of its own in ISO 3166-1.
    assert phonenumbers.SUPPORTED_REGIONS - known == {"AC", "TA", "XK"}
    assert len(language_choices("en")) == 183


def test_choices_stand_in_the_readers_order() -> None:
    spanish = [name for _, name in country_choices("es")]
    assert spanish.index("Austria") < spanish.index("Azerbaiyán") < spanish.index("Bélgica") < spanish.index("Bolivia")
    assert spanish.index("Islandia") < spanish.index("Islas Åland") < spanish.index("Israel")
    assert country_name("DE", language="es-mx") == "Alemania"
    assert country_name("ZZ", language="en") == "ZZ"
    assert language_name("de", language="en") == "German"
