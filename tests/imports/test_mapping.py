import pytest

from imports.mapping import STANDARD_FIELDS, MappableField, fold, suggest

CUSTOM = (MappableField("company", "Company"), MappableField("nif", "NIF / CIF"), MappableField("mobile_2", "Mobile"))
FIELDS = (*STANDARD_FIELDS, *CUSTOM)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Número de teléfono", "phone"),
        ("NUMERO DE TELEFONO", "phone"),
        ("phone_number", "phone"),
        ("Celular", "phone"),
        ("E-Mail", "email"),
        ("Correo electrónico", "email"),
        ("firstName", "first_name"),
        ("Nombre", "first_name"),
        ("Apellidos", "last_name"),
        ("Nombre y apellidos", "full_name"),
        ("País", "country"),
        ("countryCode", "country"),
        ("Idioma", "language"),
        ("Etiquetas", "tags"),
        ("profilePic", "profile_pic"),
        ("Contact ID", "contact_id"),
        ("Ciclo de vida", "lifecycle"),
        ("company", "company"),
        ("NIF/CIF", "nif"),
        ("Mobile", "mobile_2"),
        ("Mobile number", "phone"),
        ("Favourite colour", None),
        ("", None),
        ("---", None),
    ],
)
def test_a_header_names_its_field(header: str, key: str | None) -> None:
    assert suggest([header], FIELDS) == [key]


def test_a_field_is_given_once_and_to_the_column_that_names_it_best() -> None:
    assert suggest(["Celular", "Teléfono", "Phone", "Tel"], STANDARD_FIELDS) == [None, None, "phone", None]
    assert suggest(["Celular", "Teléfono"], STANDARD_FIELDS) == ["phone", None]


def test_no_synonym_belongs_to_two_fields() -> None:
    words = [fold(word) for field in STANDARD_FIELDS for word in field.synonyms]
    assert len(words) == len(set(words))
