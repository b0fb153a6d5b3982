from contacts.models.contact import Contact
from contacts.models.history import ContactLogEntry, ContactMerge
from contacts.models.settings import ContactField, ContactTag, LifecycleStage, Tag

__all__ = ["Contact", "ContactField", "ContactLogEntry", "ContactMerge", "ContactTag", "LifecycleStage", "Tag"]
