"""Messages as reports count them: the fact, and the columns of its logs (docs/metrics.md, "Messages")."""

from django.utils.translation import gettext_lazy as _

from reports.definitions.filters import Filter
from reports.definitions.messages import IS_MESSAGE, OF_BROADCAST, STATUS, SUB_TYPE, TYPE
from reports.engine.blocks import Cell, Column
from reports.engine.facts import Fact, Tally
from reports.tallies.facts import MESSAGES
from reports.tallies.reading import tallied

# Only what a person wrote in the inbox has a user. These hold for rows of the tally as well.
USER = "CASE WHEN m.sender_kind = 'user' THEN m.user_id END"
INCOMING = "m.direction = 'incoming'"
OUTGOING = "m.direction = 'outgoing'"
ACCEPTED = "m.direction = 'outgoing' AND m.status IN ('sent', 'delivered', 'read')"
ARRIVED = "m.direction = 'outgoing' AND m.status IN ('delivered', 'read')"
READ = "m.direction = 'outgoing' AND m.status = 'read'"

FACT = Fact(
    key="messages",
    source="inbox_message m",
    workspace="m.workspace_id",
    id="m.id",
    moment="m.created_at",
    contact="m.contact_id",
    condition=IS_MESSAGE,
    filters={
        Filter.CHANNELS: "m.channel_id",
        Filter.SENDER_TYPES: "m.sender_kind",
        Filter.USERS: USER,
        Filter.BROADCASTS: OF_BROADCAST,
        Filter.CONTACTS: "m.contact_id",
        Filter.CONVERSATIONS: "m.conversation_id",
    },
    dimensions={
        "channel": "m.channel_id",
        "sender_type": "m.sender_kind",
        "delivery": STATUS,
        "user": USER,
        "broadcast": OF_BROADCAST,
    },
    tally=Tally(
        source=f"{tallied(MESSAGES)} m",
        # Teams are a filter of the facts of people, which are made of this one.
        filters=frozenset({Filter.CHANNELS, Filter.SENDER_TYPES, Filter.USERS, Filter.TEAMS, Filter.BROADCASTS}),
    ),
)

JOINS = f"""
  LEFT JOIN workspaces_user u ON u.id = {USER}
  LEFT JOIN inbox_broadcast b ON b.workspace_id = m.workspace_id AND b.id = {OF_BROADCAST}
  LEFT JOIN inbox_virtualagent v ON v.workspace_id = m.workspace_id
   AND v.id = CASE WHEN m.sender_kind IN ('bot', 'system') THEN m.sender_id END"""
SENDER_NAME = "coalesce(nullif(btrim(u.first_name || ' ' || u.last_name), ''), u.email, b.name, v.name)"

DATE_TIME = Column(key="date_time", title=_("Date and time"), cell=Cell.MOMENT, sql="m.created_at")
CONTACT_ID = Column(key="contact_id", title=_("Contact ID"), cell=Cell.CONTACT, sql="m.contact_id")
CONTACT_NAME = Column(key="contact_name", title=_("Contact name"), cell=Cell.CONTACT_NAME)
CHANNEL = Column(key="channel", title=_("Channel"), cell=Cell.CHANNEL, sql="m.channel_id")
DIRECTION = Column(key="direction", title=_("Direction"), cell=Cell.WORD, sql="m.direction")
SOURCE = Column(key="source", title=_("Source"), cell=Cell.WORD, sql="m.sender_kind")
# The name of who sent it: a person, a broadcast or a virtual agent; a contact and a program without one have none.
SENDER = Column(key="sender", title=_("Sender"), cell=Cell.TEXT, sql=SENDER_NAME)
# The same where no column says what kind of sender it was.
SENDER_OR_KIND = Column(key="sender", title=_("Sender"), cell=Cell.SENDER, sql=f"ARRAY[{SENDER_NAME}, m.sender_kind]")
TYPE_COLUMN = Column(key="type", title=_("Type"), cell=Cell.WORD, sql=TYPE)
SUB_TYPE_COLUMN = Column(key="sub_type", title=_("Sub-type"), cell=Cell.TEXT, sql=SUB_TYPE)
STATUS_COLUMN = Column(key="status", title=_("Status"), cell=Cell.WORD, sql=STATUS)
CONVERSATION = Column(
    key="conversation_id", title=_("Conversation ID"), cell=Cell.CONVERSATION, sql="m.conversation_id"
)
