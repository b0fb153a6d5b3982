"""The Spanish catalogue is whole, fits the English it stands for, and is the one that was compiled."""

import gettext
import re
from collections import Counter
from pathlib import Path

import allauth
import django.conf
import django.contrib.auth

from tests.language.catalogue import Entry, compiled, entries, texts_of_the_code
from workspaces.web import borrowed_words

PLACE = re.compile(r"%\((\w+)\)[.\d]*([a-z])|(%%)|{(\w*)}|(</?\w+[^>]*>)")
STRANGER = re.compile(r"\b(usted|ustedes|por favor|introduzca|seleccione|asegúrese|inténtelo)\b", re.IGNORECASE)
DOUBLED = re.compile(r"\w+[oa]s?/[oa]s?\b|\bl[oa]s y l[oa]s\b|@s?\b(?![\w.])", re.IGNORECASE)
BORROWED = "workspaces/web/borrowed_words.py"
# Fixed pairs: an English word and what Spanish calls it, wherever the first stands as a word of its own.
PAIRS = {
    r"conversations?": r"conversaci",
    r"contacts?(?! ID)": r"contacto",
    r"imports?": r"import",
    r"exports?": r"export",
    r"tags?": r"etiqueta|marca",
    r"segments?": r"segmento",
    r"workspaces?": r"espacio|aquí",
    r"merge": r"un(ir|e|ión|o)|únel",
    r"undo": r"desh(ac|az)",
}


def test_every_text_of_the_code_has_spanish() -> None:
    known = {entry.key for entry in entries()}
    missing = [f"{where}: {key[1]}" for key, where in texts_of_the_code().items() if key not in known]
    assert missing == [], "run bin/messages, then write what it prints"


def test_nothing_waits_for_words_or_is_guessed() -> None:
    for entry in entries():
        assert set(entry.spanish) == ({0, 1} if entry.many else {0}), entry.one
        assert all(text.strip() for text in entry.spanish.values()), entry.one
        assert "fuzzy" not in entry.flags, entry.one


def test_nothing_is_kept_that_the_code_no_longer_says() -> None:
    said = texts_of_the_code()
    assert [entry.one for entry in entries() if entry.key not in said] == []


def test_places_for_values_are_the_same_in_both() -> None:
    for entry in entries():
        assert _places(entry.one) == _places(entry.spanish[0]), entry.one
        if entry.many:
            assert _places(entry.many) == _places(entry.spanish[1]), entry.many


def _places(text: str) -> Counter[tuple[str, ...]]:
    return Counter(PLACE.findall(text))


def test_the_compiled_catalogue_is_this_one() -> None:
    expected: dict[str | tuple[str, int], str] = {}
    for entry in entries():
        key = f"{entry.context}\x04{entry.one}" if entry.context else entry.one
        if entry.many:
            expected.update({(key, number): text for number, text in entry.spanish.items()})
        else:
            expected[key] = entry.spanish[0]
    assert compiled() == expected, "run bin/messages"


def test_spanish_says_tu_and_stays_calm() -> None:
    for entry in entries():
        for text in entry.spanish.values():
            assert not STRANGER.search(text), text
            assert not DOUBLED.search(text), text
            assert "!" not in text, text
            assert "¡" not in text, text
            assert text.count("?") == text.count("¿"), text


def test_a_sentence_ends_and_begins_as_its_english() -> None:
    for entry in entries():
        for english, spanish in _pairs(entry):
            end = re.search(r"[.?:…]?$", english)
            assert end
            assert re.search(r"[.?:…]?$", spanish)[0] == end[0], english  # type: ignore[index]
            assert (english[0] == " ", english[-1] == " ") == (spanish[0] == " ", spanish[-1] == " "), english
            begins = spanish.lstrip("¿“")[0]
            if english[0].isalpha() and begins.isalpha():
                assert english[0].isupper() == begins.isupper(), english


def test_one_word_per_idea_in_spanish_too() -> None:
    for entry in entries():
        english, spanish = f"{entry.one} {entry.many}".lower(), " ".join(entry.spanish.values()).lower()
        for word, ours in PAIRS.items():
            if re.search(rf"(?<![$\w/_“:({{-]){word}(?![\w/_)-])", english):
                assert re.search(ours, spanish), f"{entry.one} → {spanish}"


def _pairs(entry: Entry) -> list[tuple[str, str]]:
    return [(entry.one, entry.spanish[0]), *([(entry.many, entry.spanish[1])] if entry.many else [])]


def test_borrowed_sentences_still_exist() -> None:
    """Django's and allauth's catalogues know them; a sentence they change would come through in their words."""
    theirs: set[str] = set()
    for package in (django.conf, django.contrib.auth, allauth):
        with (Path(package.__path__[0]) / "locale/es/LC_MESSAGES/django.mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        theirs |= {key[0] if isinstance(key, tuple) else key for key in catalogue}
    ours = {one for (_context, one, _many), where in texts_of_the_code().items() if where == BORROWED}
    assert set(borrowed_words.SENTENCES) <= ours
    assert ours - theirs == set()
