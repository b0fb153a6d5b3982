"""Columns that the files of agents and of teams have in common."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.parts import lazy_sentence
from reports.definitions.figures import SCORES

AVERAGE_HANDLE_MS = "lock_totals.handle_ms / nullif(lock_totals.handled, 0)"


def figure(key: str, headers: tuple[str, str], sql: str, *, meaning: Promise | str, example: str) -> Column:
    """Return a count of a total; where nothing was counted it is 0."""
    return Column(
        key=key,
        header=headers[0],
        header_es=headers[1],
        kind=Kind.INTEGER,
        sql=f"coalesce({sql}, 0)",
        meaning=meaning,
        example=example,
    )


def time(key: str, headers: tuple[str, str], sql: str, *, meaning: Promise | str, example: str) -> Column:
    """Return a sum of milliseconds of a total; where nothing was counted it is 0."""
    return Column(
        key=key,
        header=headers[0],
        header_es=headers[1],
        kind=Kind.SECONDS,
        sql=f"coalesce({sql}, 0)",
        meaning=meaning,
        example=example,
    )


def average(key: str, headers: tuple[str, str], sql: str, *, meaning: Promise | str, example: str) -> Column:
    """Return a mean of milliseconds; where nothing was counted it is empty."""
    return Column(
        key=key,
        header=headers[0],
        header_es=headers[1],
        kind=Kind.SECONDS,
        sql=sql,
        meaning=meaning,
        example=example,
        may_be_empty=True,
    )


def score_columns(meaning: Promise | str) -> tuple[Column, ...]:
    """Return the counts of surveys by score; the sentence says `%(score)s`."""
    examples = dict(zip(SCORES, ("0", "1", "2", "5", "12"), strict=True))
    return tuple(
        figure(
            f"csat_with_score_{score}",
            (f"CSAT With Score {score}", f"CSAT con puntuación {score}"),
            f"survey_totals.score_{score}",
            meaning=lazy_sentence(meaning, score=str(score)),
            example=examples[score],
        )
        for score in SCORES
    )


def person_columns(alias: str, user_id: str) -> tuple[Column, Column, Column]:
    """Return id, name and address of a person; the alias has what `parts.PEOPLE` has."""
    return (
        Column(
            key="user_id",
            header="User ID",
            header_es="ID de usuario",
            kind=Kind.ID,
            sql=user_id,
            meaning=_("The agent's id."),
            example="41",
        ),
        Column(
            key="user_name",
            header="User Name",
            header_es="Nombre de usuario",
            kind=Kind.STRING,
            sql=f"{alias}.name",
            meaning=_("The agent's name, when the file is made."),
            example="Ada Ferrer",
        ),
        Column(
            key="user_email_address",
            header="User Email Address",
            header_es="Dirección de correo del usuario",
            kind=Kind.EMAIL,
            sql=f"{alias}.email",
            meaning=_("The address that the agent logs in with."),
            example="ada@example.com",
        ),
    )
