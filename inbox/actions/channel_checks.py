"""Trying a channel's settings at the other side before they are saved; outside of any transaction."""

from collections.abc import Mapping

from inbox.actions.channel_values import connector_for, made_secrets, secrets_of_form, settings_of_form
from workspaces.jobs import assert_no_open_transaction
from workspaces.outside import AddressRefused, check_address


def problems_of_setup(
    *, kind: str, settings: Mapping[str, object], secrets: Mapping[str, str], present: Mapping[str, str]
) -> dict[str, str]:
    """Return what must be mended, by the connector's own names; nothing when all is well.

    What breaks a rule before anybody is asked raises ValueNotValid. `present` are the secrets that are set already.
    """
    assert_no_open_transaction()
    connector = connector_for(kind)
    found = settings_of_form(connector, settings)
    keys = {**made_secrets(connector), **secrets_of_form(connector, secrets, present=present)}
    for field in connector.fields:
        if field.kind == "url" and found.get(field.name):
            try:
                check_address(str(found[field.name]), field=field.name)
            except AddressRefused as refused:
                return {field.name: refused.message}
    check = getattr(connector, "check", None)
    problems: dict[str, str] = {} if check is None else check(found, keys)
    return problems
