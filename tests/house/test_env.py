import pytest

from config.env import Environment, SettingsError

COMPLETE = {
    "SECRET_KEY": "s" * 32,
    "BASE_URL": "https://inbox.example.org/",
    "DATABASE_URL": "postgres://app:p%40ss@db.example.org/tertulia",
    "REDIS_URL": "redis://:x@cache:6379/0",
}


def complaints(values: dict[str, str]) -> str:
    reader = Environment(values)
    reader.secret_key()
    reader.base_url()
    reader.database("DATABASE_URL")
    reader.redis("REDIS_URL")
    reader.mail()
    reader.flag("DEBUG")
    reader.number("TRUSTED_PROXIES")
    reader.choice("LOG_LEVEL", ("INFO", "ERROR"))
    try:
        reader.finish()
    except SettingsError as error:
        return str(error)
    return ""


def test_a_complete_environment_has_no_complaint() -> None:
    assert complaints(COMPLETE) == ""


def test_one_start_names_everything_that_is_missing() -> None:
    told = complaints({})
    assert [name for name in COMPLETE if f"{name} is not set" in told] == list(COMPLETE)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "shorter than 32"),
        ("BASE_URL", "inbox.example.org", "does not begin with http"),
        ("DATABASE_URL", "mysql://a:b@c/d", "does not read postgres://"),
        ("DATABASE_URL", "postgres://a:b@c", "does not read postgres://"),
        ("REDIS_URL", "amqp://x", "does not begin with redis://"),
        ("SMTP_URL", "http://x", "does not begin with smtp://"),
        ("DEBUG", "maybe", "neither 1 nor 0"),
        ("TRUSTED_PROXIES", "-1", "not a whole number"),
        ("LOG_LEVEL", "loud", "write one of INFO, ERROR"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_reason(name: str, value: str, words: str) -> None:
    told = complaints({**COMPLETE, name: value})
    assert name in told
    assert words in told


def test_addresses_are_read_whole() -> None:
    reader = Environment(COMPLETE)
    assert reader.database("DATABASE_URL") == {
        "NAME": "tertulia",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5432",
    }
    assert reader.base_url() == "https://inbox.example.org"
