from contacts.queries.settings import contact_fields, field_usage, stages, tag_counts, tags
from contacts.queries.timeline import ActivityLine, contact_activity
from contacts.queries.visibility import visible_contacts

__all__ = [
    "ActivityLine",
    "contact_activity",
    "contact_fields",
    "field_usage",
    "stages",
    "tag_counts",
    "tags",
    "visible_contacts",
]
