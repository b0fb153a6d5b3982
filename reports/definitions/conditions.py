"""SQL that data sets share: filters that may be left out, whose contacts are seen, and lists of texts.

A parameter that is not given is NULL, and PostgreSQL folds its condition away before it plans.
"""

from reports.definitions.filters import ID_FILTERS, Filter


def among(expression: str, chosen: Filter) -> str:
    """Return the condition that an expression is one of those chosen, or that none were."""
    array = f"%({chosen.value})s::{'bigint' if chosen in ID_FILTERS else 'text'}[]"
    return f"({array} IS NULL OR {expression} = ANY({array}))"


def within(expression: str) -> str:
    """Return the condition that a moment lies in the range; its end belongs to the next one."""
    return f"({expression} >= %(range_from)s AND {expression} < %(range_to)s)"


def seen(contact_id: str) -> str:
    """Return the condition that whoever asked may see the contact: one assigned to one of `seen_assignees`, if that is given."""
    return (
        "(%(seen_assignees)s::bigint[] IS NULL OR EXISTS (SELECT 1 FROM contacts_contact seen"  # noqa: S608 - a column's name
        f" WHERE seen.workspace_id = %(workspace_id)s AND seen.id = {contact_id}"
        " AND seen.assignee_id = ANY(%(seen_assignees)s::bigint[])))"
    )


def milliseconds(start: str, end: str) -> str:
    """Return the milliseconds between two moments, a double; NULL when one is missing. For one span: sums take the exact ones."""
    return f"(date_part('epoch', {end} - {start}) * 1000)"


def exact_milliseconds(start: str, end: str) -> str:
    """Return the milliseconds between two moments as a numeric, which adds up the same in any order; several times slower."""
    return f"(extract(epoch FROM {end} - {start}) * 1000)"


def item(text: str) -> str:
    """Return a text as an item of a list: a semicolon inside would part it."""
    return f"replace({text}, ';', ',')"
