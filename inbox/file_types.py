"""What a file is: its content decides, and its name must agree. Pure.

A type that is not in the table is refused from people who upload, and kept as opaque bytes when a contact sent it.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

OPAQUE = "application/octet-stream"
TEXT_LOOK_BYTES = 65_536
NAME_LONGEST = 255
ZIP_BASED = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"})
OLE_BASED = frozenset({"doc", "xls", "ppt"})


@dataclass(frozen=True, slots=True)
class FileType:
    """A type by one of its endings. `is_shown`: browsers may show it in place; all else is downloaded."""

    ending: str
    media_type: str
    kind: str  # image, video, audio, file
    is_shown: bool = False


def _types(kind: str, media_type: str, *endings: str, is_shown: bool = False) -> dict[str, FileType]:
    return {ending: FileType(ending, media_type, kind, is_shown) for ending in endings}


PICTURES = {
    **_types("image", "image/jpeg", "jpg", "jpeg", is_shown=True),
    **_types("image", "image/png", "png", is_shown=True),
    **_types("image", "image/gif", "gif", is_shown=True),
    **_types("image", "image/webp", "webp", is_shown=True),
}
MEDIA = {
    **_types("video", "video/mp4", "mp4", "m4v", is_shown=True),
    **_types("video", "video/quicktime", "mov", is_shown=True),
    **_types("video", "video/webm", "webm", is_shown=True),
    **_types("video", "video/3gpp", "3gp", is_shown=True),
    **_types("audio", "audio/mpeg", "mp3", is_shown=True),
    **_types("audio", "audio/ogg", "ogg", "oga", "opus", is_shown=True),
    **_types("audio", "audio/mp4", "m4a", is_shown=True),
    **_types("audio", "audio/wav", "wav", is_shown=True),
    **_types("audio", "audio/aac", "aac", is_shown=True),
    **_types("audio", "audio/flac", "flac", is_shown=True),
    **_types("audio", "audio/amr", "amr"),
}
DOCUMENTS = {
    **_types("file", "application/pdf", "pdf"),
    **_types("file", "application/msword", "doc"),
    **_types("file", "application/vnd.ms-excel", "xls"),
    **_types("file", "application/vnd.ms-powerpoint", "ppt"),
    **_types("file", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    **_types("file", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    **_types("file", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    **_types("file", "application/vnd.oasis.opendocument.text", "odt"),
    **_types("file", "application/vnd.oasis.opendocument.spreadsheet", "ods"),
    **_types("file", "application/vnd.oasis.opendocument.presentation", "odp"),
    **_types("file", "application/epub+zip", "epub"),
    **_types("file", "application/rtf", "rtf"),
    **_types("file", "application/zip", "zip"),
    **_types("file", "image/heic", "heic"),
    **_types("file", "image/bmp", "bmp"),
    **_types("file", "image/tiff", "tif", "tiff"),
}
TEXTS = {
    **_types("file", "text/plain", "txt", "log", "md"),
    **_types("file", "text/csv", "csv"),
    **_types("file", "application/json", "json"),
    **_types("file", "text/calendar", "ics"),
    **_types("file", "text/vcard", "vcf"),
}
BY_ENDING = {**PICTURES, **MEDIA, **DOCUMENTS, **TEXTS}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in reversed(BY_ENDING.values())}
# The detector's other names for what we know, and containers that hold more than one of our types.
SAME_AS = {"audio/x-wav": "audio/wav", "audio/x-flac": "audio/flac", "video/x-m4v": "video/mp4"}
MAY_BE = {
    "application/zip": ZIP_BASED | {"zip"},
    "application/msword": OLE_BASED,
    "application/vnd.ms-excel": OLE_BASED,
    "application/vnd.ms-powerpoint": OLE_BASED,
    "video/mp4": frozenset({"mp4", "m4v", "m4a", "mov", "3gp"}),
    "audio/mp4": frozenset({"m4a", "mp4"}),
    "video/quicktime": frozenset({"mov", "mp4"}),
    "video/3gpp": frozenset({"3gp", "mp4"}),
    "video/webm": frozenset({"webm"}),
    "video/x-matroska": frozenset({"webm"}),
}


def plain_name(name: str) -> str:
    """Return a file's name as it is kept: no folders, no control characters, not too long; the ending survives."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(char for char in last if char.isprintable() and char not in '"<>|*?').strip(" .")
    if len(clean) > NAME_LONGEST:
        stem, dot, ending = clean.rpartition(".")
        clean = (stem or clean)[: NAME_LONGEST - 12] + (dot + ending[:10] if stem else "")
    return clean or "file"


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters, without its dot."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def type_of(name: str, content: bytes) -> FileType | None:
    """Return what a file is by content and name together; None when they disagree, or when the type is not in the table.

    content: its beginning is enough, 64 kB of it.
    """
    ending = ending_of(name)
    guessed = filetype.guess(content[:TEXT_LOOK_BYTES])
    if guessed is None:
        named = TEXTS.get(ending)
        return named if named is not None and _reads_as_text(content) else None
    media_type = SAME_AS.get(guessed.mime, guessed.mime)
    found = BY_MEDIA_TYPE.get(media_type)
    if not ending:
        return found
    named = BY_ENDING.get(ending)
    if named is None:
        return None
    fits = named.media_type == media_type or ending in MAY_BE.get(media_type, ())
    return named if fits else None


def is_known(name: str) -> bool:
    """Tell whether files with this name's ending are taken at all; one without an ending may be."""
    ending = ending_of(name)
    return not ending or ending in BY_ENDING


def _reads_as_text(content: bytes) -> bool:
    beginning = content[:TEXT_LOOK_BYTES]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in beginning
