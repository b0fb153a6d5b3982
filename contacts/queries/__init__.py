from contacts.queries.listing import (
    ContactPage,
    ContactRow,
    ContactRows,
    Count,
    Sort,
    TagChip,
    contact_rows,
    contacts_page,
    count_contacts,
    find_contacts,
    matching_contacts,
)
from contacts.queries.settings import contact_fields, field_usage, stages, tag_counts, tags
from contacts.queries.timeline import ActivityLine, contact_activity
from contacts.queries.visibility import visible_contacts

__all__ = [
    "ActivityLine",
    "ContactPage",
    "ContactRow",
    "ContactRows",
    "Count",
    "Sort",
    "TagChip",
    "contact_activity",
    "contact_fields",
    "contact_rows",
    "contacts_page",
    "count_contacts",
    "field_usage",
    "find_contacts",
    "matching_contacts",
    "stages",
    "tag_counts",
    "tags",
    "visible_contacts",
]
