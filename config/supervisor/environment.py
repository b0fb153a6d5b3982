"""The environment of our processes: what the person set, and for the rest what we run ourselves."""

from collections.abc import Mapping
from pathlib import Path

from config.embedded.programs import ProgramFailed
from config.env import VARIABLES, Environment, SettingsError


def needs_postgres(given: Mapping[str, str]) -> bool:
    """Whether we run PostgreSQL ourselves."""
    if not given.get("DATABASE_URL"):
        if given.get("DATABASE_OWNER_URL"):
            raise ProgramFailed(
                "DATABASE_OWNER_URL is set without DATABASE_URL: set both, or none to use our own PostgreSQL."
            )
        return True
    if not given.get("DATABASE_OWNER_URL"):
        raise ProgramFailed(
            "DATABASE_URL is set without DATABASE_OWNER_URL, which migrations need: `bin/prepare-database ADMIN_URL` prints both."
        )
    return False


def complete(
    given: Mapping[str, str], *, data: Path, url: str, secret_key: str, servers: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment for Django, checked; values that are given win."""
    ours = {
        "SECRET_KEY": secret_key,
        "BASE_URL": url,
        "FILES_DIR": str(data / "files"),
        "MAIL_DIR": str(data / "mail"),
        "PYTHONUNBUFFERED": "1",
        **({} if is_debugging(given) else {"STATIC_DIR": str(data / "static")}),
    }
    environment = {
        **{name: value for name, value in ours.items() if not given.get(name)},
        **{name: value for name, value in given.items() if value or name not in ours},
        **servers,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    _check(environment)
    return environment


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the services, which must not be able to act as the owner of the tables."""
    return {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}


def is_debugging(given: Mapping[str, str]) -> bool:
    """Whether static files come from the source tree, so that an edit shows at once."""
    return given.get("DEBUG", "").lower() in {"1", "true", "yes"}


def kept_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part that `bin/manage` needs to run a command on the same installation."""
    return {variable.name: environment[variable.name] for variable in VARIABLES if environment.get(variable.name)}


def _check(environment: Mapping[str, str]) -> None:
    """Complain before anything starts, in one place, of what the settings would complain of in every process."""
    reader = Environment(environment)
    reader.secret_key()
    reader.base_url()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        reader.database(name)
    for name in ("REDIS_URL", "CACHE_URL"):
        reader.redis(name)
    reader.mail()
    reader.flag("DEBUG")
    reader.number("TRUSTED_PROXIES")
    reader.realtime_url(base_url=reader.base_url(), port=reader.number("REALTIME_PORT"))
    reader.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"))
    try:
        reader.finish()
    except SettingsError as error:
        raise ProgramFailed(str(error)) from None
