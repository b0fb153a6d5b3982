"""People as such, without a workspace: their account and how the product looks to them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workspaces.actions.checks import language_code, text_of
from workspaces.errors import AccountExists, ValueNotValid
from workspaces.models import User
from workspaces.notices import choosable

CHANGED_BY_PROFILE = (
    "first_name", "last_name", "language", "theme", "shortcuts_on", "import_mail_on", "notification_choices",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody says about themselves when they get an account."""

    first_name: str
    last_name: str
    password: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a person is called, and what the product does for them in every workspace. language: '' follows the browser.

    told_in_centre, told_by_mail: the kinds of notifications that they want there.
    """

    first_name: str
    last_name: str
    language: str
    theme: str
    shortcuts_on: bool
    import_mail_on: bool
    told_in_centre: frozenset[str]
    told_by_mail: frozenset[str]


@transaction.atomic
def create_person(*, email: str, person: NewPerson, at: datetime) -> User:
    """Give somebody an account with a verified address. Only an accepted invitation and the installation's own commands do so."""
    user = _checked(email=email, person=person, at=at)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as taken:
        raise AccountExists(email=user.email) from taken
    return user


@transaction.atomic
def change_profile(*, user_id: int, profile: Profile, at: datetime) -> User:
    """Change how a person is called, what the product looks like to them, and which mail they get."""
    del at  # an account keeps no history; every action takes the moment, so that a log can be added without a caller's change
    user = User.objects.select_for_update().get(pk=user_id)
    user.first_name = text_of(profile.first_name, field="first_name", most=80)
    user.last_name = text_of(profile.last_name, field="last_name", most=80, may_be_empty=True)
    user.language = language_code(profile.language, may_be_empty=True)
    user.theme = _theme(profile.theme)
    user.shortcuts_on = profile.shortcuts_on
    user.import_mail_on = profile.import_mail_on
    user.notification_choices = {
        kind: {"centre": kind in profile.told_in_centre, "mail": kind in profile.told_by_mail} for kind in choosable()
    }
    user.save(update_fields=CHANGED_BY_PROFILE)
    return user


@transaction.atomic
def change_appearance(*, user_id: int, theme: str | None = None, language: str | None = None, at: datetime) -> None:
    """Choose a theme, a language or both. theme: light, dark, or '' for what the system says; None: as it is."""
    del at  # as in change_profile
    columns: dict[str, str] = {}
    if theme is not None:
        columns["theme"] = _theme(theme)
    if language is not None:
        columns["language"] = language_code(language, may_be_empty=True)
    if columns:
        User.objects.filter(pk=user_id).update(**columns)


def _checked(*, email: str, person: NewPerson, at: datetime) -> User:
    user = User(
        email=address_of(email),
        first_name=text_of(person.first_name, field="first_name", most=80),
        last_name=text_of(person.last_name, field="last_name", most=80, may_be_empty=True),
        language=language_code(person.language, may_be_empty=True),
        created_at=at,
    )
    try:
        validate_password(person.password, user=user)
    except ValidationError as error:
        raise ValueNotValid(field="password", sentence=" ".join(error.messages)) from error
    user.password = make_password(person.password)
    return user


def address_of(email: str) -> str:
    """Return the address in the form that is stored: trimmed and in small letters."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        sentence = _("Write the whole address, for example ada@example.com.")
        raise ValueNotValid(field="email", sentence=sentence) from error
    return address


def _theme(theme: str) -> str:
    if theme not in User.Theme.values:
        raise ValueNotValid(field="theme", sentence=_("Choose light, dark or system."))
    return theme
