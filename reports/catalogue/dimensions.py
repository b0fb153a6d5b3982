"""What figures are parted by."""

from django.utils.translation import gettext_lazy as _

from reports.definitions.filters import Filter
from reports.engine.facts import Dimension, Naming

CHANNEL = Dimension(
    key="channel", title=_("Channel"), naming=Naming.CHANNELS, empty=_("No channel"), filter=Filter.CHANNELS
)
SOURCE = Dimension(key="source", title=_("Source"), naming=Naming.WORDS, empty=_("Unknown"), filter=Filter.SOURCES)
