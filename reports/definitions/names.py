"""What past rows name, as tables to join: channels, people, teams, addresses; and what stands in a message."""

from inbox.channels.media import MEDIA

# Kind of channel to medium, as a table to join: channels are few, so that it costs nothing.
MEDIA_TABLE = "(VALUES " + ", ".join(f"('{kind}', '{medium}')" for kind, medium in sorted(MEDIA.items())) + ")"

# Every channel of the workspace with its medium: `channels.id, account, name, medium`.
CHANNELS = f"""channels AS (
    SELECT c.id, coalesce(nullif(c.account, ''), c.name) AS account, c.name, media.medium
      FROM inbox_channel c JOIN {MEDIA_TABLE} AS media (kind, medium) ON media.kind = c.kind
     WHERE c.workspace_id = %(workspace_id)s
)"""  # noqa: S608 - kinds and media are names in our code

# Everybody whom past rows may name, members or not: `people.id, name, email, reference`.
PEOPLE = """people AS (
    SELECT u.id, coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.email) AS name, u.email, m.reference
      FROM (SELECT user_id, reference FROM workspaces_membership WHERE workspace_id = %(workspace_id)s
            UNION ALL
            SELECT user_id, reference FROM workspaces_formermember WHERE workspace_id = %(workspace_id)s) m
      JOIN workspaces_user u ON u.id = m.user_id
)"""

# Teams that exist and teams that did: `teams.id, name, created_at`.
TEAMS = """teams AS (
    SELECT id, name, created_at FROM workspaces_team WHERE workspace_id = %(workspace_id)s
    UNION ALL
    SELECT team_id, name, created_at FROM workspaces_formerteam WHERE workspace_id = %(workspace_id)s
)"""

# Primary and secondary identifier of an identity `l` (inbox_contactchannel) on one of `channels`: address and name, but a web
# chat has no address that says anything to people.
FIRST_IDENTIFIER = (
    "CASE WHEN channels.medium = 'web_chat' THEN coalesce(nullif(l.name, ''), l.external_id) ELSE l.external_id END"
)
SECOND_IDENTIFIER = "CASE WHEN channels.medium <> 'web_chat' AND l.name <> l.external_id THEN l.name END"

# The address that a contact used last, on each channel and on each network: `identities.contact_id, channel_id, first, second`
# and `network_identities.contact_id, medium, first, second` (text). The second is for a channel whose addresses are gone.
IDENTITIES = f"""addresses AS (
    SELECT l.id, l.contact_id, l.channel_id, channels.medium, l.last_message_at,
           {FIRST_IDENTIFIER} AS first,
           {SECOND_IDENTIFIER} AS second
      FROM inbox_contactchannel l JOIN channels ON channels.id = l.channel_id
     WHERE l.workspace_id = %(workspace_id)s
), identities AS (
    SELECT DISTINCT ON (contact_id, channel_id) contact_id, channel_id, first, second
      FROM addresses ORDER BY contact_id, channel_id, last_message_at DESC NULLS LAST, id DESC
), network_identities AS (
    SELECT DISTINCT ON (contact_id, medium) contact_id, medium, first, second
      FROM addresses ORDER BY contact_id, medium, last_message_at DESC NULLS LAST, id DESC
)"""  # noqa: S608 - fixed text, values are parameters

# A survey's message without its last line, the address by which whoever has it could answer for the contact: members never see it.
WORDS_OF_MESSAGE = (
    "CASE WHEN m.sender_kind = 'system' AND m.payload ->> 'system_user_type' = 'CSAT'"
    r" THEN regexp_replace(m.text, '\n[^\n]*/survey/[^\n]*$', '') ELSE m.text END"
)

RESOLVED_BY = (
    "CASE WHEN {source} = '' THEN NULL WHEN {source} = 'user' AND {in_bulk} THEN 'BULK_RESOLVE' WHEN {source} = 'user' THEN 'AGENT'"
    " WHEN {source} IN ('bot', 'ai_agent') THEN 'VIRTUAL_AGENT' ELSE 'SYSTEM' END"
)
RESOLVE_TRIGGER = (
    "CASE WHEN {source} = '' THEN NULL WHEN {source} = 'user' THEN 'HUMAN_AGENT' WHEN {source} IN ('bot', 'ai_agent') THEN 'VIRTUAL_AGENT'"
    " WHEN {source} = 'auto_close' THEN 'AUTO_RESOLVE' ELSE 'AUTOMATION' END"
)


def with_(*parts: str) -> str:
    """Return a WITH clause of the parts."""
    return "WITH " + ",\n".join(parts)


# What a contact `k` is called; one who was deleted has no name any more.
CONTACT_NAME = "coalesce(nullif(btrim(k.first_name || ' ' || k.last_name), ''), nullif(k.phone, ''), k.email)"
