"""Whatever a template says is marked for translation: what is left without tags and marks has no words."""

import re
from pathlib import Path

from tests.language.catalogue import ROOT, templates

WORD = re.compile(r"[^\W\d_]{2,}")
# Comments, whole translated sentences, a block that holds class names, and what people do not read.
NOT_TEXT = (
    r"{#.*?#}",
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}",
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}",
    r"{%\s*block (?:page_class|solo_class)\s*%}.*?{%\s*endblock\s*%}",
    r"{{.*?}}",
    r"{%.*?%}",
    r"<!--.*?-->",
    r"<!doctype[^>]*>",
)
CODE = r"<(code|pre|script)\b.*?</\1>"
READ_ALOUD = re.compile(r"\b(?:aria-label|aria-description|title|placeholder|alt|label|summary)=\"([^\"]*)\"")
# In a tag, a text with a capital or a space is meant for people.
GIVEN = re.compile(r"{%\s*(?:include|field|badge|tag|bar)\b[^%]*?[\s=]\"([A-Z][a-z]+[^\"/]*|[a-z]+ [a-z]+[^\"/]*)\"")
NAMES = {"Tertulia", "English", "Español", "Esc", "Ctrl", "Enter", "Shift", "SHA", "gzip"}
# A style guide shows made-up people and things.
SAMPLES = {"workspaces/web/templates/workspaces/styleguide.html"}


def test_no_template_has_words_of_its_own() -> None:
    found = {}
    for path in templates():
        where = str(path.relative_to(ROOT))
        if where not in SAMPLES and (words := bare_words(path)):
            found[where] = words
    assert found == {}


def bare_words(path: Path) -> list[str]:
    """Return the words that nobody could translate."""
    text = path.read_text(encoding="utf-8")
    for pattern in NOT_TEXT[:4]:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    given = [word for word in GIVEN.findall(text) if word not in {"x", "hx-get"}]
    for pattern in NOT_TEXT[4:]:
        text = re.sub(pattern, " ", text, flags=re.DOTALL | re.IGNORECASE)
    aloud = " ".join(words for words in READ_ALOUD.findall(text) if not words.startswith(("http", "+")))
    text = re.sub(CODE, " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL)
    return [word for word in WORD.findall(f"{text} {aloud}") if word not in NAMES] + given
