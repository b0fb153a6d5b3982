"""Brings the Spanish catalogue up to the texts in the code, says what is missing, and compiles it.

A machine that only runs Tertulia has no gettext, so the compiled file is kept in the tree; `tests/language` compares the two.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import django
from _bootstrap import ROOT, fail
from django.conf import settings
from django.core.management.commands.makemessages import Command

CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
NOT_OURS = [".*", "var", "tests", "bench", "docs", "bin"]


class Gathering(Command):
    """Django's own command, which otherwise guesses translations of new texts from similar old ones."""

    msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]


def main() -> int:
    """Gather, count, compile; return 1 when a text has no Spanish."""
    missing = [name for name in ("xgettext", "msgmerge", "msgfmt", "msgattrib") if not shutil.which(name)]
    if missing:
        fail(f"{', '.join(missing)} not found: install the package gettext.")
    os.chdir(ROOT)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    settings.configure(LOCALE_PATHS=[str(ROOT / "locale")], INSTALLED_APPS=[], USE_I18N=False)
    django.setup()
    Gathering().run_from_argv(
        [
            "messages",
            "makemessages",
            "--locale=es",
            "--no-wrap",
            "--no-obsolete",
            "--add-location=file",
            *(f"--ignore={pattern}" for pattern in NOT_OURS),
        ]
    )
    _forget_when()
    _run("msgfmt", "--check", "-o", str(CATALOGUE.with_suffix(".mo")), str(CATALOGUE))
    todo = _run("msgattrib", "--untranslated", "--no-wrap", str(CATALOGUE))
    print(todo, end="")
    return 1 if todo else 0


def _forget_when() -> None:
    """Take out the moment of gathering: it changes each time and tells nothing."""
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines(keepends=True)
    CATALOGUE.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")


def _run(*command: str) -> str:
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode:
        fail(f"{command[0]} ended with {answer.returncode}: {answer.stderr.strip()}")
    return answer.stdout


if __name__ == "__main__":
    raise SystemExit(main())
